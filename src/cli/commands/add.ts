import { Command } from 'commander';
import type { Criterion } from '../../core/criterion.ts';
import { FirebreakError } from '../../core/errors.ts';
import type { ItemType } from '../../core/itemType.ts';
import type { Severity } from '../../core/severity.ts';
import { addItem } from '../../services/addItem.ts';
import { chooseIncident } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { personNamed } from '../person.ts';
import { madeItem } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { criteriaOption, severityOption, typeOption } from '../words.ts';

interface AddOptions {
  readonly type: ItemType;
  readonly severity: Severity;
  readonly desc?: string;
  readonly owner?: string;
  readonly tag: readonly string[];
  readonly criteria: readonly Criterion[];
  readonly incident?: string;
}

/** The guide's `backlog-add`. */
export function addCommand(cli: Cli): Command {
  return new Command('add')
    .description('Add an item to the backlog. Severity P0 declares an incident.')
    .argument('<title>', 'in one line')
    .addOption(typeOption().default('bug'))
    .addOption(severityOption().default('P2'))
    .option('--desc <markdown>', 'what happens, what should happen; - reads it from stdin')
    .option('--owner <who>', 'like @alice; me for yourself (of a P0: the commander)')
    .option('--tag <tag>', 'may be repeated', (tag: string, before: string[]) => [...before, tag], [])
    .addOption(criteriaOption().default([], 'none'))
    .option('--incident <id>', 'of an action item: the incident that must not happen again; P0 declares nothing then')
    .action(async (title: string, options: AddOptions, command: Command) =>
      perform(cli, command, async (session) => {
        if (options.criteria.length > 0 && options.severity !== 'P0') {
          throw new FirebreakError('invalidInput', 'Criteria are what makes a P0: add --severity P0.');
        }
        const actionOf = options.incident === undefined ? undefined : chooseIncident(session, options.incident);
        const description = options.desc === undefined ? undefined : await spokenText(cli, options.desc);
        const owner = options.owner === undefined ? undefined : await personNamed(session, options.owner);
        const item = await addItem(session.context, {
          title,
          type: options.type,
          severity: options.severity,
          tags: options.tag,
          criteria: options.criteria,
          ...(description === undefined ? {} : { description }),
          ...(owner ? { owner } : {}),
          ...(actionOf ? { actionOf } : {}),
        });
        return madeItem(item);
      }),
    );
}
