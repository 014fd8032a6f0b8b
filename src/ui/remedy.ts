import type { FirebreakError } from '../core/errors.ts';
import type { CommandId } from './contributions.ts';

/** What helps at once, as a button of the message. */
export interface Remedy {
  readonly title: string;
  readonly command: CommandId | 'workbench.trust.manage';
  /** What the command is called on. */
  readonly argument?: string;
}

const key = 'remedy';

/** Nothing failed: something has to be there first, and one click makes it. The message is then no error. */
export function withRemedy(error: FirebreakError, remedy: Remedy): FirebreakError {
  return Object.assign(error, { [key]: remedy });
}

/** Found by its key, since each bundle has classes of its own. */
export function remedyOf(error: FirebreakError): Remedy | undefined {
  return key in error ? (error[key] as Remedy) : undefined;
}
