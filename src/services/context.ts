import { FirebreakError } from '../core/errors.ts';
import { type Incident, type Item, isIncident } from '../core/item.ts';
import type { Now } from '../core/ports/environment.ts';
import type { WorkspaceIndex } from '../store/workspaceIndex.ts';
import type { WorkspaceWriter } from './workspaceWriter.ts';

/** What every use case works with. Nothing here knows whether an editor or a terminal is in front of it. */
export interface ServiceContext {
  readonly index: WorkspaceIndex;
  readonly writer: WorkspaceWriter;
  readonly now: Now;
  /** A new ULID; each is greater than the one before. */
  readonly newId: (epochMs: number) => string;
  /** How the person at this clone is written: `@alice`. */
  readonly author: () => Promise<string>;
  /** The random id of this clone. */
  readonly origin: string;
}

/** @throws FirebreakError `notFound` */
export function requireItem(index: WorkspaceIndex, name: string): Item {
  const item = index.item(name);
  if (!item) {
    throw new FirebreakError(
      'notFound',
      `There is no item "${name}" here. \`firebreak list\` and the Backlog view show all ids.`,
    );
  }
  return item;
}

/** @throws FirebreakError `notFound`, `notAnIncident` */
export function requireIncident(index: WorkspaceIndex, name: string): Incident {
  const item = requireItem(index, name);
  if (!isIncident(item)) {
    throw new FirebreakError(
      'notAnIncident',
      `${item.id} is an item of the backlog, not an incident: declare it first.`,
    );
  }
  return item;
}

/**
 * One line of text from a person: line breaks become spaces, ends are trimmed.
 * @throws FirebreakError `invalidInput` when nothing is left
 */
export function requireText(text: string, what: string): string {
  const line = oneLine(text);
  if (line === '') throw new FirebreakError('invalidInput', `${what} is empty: say at least a word.`);
  return line;
}

/** Markdown from a person as it is kept: LF line ends, ends trimmed. */
export function markdown(text: string): string {
  return text.replace(/\r\n?/g, '\n').trim();
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
