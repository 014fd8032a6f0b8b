import * as vscode from 'vscode';
import { OutputTail } from '../../core/outputTail.ts';
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
  readonly #heard: Heard[] = [];
  #execution: vscode.TaskExecution | undefined;
  #isStopped = false;

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
      vscode.window.onDidStartTerminalShellExecution(({ terminal, execution }) => {
        const tail = new OutputTail();
        // Whoever begins to read later misses what came first. Whose it is, is known at the end.
        this.#heard.push({ terminal, tail, printed: readAll(execution, tail).catch(() => undefined) });
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
    const output = await this.#output();
    for (const one of listening) one.dispose();
    this.#onOutput(output);
    return { ...end, signal: undefined, ...(output === '' && end.failure === undefined ? { unheard: true } : {}) };
  }

  /** What came from its process. A terminal that is used again has the id of the one before until that is there. */
  async #output(): Promise<string> {
    const process = await this.#process.promise;
    if (process === undefined) return '';
    for (const { terminal, tail, printed } of this.#heard.toReversed()) {
      if ((await terminal.processId) !== process) continue;
      await Promise.race([printed, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
      return tail.text();
    }
    return '';
  }
}

/** A command that began in some terminal while the task ran. */
interface Heard {
  readonly terminal: vscode.Terminal;
  readonly tail: OutputTail;
  /** Done when all that it printed has come. */
  readonly printed: Promise<void>;
}

async function readAll(execution: vscode.TerminalShellExecution, tail: OutputTail): Promise<void> {
  for await (const piece of execution.read()) tail.add(piece);
}

/** A promise that whoever learns it first answers. */
function answerLater<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let answer: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    answer = resolve;
  });
  return { promise, resolve: (value) => answer(value) };
}
