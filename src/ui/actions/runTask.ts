import * as vscode from 'vscode';
import type { ProcessEnd, Processes, RunningProcess } from '../../core/ports/processes.ts';

/** What a terminal still holds of the output comes within this of the end of its task. */
const patienceMs = 1_000;

/**
 * A task of VS Code in the place of a command of this machine: VS Code runs it, in a terminal of its own and by its own rules.
 * @param own the tasks that become events by themselves: nobody else is to record them
 */
export function taskProcesses(task: vscode.Task, own: WeakSet<vscode.Task>, machine: Processes): Processes {
  return {
    shell: machine.shell,
    isAlive: (pid) => machine.isAlive(pid),
    start: (_command, _cwd, onOutput) => {
      own.add(task);
      return new RunningTask(task, onOutput);
    },
  };
}

/** A task from its start to its end, with its output where its terminal tells that to VS Code. */
class RunningTask implements RunningProcess {
  readonly pid = undefined;
  readonly ended: Promise<ProcessEnd>;
  readonly #task: vscode.Task;
  readonly #onOutput: (text: string) => void;
  readonly #process = answerLater<number | undefined>();
  readonly #end = answerLater<Pick<ProcessEnd, 'exit' | 'failure'>>();
  readonly #hearing: Promise<void>[] = [];
  #execution: vscode.TaskExecution | undefined;
  #isStopped = false;
  #isHeard = false;

  constructor(task: vscode.Task, onOutput: (text: string) => void) {
    this.#task = task;
    this.#onOutput = onOutput;
    this.ended = this.#run();
  }

  input(): void {
    // It has a terminal of its own.
  }

  stop(): void {
    this.#isStopped = true;
    this.#execution?.terminate();
  }

  async #run(): Promise<ProcessEnd> {
    const isOurs = ({ execution }: { readonly execution: vscode.TaskExecution }) =>
      execution === this.#execution || execution.task === this.#task;
    const listening = [
      vscode.tasks.onDidStartTaskProcess((event) => {
        if (isOurs(event)) this.#process.resolve(event.processId);
      }),
      vscode.tasks.onDidEndTaskProcess((event) => {
        if (isOurs(event)) this.#end.resolve({ exit: event.exitCode, failure: undefined });
      }),
      // Without a process before it: one of those that it depends on failed.
      vscode.tasks.onDidEndTask((event) => {
        if (isOurs(event)) this.#end.resolve({ exit: undefined, failure: undefined });
      }),
      vscode.window.onDidStartTerminalShellExecution((event) => {
        this.#hearing.push(this.#hear(event).catch(() => undefined));
      }),
    ];
    try {
      this.#execution = await vscode.tasks.executeTask(this.#task);
      if (this.#isStopped) this.#execution.terminate();
    } catch (error) {
      this.#end.resolve({ exit: undefined, failure: error instanceof Error ? error.message : String(error) });
    }
    const end = await this.#end.promise;
    this.#process.resolve(undefined);
    await Promise.race([Promise.all(this.#hearing), new Promise((resolve) => setTimeout(resolve, patienceMs))]);
    for (const one of listening) one.dispose();
    return { ...end, signal: undefined, ...(this.#isHeard ? {} : { unheard: true }) };
  }

  async #hear({ terminal, execution }: vscode.TerminalShellExecutionStartEvent): Promise<void> {
    // Asked for at once: who asks later misses what came first. Whose it is, is known a moment after.
    const output = execution.read();
    const [process, own] = await Promise.all([terminal.processId, this.#process.promise]);
    if (process === undefined || process !== own) return;
    this.#isHeard = true;
    for await (const piece of output) this.#onOutput(piece);
  }
}

/** A promise that whoever learns it first answers. */
function answerLater<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let answer: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    answer = resolve;
  });
  return { promise, resolve: (value) => answer(value) };
}
