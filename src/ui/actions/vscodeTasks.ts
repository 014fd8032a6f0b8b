import * as vscode from 'vscode';
import type { RunnableAction } from '../../core/runnableAction.ts';
import { type EditorTask, editorActions } from '../../services/actions/editorTasks.ts';
import { findActions } from '../../services/actions/findActions.ts';
import type { OpenSession } from '../session/openRoot.ts';

/** An action, and the task that it is where only VS Code can run it. */
export interface ChosenAction {
  readonly action: RunnableAction;
  readonly task?: vscode.Task;
}

/**
 * The tasks that VS Code knows of beside what was found in files: those of extensions, and those of `tasks.json` that only
 * it can run. It asks all extensions that have some, which takes a moment.
 */
export async function taskActions(session: OpenSession, known: readonly RunnableAction[]): Promise<ChosenAction[]> {
  const tasks = await vscode.tasks.fetchTasks();
  const root = session.root.uri;
  const written = new Map<string, WrittenTasks>();
  const seen = tasks.map((task) => {
    const folder = typeof task.scope === 'object' ? task.scope.uri : root;
    const entries = written.get(folder.toString()) ?? new WrittenTasks(folder);
    written.set(folder.toString(), entries);
    return taskAsSeen(task, entries, tasks, root);
  });
  return editorActions(seen, known).flatMap(({ action, index }) => {
    const task = tasks[index];
    return task ? [{ action, task }] : [];
  });
}

/** An action by its id. VS Code is asked for its tasks only where the id is one of these. */
export async function actionNamed(session: OpenSession, id: string): Promise<ChosenAction | undefined> {
  const known = await findActions(session.files, session.index.policy());
  const action = known.find((one) => one.id === id);
  if (action) return { action };
  return id.startsWith('vscode:')
    ? (await taskActions(session, known)).find((chosen) => chosen.action.id === id)
    : undefined;
}

function taskAsSeen(
  task: vscode.Task,
  entries: WrittenTasks,
  all: readonly vscode.Task[],
  root: vscode.Uri,
): EditorTask {
  const { type, ...rest } = task.definition;
  const entry = entries.of(task);
  const folder =
    typeof task.scope === 'object' && task.scope.uri.toString() !== root.toString() ? task.scope.name : undefined;
  return {
    source: task.source,
    name: task.name,
    folder,
    definition: { type, ...rest },
    command: commandOf(task.execution),
    behind: [
      ...(task.detail ? [task.detail] : []),
      ...surroundings(task.execution),
      ...(entry ? [JSON.stringify(entry)] : [JSON.stringify({ type, ...rest })]),
      ...before(entry, entries, all, new Set([task.name])),
    ],
    isEndless: task.isBackground || (task.execution === undefined && startsOnlyOthers(entry)),
  };
}

/** What runs before it, and before that: a task does what these do, too. */
function before(entry: object | undefined, entries: WrittenTasks, all: readonly vscode.Task[], seen: Set<string>) {
  const lines: string[] = [];
  const wanted = entry && 'dependsOn' in entry ? entry.dependsOn : undefined;
  for (const name of Array.isArray(wanted) ? wanted : [wanted]) {
    if (typeof name !== 'string' || seen.has(name)) continue;
    seen.add(name);
    const task = all.find((one) => one.name === name || `${one.source}: ${one.name}` === name);
    const own = entries.named(name) ?? (task && entries.of(task));
    const what = own ? JSON.stringify(own) : task && (commandOf(task.execution) ?? JSON.stringify(task.definition));
    lines.push(`${name}: ${what ?? '?'}`, ...before(own, entries, all, seen));
  }
  return lines;
}

/** VS Code says of no such task that it has ended well. */
function startsOnlyOthers(entry: object | undefined): boolean {
  return entry !== undefined && 'dependsOn' in entry && !('type' in entry) && !('command' in entry);
}

/** What stands in the `tasks.json` of a folder, of the workspace, and of the user. */
class WrittenTasks {
  readonly #entries: readonly object[];

  constructor(folder: vscode.Uri) {
    const all = vscode.workspace.getConfiguration('tasks', folder).inspect<unknown>('tasks');
    const lists = [all?.workspaceFolderValue, all?.workspaceValue, all?.globalValue];
    this.#entries = lists.flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []));
  }

  named(label: string): object | undefined {
    return this.#entries.find((entry) => 'label' in entry && entry.label === label);
  }

  of({ name, definition }: vscode.Task): object | undefined {
    const names = Object.keys(definition);
    return (
      this.named(name) ??
      this.#entries.find((entry) => {
        const fields: Record<string, unknown> = { ...entry };
        return (
          names.length > 1 && names.every((one) => JSON.stringify(fields[one]) === JSON.stringify(definition[one]))
        );
      })
    );
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function commandOf(execution: vscode.Task['execution']): string | undefined {
  if (execution instanceof vscode.ProcessExecution) return [execution.process, ...execution.args].map(shown).join(' ');
  if (!(execution instanceof vscode.ShellExecution)) return undefined;
  const { commandLine, command, args } = execution;
  if (commandLine !== undefined) return commandLine;
  if (command === undefined) return undefined;
  const [first, ...others] = [command, ...(args ?? [])].map((word) => (typeof word === 'string' ? word : word.value));
  return [first ?? '', ...others.map(shown)].join(' ');
}

function shown(word: string): string {
  return /\s|^$/.test(word) ? JSON.stringify(word) : word;
}

/** Where it runs, and with what beside: a variable decides what a command does as much as its words. */
function surroundings(execution: vscode.Task['execution']): string[] {
  if (!(execution instanceof vscode.ShellExecution || execution instanceof vscode.ProcessExecution)) return [];
  const { cwd, env } = execution.options ?? {};
  const shell = execution instanceof vscode.ShellExecution ? execution.options?.executable : undefined;
  const said = { ...(cwd ? { cwd } : {}), ...(env ? { env } : {}), ...(shell ? { shell } : {}) };
  return Object.keys(said).length > 0 ? [JSON.stringify(said)] : [];
}
