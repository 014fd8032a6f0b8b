import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import { roles } from '../../core/role.ts';
import type { Task } from '../../core/tasks.ts';
import { addTask, changeTask, handOver, incidentTasks } from '../../services/tasks.ts';
import type { CommandId } from '../contributions.ts';
import { askLine, askOne } from '../multiStep.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import type { TimelinePanels } from '../timeline/timelinePanels.ts';
import { roleNames } from '../words.ts';
import { askPerson } from './askPerson.ts';
import { chooseIncident } from './chooseIncident.ts';

const { t } = vscode.l10n;

type Handler = (argument: unknown, more?: unknown) => Promise<void>;

/** Who does what now, and who goes on with it. */
export function taskCommands(root: OpenRoot, panels: TimelinePanels) {
  const choose = async (argument: unknown, title: string) => {
    const session = await root.requireTrusted();
    return { session, incident: await chooseIncident(session, argument, { title, shown: panels.activeUid }) };
  };
  return {
    'firebreak.addTask': async (argument) => {
      const title = t('Assign Task');
      const { session, incident } = await choose(argument, title);
      const owner = await askPerson(session, title, undefined);
      const text = await askLine({
        title: t('Task for {0}', owner),
        prompt: t('What is to be done?'),
        required: t('Say at least a word.'),
      });
      await addTask(session.context, incident, owner, text);
    },
    'firebreak.changeTask': async (argument) => {
      const title = t('Change Task');
      const { session, incident } = await choose(argument, title);
      const task = await taskOf(session, incident, argument);
      const done = { how: 'done' as const, label: `$(pass) ${t('Done')}` };
      const { how } = await askOne<vscode.QuickPickItem & { how: 'done' | 'open' | 'dropped' | 'owner' }>({
        title,
        placeholder: task.text,
        items: [
          ...(task.state === 'open' ? [done] : [{ how: 'open' as const, label: `$(circle-large) ${t('Open again')}` }]),
          { how: 'owner', label: `$(person) ${t('Give it to…')}`, description: task.owner },
          ...(task.state === 'open' ? [{ how: 'dropped' as const, label: `$(circle-slash) ${t('Drop it')}` }] : []),
        ],
      });
      const change =
        how === 'owner' ? { owner: await askPerson(session, title, task.owner || undefined) } : { state: how };
      await changeTask(session.context, incident, task, change);
    },
    'firebreak.tickTask': async (argument, isDone) => {
      const { session, incident } = await choose(argument, t('Change Task'));
      const task = await taskOf(session, incident, argument);
      await changeTask(session.context, incident, task, { state: isDone === false ? 'open' : 'done' });
    },
    'firebreak.handOver': async (argument) => {
      const title = t('Hand Over');
      const { session, incident } = await choose(argument, title);
      const me = await session.context.author();
      const { role } = await askOne({
        title,
        placeholder: t('Which role is handed over?'),
        items: roles
          .filter((role) => incident.incident.roles[role] !== undefined)
          .sort(
            (left, right) =>
              Number(incident.incident.roles[right] === me) - Number(incident.incident.roles[left] === me),
          )
          .map((role) => ({ role, label: roleNames[role], description: incident.incident.roles[role] ?? '' })),
      });
      const person = await askPerson(session, roleNames[role], incident.incident.roles[role]);
      if (person === '') throw new FirebreakError('invalidInput', t('Name who takes over.'));
      const prompt = t('What should {0} know? The open tasks are listed anyway. May be empty.', person);
      const text = await askLine({ title, prompt });
      await handOver(session.context, incident, role, person, text);
    },
  } satisfies Partial<Record<CommandId, Handler>>;
}

/** The task of a row, else asked for. @throws FirebreakError `notFound`, `cancelled` */
async function taskOf(session: OpenSession, incident: Incident, argument: unknown): Promise<Task> {
  const tasks = await incidentTasks(session.context, incident);
  const id = typeof argument === 'object' && argument !== null && 'task' in argument ? argument.task : undefined;
  const named = tasks.find((task) => task.id === id);
  if (named) return named;
  if (tasks.length === 0)
    throw new FirebreakError('notFound', t('There are no tasks: "Incident: Assign Task" makes one.'));
  const items = tasks.map((task) => ({
    task,
    label: `$(${task.state === 'open' ? 'circle-large' : 'pass'}) ${task.text.split('\n')[0] ?? ''}`,
    description: task.owner,
  }));
  return (await askOne({ title: t('Change Task'), placeholder: t('Which task?'), items })).task;
}
