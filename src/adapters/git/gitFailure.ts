import { FirebreakError } from '../../core/errors.ts';

/** Why git did not do it. */
export type GitFailureReason =
  /** There is no git program. */
  | 'notInstalled'
  /** The folder is in no repository, or in none that git accepts. */
  | 'notRepository'
  /** A merge, rebase or the like is under way, or files are in conflict. */
  | 'operation'
  /** Another git command holds `index.lock`. */
  | 'locked'
  /** Git does not know who commits. */
  | 'identity'
  | 'hook'
  | 'detached'
  | 'noRemote'
  | 'authentication'
  | 'network'
  | 'timeout'
  /** The server has no such repository, or shows it to nobody unknown. */
  | 'noSuchRepository'
  /** The server does not take what was pushed. */
  | 'refused'
  /** Others kept pushing first. */
  | 'overtaken'
  | 'conflict'
  /** The merge would overwrite what is not committed. */
  | 'wouldOverwrite'
  | 'unrelated'
  | 'other';

export interface GitFailureDetails {
  /** The files that are in the way, relative to the work tree's top. */
  readonly files?: readonly string[];
  readonly exitCode?: number;
  /** What git wrote to its error output; no password that an address held. */
  readonly output?: string;
  readonly cause?: unknown;
}

/** The cause of a {@link FirebreakError} of git, for the log and for callers that act on the reason. */
export class GitFailure extends Error {
  readonly reason: GitFailureReason;
  readonly files: readonly string[];
  readonly exitCode: number | undefined;
  readonly output: string;

  constructor(reason: GitFailureReason, details: GitFailureDetails = {}) {
    super(details.output?.trim() || reason, { cause: details.cause });
    this.name = 'GitFailure';
    this.reason = reason;
    this.files = details.files ?? [];
    this.exitCode = details.exitCode;
    this.output = details.output ?? '';
  }
}

const codes: Partial<Record<GitFailureReason, 'noGit' | 'gitBusy'>> = {
  notInstalled: 'noGit',
  notRepository: 'noGit',
  operation: 'gitBusy',
  locked: 'gitBusy',
};

/** @param sentence what the user reads: what happened and what to do */
export function gitFailed(reason: GitFailureReason, sentence: string, details: GitFailureDetails = {}): FirebreakError {
  const safe = details.output === undefined ? details : { ...details, output: withoutSecrets(details.output) };
  return new FirebreakError(codes[reason] ?? 'gitFailed', withoutSecrets(sentence), {
    cause: new GitFailure(reason, safe),
  });
}

/** Takes passwords out of the addresses in a text, and user names where those are tokens at times. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(\bhttps?:\/\/)[^/\s@]+@/gi, '$1')
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^/\s@:]*):[^/\s@]*@/gi, '$1@');
}

/** The last line that says something, without a full stop: it becomes part of a sentence. */
export function lastLine(output: string): string {
  const lines = output
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (lines.at(-1) ?? '').replace(/\.$/, '');
}

/** At most three names and how many more there are. */
export function someOf(files: readonly string[]): string {
  const shown = files.slice(0, 3).join(', ');
  return files.length > 3 ? `${shown} and ${files.length - 3} more` : shown;
}
