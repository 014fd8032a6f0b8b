import * as vscode from 'vscode';
import type { RunEvent } from '../../core/timelineEvent.ts';
import type { StartedAction } from '../../services/actions/runAction.ts';

const { t } = vscode.l10n;

/** What a terminal can show in the time between two looks at it; more is left out there, and the tail is on record. */
const mostShown = 128 * 1024;
const flushEveryMs = 50;

/** A terminal that shows an action while it runs. Closing it, or Ctrl+C, stops the action. */
export class ActionTerminal implements vscode.Pseudoterminal {
  readonly #write = new vscode.EventEmitter<string>();
  readonly #close = new vscode.EventEmitter<number>();
  readonly #start: (onOutput: (text: string) => void) => Promise<StartedAction>;
  readonly #ended: (event: RunEvent | Error) => void;
  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;
  #started: StartedAction | undefined;
  #waiting = '';
  #leftOut = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    start: (onOutput: (text: string) => void) => Promise<StartedAction>,
    ended: (event: RunEvent | Error) => void,
  ) {
    this.#start = start;
    this.#ended = ended;
  }

  open(): void {
    void this.#run();
  }

  /** Called when somebody closes the terminal or ends the task: the event says that it was stopped. */
  close(): void {
    this.#isClosed = true;
    this.#started?.process?.stop();
  }

  handleInput(data: string): void {
    if (data.includes('\u0003')) this.#started?.process?.stop();
    else {
      this.#write.fire(data.replaceAll('\r', '\r\n'));
      this.#started?.process?.input(data.replaceAll('\r', '\n'));
    }
  }

  async #run(): Promise<void> {
    let code = 1;
    try {
      this.#started = await this.#start((text) => this.#show(text));
      const { run } = this.#started;
      if (this.#isClosed) this.#started.process?.stop();
      if (run.command !== undefined) this.#show(`> ${run.command}\n`);
      const event = await this.#started.recorded;
      code = event.exit ?? 1;
      this.#flush();
      const how =
        event.exit === undefined ? t('Stopped') : event.exit === 0 ? t('Done') : t('Exit code {0}', event.exit);
      this.#write.fire(
        `\r\n\u001b[2m${t('{0}, after {1} s. It is in the timeline.', how, event.duration ?? 0)}\u001b[0m\r\n`,
      );
      this.#ended(event);
    } catch (error) {
      this.#flush();
      this.#ended(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#close.fire(code);
    }
  }

  #show(text: string): void {
    this.#waiting += text;
    if (this.#waiting.length > mostShown) {
      const tooMany = this.#waiting.length - mostShown;
      this.#leftOut += tooMany;
      this.#waiting = this.#waiting.slice(tooMany);
    }
    this.#timer ??= setTimeout(() => this.#flush(), flushEveryMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting === '') return;
    const note =
      this.#leftOut > 0 ? `\r\n\u001b[2m… ${t('{0} characters are not shown', this.#leftOut)} …\u001b[0m\r\n` : '';
    this.#write.fire(note + this.#waiting.replace(/\r?\n/g, '\r\n'));
    this.#waiting = '';
    this.#leftOut = 0;
  }
}
