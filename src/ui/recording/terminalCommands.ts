import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { folderName } from '../../core/folderName.ts';
import { OutputTail } from '../../core/outputTail.ts';
import type { Now } from '../../core/ports/environment.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import type { Recording } from './recording.ts';
import type { TaskTerminals } from './taskTerminals.ts';

/** Firebreak's own commands make events of their own. */
const ownCommand = /^\s*(?:npx\s+)?firebreak\s/;

interface Running {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly begin: number;
  readonly tail: OutputTail;
  /** Done when all that it printed has come. */
  readonly printed: Promise<void>;
}

/** The commands of the integrated terminal, as the shell tells them to VS Code. */
export class TerminalCommands implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #recording: Recording;
  readonly #tasks: TaskTerminals;
  readonly #ended: () => void;
  readonly #own: vscode.Disposable[];
  readonly #running = new Map<vscode.TerminalShellExecution, Running>();

  /**
   * @param begun is told of each command that begins while nothing is recorded
   * @param ended is told of each that ended while it is
   */
  constructor(options: {
    root: OpenRoot;
    recording: Recording;
    tasks: TaskTerminals;
    now: Now;
    begun: () => void;
    ended: () => void;
  }) {
    const { root, recording, tasks, now, begun, ended } = options;
    this.#root = root;
    this.#recording = recording;
    this.#tasks = tasks;
    this.#ended = ended;
    this.#own = [
      vscode.window.onDidStartTerminalShellExecution(({ execution }) => {
        if (recording.isOn) this.#begin(execution, now());
        else begun();
      }),
      vscode.window.onDidEndTerminalShellExecution((event) => this.#end(event)),
    ];
  }

  #begin(execution: vscode.TerminalShellExecution, at: number): void {
    const tail = new OutputTail();
    // Whoever begins to read later misses what came first.
    const printed = readAll(execution, tail).catch(() => undefined);
    this.#running.set(execution, { at, begin: performance.now(), tail, printed });
  }

  async #end({ execution, exitCode, terminal }: vscode.TerminalShellExecutionEndEvent): Promise<void> {
    const running = this.#running.get(execution);
    this.#running.delete(execution);
    if (!running) return;
    const duration = Math.round((performance.now() - running.begin) / 100) / 10;
    await running.printed;
    const line = execution.commandLine.value.trim();
    if (line === '' || ownCommand.test(line) || (await this.#tasks.has(terminal))) return;
    const cwd = this.#folder(execution.cwd);
    this.#recording.observe({
      kind: 'command',
      at: running.at,
      text: line,
      // VS Code has it on the shell's word only where the shell could say who it is: fish, by VS Code's own script, can't.
      offScreen: !execution.commandLine.isTrusted,
      duration,
      ...(exitCode === undefined ? {} : { exit: exitCode }),
      ...(cwd === undefined ? {} : { cwd }),
      output: running.tail.text(),
    });
    this.#ended();
  }

  #folder(cwd: vscode.Uri | undefined): string | undefined {
    const root = this.#root.session?.root.uri;
    return cwd && root && folderName(cwd.fsPath, root.fsPath, homedir());
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}

async function readAll(execution: vscode.TerminalShellExecution, tail: OutputTail): Promise<void> {
  for await (const piece of execution.read()) tail.add(piece);
}
