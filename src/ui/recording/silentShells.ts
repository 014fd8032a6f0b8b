import * as vscode from 'vscode';
import { second } from '../../core/time.ts';
import type { Recording } from './recording.ts';
import type { TaskTerminals } from './taskTerminals.ts';

const { t } = vscode.l10n;

/** By then a shell that tells VS Code its commands has said so. */
const patience = 10 * second;
const toldKey = 'firebreak.toldSilentShell';
const help = 'https://code.visualstudio.com/docs/terminal/shell-integration';

/** Says once that a shell does not tell its commands, so that nobody relies on a record that is not made. */
export class SilentShells implements vscode.Disposable {
  readonly #recording: Recording;
  readonly #tasks: TaskTerminals;
  readonly #memory: vscode.Memento;
  readonly #own: vscode.Disposable[];
  readonly #timers = new Set<NodeJS.Timeout>();
  #wasOn = false;

  constructor(recording: Recording, tasks: TaskTerminals, memory: vscode.Memento) {
    this.#tasks = tasks;
    this.#recording = recording;
    this.#memory = memory;
    this.#own = [
      vscode.window.onDidOpenTerminal((terminal) => this.#lookLater(terminal)),
      recording.onDidChange(() => {
        if (recording.isOn && !this.#wasOn) for (const terminal of vscode.window.terminals) this.#lookLater(terminal);
        this.#wasOn = recording.isOn;
      }),
    ];
  }

  #lookLater(terminal: vscode.Terminal): void {
    // Another extension's terminal is no shell.
    if (!this.#recording.isOn || this.#memory.get(toldKey) || 'pty' in terminal.creationOptions) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#look(terminal);
    }, patience);
    this.#timers.add(timer);
  }

  async #look(terminal: vscode.Terminal): Promise<void> {
    const isNone = terminal.exitStatus !== undefined || (await this.#tasks.has(terminal));
    if (isNone || terminal.shellIntegration || !this.#recording.isOn || this.#memory.get(toldKey)) return;
    this.#memory.update(toldKey, true);
    const how = t('How to Change That');
    vscode.window
      .showInformationMessage(
        t('The shell in the terminal "{0}" does not tell VS Code its commands: they are not recorded.', terminal.name),
        how,
      )
      .then((answer) => {
        if (answer === how) vscode.env.openExternal(vscode.Uri.parse(help));
      });
  }

  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const disposable of this.#own) disposable.dispose();
  }
}
