import { CommanderError } from 'commander';
import { FirebreakError } from '../core/errors.ts';
import { TrackerError } from '../core/ports/issueTracker.ts';
import { plainText } from './plainText.ts';

/** A command that did some of its work, and printed what it did. */
export class CommandFailed extends Error {
  readonly code: string;

  /** @param code as programs compare it */
  constructor(code: string, message: string) {
    super(message);
    this.name = 'CommandFailed';
    this.code = code;
  }
}

/** A command that was run for a person ended so; its exit code is ours. */
export class CommandExit extends Error {
  readonly exit: number;

  /** @param cause what went wrong beside it, to be told */
  constructor(exit: number, cause?: unknown) {
    super(`exit ${exit}`, { cause });
    this.name = 'CommandExit';
    this.exit = exit;
  }
}

/** What went wrong, as it is told and as the shell learns it. */
export interface Failure {
  /** An error code of Firebreak, `github.<reason>`, `usage`, or `internal`. */
  readonly code: string;
  /** One sentence that says what to do. */
  readonly message: string;
  /** 1: it failed; 2: the command line is wrong. */
  readonly exitCode: 1 | 2;
}

/** Reads a thrown value. What is not one of our own errors is a bug, and is told as one. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '');
    return { code: 'usage', message: plainText(message), exitCode: 2 };
  }
  if (FirebreakError.is(error, 'invalidInput')) {
    return { code: 'usage', message: plainText(error.message), exitCode: 2 };
  }
  if (error instanceof CommandFailed) return { code: error.code, message: plainText(error.message), exitCode: 1 };
  if (FirebreakError.is(error)) return { code: error.code, message: plainText(error.message), exitCode: 1 };
  if (TrackerError.is(error)) {
    return { code: `github.${error.reason}`, message: plainText(error.message), exitCode: 1 };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: plainText(`this is a bug in Firebreak: ${message}`), exitCode: 1 };
}
