import type { ActionParameter, Policy } from '../../core/policy.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import { kindOfName, phasesOfKind, type RunnableAction } from '../../core/runnableAction.ts';
import { decodeText } from '../../documents/decodeText.ts';
import { readMakefile } from '../../documents/found/makefile.ts';
import { readScripts } from '../../documents/found/packageScripts.ts';
import { readEditorTasks, readTasks } from '../../documents/found/tasksFile.ts';

/** Larger files of this sort are generated, and nobody's list of what to do at night. */
const mostBytes = 1_000_000;
const tasksPath = '.vscode/tasks.json';

/** The deploy freeze needs no command: what it says counts. */
const freezes: readonly RunnableAction[] = (['set', 'lift'] as const).map((freeze) => ({
  id: `freeze-${freeze}`,
  title: freeze === 'set' ? 'Freeze deployments' : 'Lift the deploy freeze',
  kind: 'mitigation',
  freeze,
  phases: freeze === 'set' ? ['triage', 'respond', 'mitigate'] : ['verify', 'rca'],
  command: undefined,
  cwd: '',
  risk: 'low',
  confirm: undefined,
  parameters: [],
  collect: [],
  timeout: null,
  source: 'built-in',
  behind: '',
}));

/**
 * Everything that a team can run: what its policy says, then what is found in `Makefile`, `package.json` and
 * `.vscode/tasks.json` of the root folder. Reads, and runs nothing.
 */
export async function findActions(files: Files, policy: Policy): Promise<RunnableAction[]> {
  const named = policy.actions.map((action): RunnableAction => ({ ...action, source: 'policy', behind: '' }));
  const [makefile, scripts, tasks] = await Promise.all([
    firstText(files, ['GNUmakefile', 'makefile', 'Makefile']),
    firstText(files, ['package.json']),
    firstText(files, [tasksPath]),
  ]);
  const found = [...makeActions(makefile), ...npmActions(scripts), ...taskActions(tasks)];
  // A command that the policy names has its title and its risk from there.
  const own = new Set(named.map(({ command }) => command));
  const hasFreeze = (freeze: 'set' | 'lift' | undefined) => named.some((action) => action.freeze === freeze);
  return [
    ...named,
    ...found.filter(({ command }) => !own.has(command)),
    ...freezes.filter(({ freeze }) => !hasFreeze(freeze)),
  ];
}

/** The tasks of `.vscode/tasks.json` that {@link findActions} leaves out, since nobody but VS Code can run them. */
export async function tasksForEditor(files: Files): Promise<string[]> {
  return readEditorTasks(await firstText(files, [tasksPath]));
}

function makeActions(source: string): RunnableAction[] {
  return (
    readMakefile(source)
      // Firebreak's own targets are commands already, and a list of targets is what is being made.
      .filter(({ name, recipe }) => name !== 'help' && recipe !== '' && !/(?:^|[\s@/-])firebreak\b/.test(recipe))
      .map(({ name, help, parameters, recipe }) => {
        const assignments = parameters.map((parameter) => ` ${parameter.name}=\${${parameter.name}}`).join('');
        return action(name, {
          id: `make:${name}`,
          title: help === '' ? name : `${help.slice(0, 1).toUpperCase()}${help.slice(1)}`,
          command: `make ${name}${assignments}`,
          parameters: parameters.map((parameter) => asked(parameter.name, parameter.value)),
          source: 'make',
          behind: recipe.trimEnd(),
        });
      })
  );
}

function npmActions(source: string): RunnableAction[] {
  return readScripts(source)
    .filter(({ name }) => /^[\w:.-]+$/.test(name))
    .map(({ name, script }) =>
      action(name, {
        id: `npm:${name}`,
        title: name,
        command: `npm run ${name}`,
        parameters: [],
        source: 'npm',
        behind: script,
      }),
    );
}

function taskActions(source: string): RunnableAction[] {
  return readTasks(source).map(({ label, command, detail }) =>
    action(label, { id: `task:${label}`, title: detail || label, command, parameters: [], source: 'task', behind: '' }),
  );
}

type Found = Pick<RunnableAction, 'id' | 'title' | 'command' | 'parameters' | 'source' | 'behind'>;

function action(name: string, found: Found): RunnableAction {
  const kind = kindOfName(name);
  return {
    ...found,
    kind,
    phases: phasesOfKind(kind),
    freeze: undefined,
    cwd: '',
    // A check changes nothing; of all else one can't know.
    risk: kind === 'check' ? 'low' : 'high',
    confirm: undefined,
    collect: [],
    timeout: null,
  };
}

function asked(name: string, value: string): ActionParameter {
  return { name, title: name, default: value === '' ? undefined : value, options: [], required: value !== '' };
}

/** The first of these files that is there; empty where none can be read. */
async function firstText(files: Files, names: readonly string[]): Promise<string> {
  for (const name of names) {
    try {
      const stat = await files.stat(name);
      if (stat?.kind !== 'file' || stat.size > mostBytes) continue;
      const decoded = decodeText(await files.read(name));
      return 'text' in decoded ? decoded.text : '';
    } catch (error) {
      if (!FileError.is(error)) throw error;
    }
  }
  return '';
}
