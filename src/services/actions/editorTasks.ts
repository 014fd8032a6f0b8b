import { kindOfName, phasesOfKind, type RunnableAction } from '../../core/runnableAction.ts';

/** A task as VS Code tells of it: one of an extension, or one of `tasks.json` that only VS Code can run. */
export interface EditorTask {
  /** Whose it is: `npm`, `gulp`; `Workspace` for `tasks.json`, `User` for that of the user. */
  readonly source: string;
  readonly name: string;
  /** The name of its folder, where that is not the root folder. */
  readonly folder: string | undefined;
  /** What makes it what it is, `type` first. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** The command line, where VS Code tells it. */
  readonly command: string | undefined;
  /** All else that is known of what it does, one thing a line: it was seen once all of it was. */
  readonly behind: readonly string[];
  /** Whether VS Code tells of no end: it is meant to run for ever, or does nothing but start others. */
  readonly isEndless: boolean;
}

/** Of `tasks.json`, and of the user's own. */
const written: readonly string[] = ['Workspace', 'User'];

/**
 * The tasks of VS Code as actions, without those that are among the known ones already, which also say what they print.
 * @param known what was found without VS Code
 * @returns each with the place of its task in the list
 */
export function editorActions(
  tasks: readonly EditorTask[],
  known: readonly RunnableAction[],
): readonly { readonly action: RunnableAction; readonly index: number }[] {
  const ids = new Set(known.map(({ id }) => id));
  const commands = new Set(known.map(({ command }) => command));
  const taken = new Map<string, number>();
  return tasks.flatMap((task, index) => {
    if (task.isEndless || isKnown(task, ids, commands)) return [];
    const base = idOf(task);
    const count = (taken.get(base) ?? 0) + 1;
    taken.set(base, count);
    return [{ action: actionOf(task, count === 1 ? base : `${base}#${count}`), index }];
  });
}

function isKnown(task: EditorTask, ids: ReadonlySet<string>, commands: ReadonlySet<string | undefined>): boolean {
  if (task.folder !== undefined) return false;
  const { type, script, path } = task.definition;
  if (type === 'npm' && !written.includes(task.source)) return path === undefined && ids.has(`npm:${script}`);
  if (task.source === 'Workspace') return ids.has(`task:${task.name}`);
  return task.command !== undefined && commands.has(task.command);
}

function idOf({ source, name, folder }: EditorTask): string {
  return `vscode:${[source, ...(folder === undefined ? [] : [folder]), name].join(':').replace(/\s+/g, ' ')}`;
}

function actionOf(task: EditorTask, id: string): RunnableAction {
  const kind = kindOfName(task.name);
  const label = written.includes(task.source) ? task.name : `${task.source}: ${task.name}`;
  return {
    id,
    title: task.folder === undefined ? label : `${label} (${task.folder})`,
    kind,
    source: 'vscode',
    phases: phasesOfKind(kind),
    freeze: undefined,
    command: task.command ?? definitionLine(task.definition),
    cwd: '',
    // As with all that is found: a check changes nothing; of all else one can't know.
    risk: kind === 'check' ? 'low' : 'high',
    confirm: undefined,
    parameters: [],
    collect: [],
    timeout: null,
    behind: task.behind.join('\n'),
  };
}

/** `gulp {"task":"deploy"}`: for a task that no command line is known of. */
function definitionLine({ type, ...rest }: EditorTask['definition']): string {
  return `${String(type)} ${JSON.stringify(rest)}`;
}
