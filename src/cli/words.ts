import { Argument, InvalidArgumentError, Option } from 'commander';
import { criteria } from '../core/criterion.ts';
import { FirebreakError } from '../core/errors.ts';
import { itemTypes } from '../core/itemType.ts';
import { phases } from '../core/phase.ts';
import { roles } from '../core/role.ts';
import { isSeverity, type Severity, severities } from '../core/severity.ts';
import { statuses } from '../core/status.ts';
import { parseInstant } from '../core/time.ts';

/** Reads one word of a closed set, in any case. @throws FirebreakError `invalidInput` */
export function oneWordOf<T extends string>(words: readonly T[], text: string, what: string): T {
  const found = words.find((word) => word.toLowerCase() === text.trim().toLowerCase());
  if (found === undefined) {
    throw new FirebreakError('invalidInput', `"${text}" is no ${what}: choose one of ${words.join(', ')}.`);
  }
  return found;
}

/** Reads words of a closed set with commas between them, added to those of the same option before. */
function wordsOf<T extends string>(words: readonly T[], what: string): (text: string, before?: readonly T[]) => T[] {
  return (text, before = []) => [
    ...new Set([
      ...before,
      ...text
        .split(',')
        .filter((word) => word.trim() !== '')
        .map((word) => argument(() => oneWordOf(words, word, what))),
    ]),
  ];
}

/** An option's own parser tells commander what is wrong, so that the message names the option. */
function argument<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw FirebreakError.is(error) ? new InvalidArgumentError(error.message) : error;
  }
}

export const typeOption = () =>
  new Option('--type <type>', itemTypes.join(', ')).argParser((text) =>
    argument(() => oneWordOf(itemTypes, text, 'type')),
  );

export const severityOption = () =>
  new Option('--severity <severity>', severities.join(', ')).argParser((text) => argument(() => readSeverity(text)));

export const severitiesOption = () =>
  new Option('--severity <severities>', `only these, with commas between: ${severities.join(',')}`).argParser(
    wordsOf(severities, 'severity'),
  );

export const statusesOption = () =>
  new Option('--status <statuses>', `only these, with commas between: ${statuses.join(',')}`).argParser(
    wordsOf(statuses, 'status'),
  );

export const typesOption = () =>
  new Option('--type <types>', `only these, with commas between: ${itemTypes.join(',')}`).argParser(
    wordsOf(itemTypes, 'type'),
  );

export const criteriaOption = () =>
  new Option('--criteria <criteria>', `what makes it a P0, with commas between: ${criteria.join(',')}`).argParser(
    wordsOf(criteria, 'criterion'),
  );

/** When it happened. Without an offset it is UTC, as all times on disk are. Epoch milliseconds. */
export const atOption = () =>
  new Option('--at <time>', 'when it happened, like 2025-09-23T14:32Z (default: now)').argParser((text) => {
    const at = parseInstant(text);
    if (at === undefined) throw new InvalidArgumentError(`"${text}" is no time: write it like 2025-09-23T14:32Z.`);
    return at;
  });

/** Reads a severity: `P1`, `p1` or `1`. @throws FirebreakError `invalidInput` */
export function readSeverity(text: string): Severity {
  const prefixed = `P${text.trim()}`;
  return isSeverity(prefixed) ? prefixed : oneWordOf(severities, text, 'severity');
}

export const phaseWords = ['next', ...phases] as const;

/** Which incident, where it may be left out. */
export const incidentArgument = () => new Argument('[id]', 'the incident; may be left out while exactly one is open');

export const roleWords = roles.join(', ');
