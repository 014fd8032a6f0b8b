import * as vscode from 'vscode';
import { FirebreakError } from '../core/errors.ts';
import type { Log } from '../core/ports/environment.ts';
import { TrackerError } from '../core/ports/issueTracker.ts';
import { remedyOf } from './remedy.ts';

/**
 * The one place where errors reach the user: once, in one sentence that says what to do, with what helps, or else the log,
 * a click away.
 */
export class Reporter {
  readonly #log: Log;
  readonly #showLog: () => void;

  constructor(log: Log, showLog: () => void) {
    this.#log = log;
    this.#showLog = showLog;
  }

  /**
   * Runs something on the user's behalf.
   * @param what as the user calls it
   * @returns undefined when it failed or was cancelled
   */
  async run<T>(what: string, task: () => Promise<T>): Promise<T | undefined> {
    try {
      return await task();
    } catch (error) {
      this.report(what, error);
      return undefined;
    }
  }

  /** Like {@link run} for work that nobody waits for and nobody asked for: it goes to the log alone. */
  background(what: string, task: () => Promise<unknown>): void {
    task().catch((error: unknown) => this.#log.error(what, error));
  }

  report(what: string, error: unknown): void {
    if (FirebreakError.is(error, 'cancelled') || error instanceof vscode.CancellationError) return;
    const remedy = FirebreakError.is(error) ? remedyOf(error) : undefined;
    if (FirebreakError.is(error) && remedy) {
      this.#log.info(`${what}: ${error.message}`);
      vscode.window.showInformationMessage(error.message, remedy.title).then((choice) => {
        if (choice === remedy.title) void vscode.commands.executeCommand(remedy.command, remedy.argument);
      });
      return;
    }
    this.#log.error(what, error);
    const message =
      FirebreakError.is(error) || TrackerError.is(error)
        ? error.message
        : vscode.l10n.t('{0} did not work. The log says why.', what);
    const show = vscode.l10n.t('Show Log');
    vscode.window.showErrorMessage(message, show).then((choice) => {
      if (choice === show) this.#showLog();
    });
  }
}
