import * as vscode from 'vscode';

/** Beyond these the first are of no interest any more. */
const mostRemembered = 500;

/**
 * Which terminals are a task's. Their shells may tell VS Code their commands like any other, and a task is not to be
 * recorded twice; nor is a terminal of a task without such a shell anything to speak of.
 */
export class TaskTerminals implements vscode.Disposable {
  readonly #processes = new Set<number>();
  readonly #listening = vscode.tasks.onDidStartTaskProcess(({ processId }) => {
    this.#processes.add(processId);
    const [first] = this.#processes;
    if (first !== undefined && this.#processes.size > mostRemembered) this.#processes.delete(first);
  });

  async has(terminal: vscode.Terminal): Promise<boolean> {
    const process = await terminal.processId;
    return process !== undefined && this.#processes.has(process);
  }

  dispose(): void {
    this.#listening.dispose();
  }
}
