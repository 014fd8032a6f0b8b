import * as vscode from 'vscode';
import type { Now } from '../../core/ports/environment.ts';
import type { Recording } from './recording.ts';

const { t } = vscode.l10n;

interface Begun {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly begin: number;
}

/** Tasks and debug sessions of this window. */
export class TasksAndDebugging implements vscode.Disposable {
  readonly #own: vscode.Disposable[];
  readonly #tasks = new Map<vscode.TaskExecution, Begun>();
  readonly #sessions = new Map<string, Begun>();

  /**
   * @param own tasks that become events by themselves
   * @param ended is told when one ended while recording is on
   */
  constructor(recording: Recording, own: WeakSet<vscode.Task>, now: Now, ended: () => void) {
    const begun = (): Begun => ({ at: now(), begin: performance.now() });
    this.#own = [
      vscode.tasks.onDidStartTaskProcess(({ execution }) => {
        if (recording.isOn && !isOwn(execution.task, own)) this.#tasks.set(execution, begun());
      }),
      vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        const found = this.#tasks.get(execution);
        this.#tasks.delete(execution);
        if (!found) return;
        const exit = exitCode === undefined ? {} : { exit: exitCode };
        recording.observe({ kind: 'task', ...since(found), text: t('Task {0}', execution.task.name), ...exit });
        ended();
      }),
      vscode.debug.onDidStartDebugSession((session) => {
        // A child is a part of what the person began.
        if (recording.isOn && !session.parentSession) this.#sessions.set(session.id, begun());
      }),
      vscode.debug.onDidTerminateDebugSession((session) => {
        const found = this.#sessions.get(session.id);
        this.#sessions.delete(session.id);
        if (found) recording.observe({ kind: 'debug', ...since(found), text: t('Debugged {0}', session.name) });
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}

function since({ at, begin }: Begun): { at: number; duration: number } {
  return { at, duration: Math.round((performance.now() - begin) / 100) / 10 };
}

/** Actions of the incident room are tasks that write events of their own. */
function isOwn(task: vscode.Task, own: WeakSet<vscode.Task>): boolean {
  return own.has(task) || task.definition.type.startsWith('firebreak');
}
