import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import { roles } from '../../core/role.ts';
import type { Task } from '../../core/tasks.ts';
import { nameEnding } from '../../documents/eventDocument.ts';
import { oneLine } from '../../services/context.ts';
import { addTask, changeTask, handOver, incidentTasks } from '../../services/tasks.ts';
import { chooseIncident, isItemName, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, type CliSession, perform } from '../cli.ts';
import { itemJson } from '../itemJson.ts';
import { personNamed } from '../person.ts';
import { plainLine } from '../plainText.ts';
import { changedItem, recorded } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { table } from '../table.ts';
import { incidentArgument, oneWordOf } from '../words.ts';

interface SaidOptions {
  readonly note: string;
  readonly dropped?: boolean;
}

/** The incident that the first word names, else the only open one; and the words after it. */
function afterIncident(session: CliSession, words: readonly string[]) {
  const [first, ...rest] = words;
  const isNamed = first !== undefined && isItemName(session, first);
  return isNamed
    ? { incident: chooseIncident(session, first), rest }
    : { incident: onlyOpenIncident(session), rest: words };
}

/** Who does what now; with a person and words, gives them something to do. */
export function taskCommand(cli: Cli): Command {
  return new Command('task')
    .description('List the tasks of an incident, or give somebody one.')
    .usage('[options] [id] [who] [text]')
    .argument('[words...]', 'who (like @alice, me, nobody) and what; - reads it from stdin')
    .action(async (words: readonly string[], _options: object, command: Command) =>
      perform(cli, command, async (session) => {
        const { incident, rest } = afterIncident(session, words);
        const [who, ...text] = rest;
        if (who === undefined) {
          const tasks = await incidentTasks(session.context, incident);
          const signs = { open: '[ ]', done: '[x]', dropped: '[-]' };
          const rows = tasks.map((task) => [
            `${signs[task.state]} ${nameEnding(task.id)}`,
            plainLine(task.owner),
            plainLine(task.text),
          ]);
          return {
            json: { item: itemJson(incident), tasks: tasks.map(taskJson) },
            text: rows.length > 0 ? table(rows, (cell) => cell) : 'There are no tasks.',
          };
        }
        if (text.length === 0) throw new FirebreakError('invalidInput', 'Say what is to be done, behind who does it.');
        const event = await addTask(
          session.context,
          incident,
          await personNamed(session, who),
          await spokenText(cli, text.join(' ')),
        );
        return recorded(incident, event, `task of ${event.owner || 'nobody yet'}: ${oneLine(event.body)}`);
      }),
    );
}

export function doneCommand(cli: Cli): Command {
  return new Command('done')
    .description('Tick a task off.')
    .usage('[options] [id] <task>')
    .addArgument(incidentArgument())
    .argument('[task]', 'the four signs that `firebreak task` shows, or words of it')
    .option('--dropped', 'it is not done, and not to be done')
    .option('--note <markdown>', 'what came of it; - reads it from stdin', '')
    .action(async (first: string | undefined, second: string | undefined, options: SaidOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const words = [first, second].filter((word) => word !== undefined);
        const { incident, rest } = afterIncident(session, words);
        const task = chooseTask(await incidentTasks(session.context, incident), rest[0] ?? '');
        const state = options.dropped ? 'dropped' : 'done';
        const event = await changeTask(session.context, incident, task, { state }, await spokenText(cli, options.note));
        if (!event) return changedItem(incident, `${oneLine(task.text)} is ${state} already`);
        return recorded(incident, event, oneLine(event.body.split('\n')[0] ?? ''));
      }),
    );
}

export function handOverCommand(cli: Cli): Command {
  return new Command('handover')
    .description('Hand a role over: the new holder gets the open tasks, and the timeline says what is open.')
    .usage('[options] [id] <role> <who>')
    .argument('[words...]', `${roles.join(', ')}; and who, like @alice or me`)
    .option('--note <markdown>', 'what the new one should know; - reads it from stdin', '')
    .action(async (words: readonly string[], options: SaidOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const { incident, rest } = afterIncident(session, words);
        const [roleWord, who] = rest;
        if (roleWord === undefined || who === undefined) {
          throw new FirebreakError('invalidInput', 'Say which role and who: firebreak handover commander @alice.');
        }
        const role = oneWordOf(roles, roleWord, 'role');
        const person = await personNamed(session, who);
        const changed = await handOver(session.context, incident, role, person, await spokenText(cli, options.note));
        return changedItem(changed, `${role}: ${changed.incident.roles[role] ?? 'nobody'}`);
      }),
    );
}

function chooseTask(tasks: readonly Task[], name: string): Task {
  const open = tasks.filter(({ state }) => state === 'open');
  const list = open.map((task) => `${nameEnding(task.id)} (${oneLine(task.text)})`).join(', ') || 'none is open';
  if (name === '') throw new FirebreakError('invalidInput', `Say which task: ${list}.`);
  const wanted = name.toLowerCase();
  const exact = tasks.filter((task) => task.id === name || nameEnding(task.id) === wanted);
  const found = exact.length > 0 ? exact : open.filter(({ text }) => text.toLowerCase().includes(wanted));
  const [only, ...others] = found;
  if (!only) throw new FirebreakError('notFound', `There is no task "${name}": ${list}.`);
  if (others.length > 0) {
    throw new FirebreakError(
      'ambiguousName',
      `"${name}" could be any of ${found.map(({ text }) => oneLine(text)).join(', ')}.`,
    );
  }
  return only;
}

function taskJson({ id, text, owner, state, begun }: Task) {
  return { id, text, owner: owner === '' ? null : owner, state, at: begun.at, by: begun.by };
}
