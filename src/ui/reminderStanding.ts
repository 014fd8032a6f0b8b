import * as vscode from 'vscode';

/** What is due, in words, for the status bar and the badge: they tell it also where notifications are turned off. */
export class ReminderStanding implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  #lines: readonly string[] = [];
  readonly onDidChange = this.#changed.event;

  /** One for each thing that is due, the most urgent first. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  show(lines: readonly string[]): void {
    if (lines.length === this.#lines.length && lines.every((line, index) => line === this.#lines[index])) return;
    this.#lines = lines;
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
