import { readCommentedJson } from '../commentedJson.ts';

/** A task of `.vscode/tasks.json` that is nothing but a command line. */
export interface FileTask {
  readonly label: string;
  readonly command: string;
  readonly detail: string;
}

/**
 * The tasks whose command line stands in the file. Those with inputs, variables of the editor or their own types can only be run
 * by VS Code itself, and those that never end are no actions.
 */
export function readTasks(source: string): FileTask[] {
  return entriesOf(source).flatMap((task) => readTask(task) ?? []);
}

/** The names of those that end, and that only VS Code can run. */
export function readEditorTasks(source: string): string[] {
  return entriesOf(source).flatMap((task) =>
    readTask(task) === undefined && field(task, 'isBackground') !== true ? (nameOf(task) ?? []) : [],
  );
}

function entriesOf(source: string): readonly unknown[] {
  const tasks = field(parse(source), 'tasks');
  return Array.isArray(tasks) ? tasks : [];
}

/** VS Code names a task without a label after its type and what it does: `npm: build`. */
function nameOf(task: unknown): string | undefined {
  const [label, type] = [field(task, 'label'), field(task, 'type')];
  // It does nothing but start others.
  if (type === undefined && field(task, 'command') === undefined) return undefined;
  if (typeof label === 'string') return label;
  const what = field(task, 'script') ?? field(task, 'task');
  return typeof type === 'string' && typeof what === 'string' ? `${type}: ${what}` : undefined;
}

function readTask(task: unknown): FileTask | undefined {
  const [label, type, command] = [field(task, 'label'), field(task, 'type'), field(task, 'command')];
  if (typeof label !== 'string' || typeof command !== 'string' || field(task, 'isBackground') === true)
    return undefined;
  if (type !== 'shell' && type !== 'process') return undefined;
  const given = field(task, 'args');
  const args = Array.isArray(given) ? given : [];
  if (!args.every((argument) => typeof argument === 'string')) return undefined;
  // A shell's command is a line of its own; a process and arguments are single words.
  const first = type === 'shell' ? command : quoted(command);
  const line = [first, ...args.map(quoted)].join(' ');
  if (/\$\{/.test(line) || field(task, 'options') !== undefined) return undefined;
  const detail = field(task, 'detail');
  return { label, command: line, detail: typeof detail === 'string' ? detail : '' };
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replace(/(["\\$`])/g, '\\$1')}"`;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function parse(source: string): unknown {
  try {
    return readCommentedJson(source);
  } catch {
    return undefined;
  }
}
