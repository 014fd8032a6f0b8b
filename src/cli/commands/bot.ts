import { Command, Option } from 'commander';
import { type ReminderMemory, type Saying, takeTurn } from '../../core/reminderMemory.ts';
import { formatInstant, second } from '../../core/time.ts';
import { runningByIncident } from '../../services/actions/runningActions.ts';
import { dueReminders } from '../../services/room/reminderDesk.ts';
import { chooseIncident } from '../chooseItem.ts';
import { type Cli, type CliSession, perform } from '../cli.ts';
import { followIncidents } from '../followIncidents.ts';
import { plainLine } from '../plainText.ts';
import { problemWarnings } from '../problemWarnings.ts';
import { reminderText } from '../reminderText.ts';
import { incidentArgument } from '../words.ts';

interface BotOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** How often files are looked at for what others did. */
const look = 10 * second;

/** The guide's `incident-bot`: what the commander is to be reminded of. */
export function botCommand(cli: Cli): Command {
  return new Command('bot')
    .description('Say what is due of the open incidents: escalation, updates, clocks, roles, the review.')
    .addArgument(incidentArgument())
    .option('--once', 'say it once (the default)')
    .addOption(
      new Option('--watch', 'go on, and say each thing when it becomes due, until interrupted').conflicts('once'),
    )
    .action(async (id: string | undefined, options: BotOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const only = id === undefined ? undefined : chooseIncident(session, id).uid;
        if (options.watch) {
          await watch(cli, session, only, command.optsWithGlobals<BotOptions>().json);
          return undefined;
        }
        const now = session.now();
        const { standing, next } = await turnOf(session, only, {}, now);
        return {
          json: {
            reminders: standing.map((saying) => json(saying, now)),
            next: next === null ? null : formatInstant(next),
          },
          text: standing.length > 0 ? standing.map((saying) => line(saying, now)).join('\n') : 'Nothing is due.',
          warnings: problemWarnings(session.index.problems(), []),
        };
      }),
    );
}

async function watch(cli: Cli, session: CliSession, only: string | undefined, asJson = false): Promise<void> {
  let memory: ReminderMemory = {};
  let goesOn = true;
  // Else nobody could tell a quiet hour from a program that hangs.
  if (!asJson) cli.terminal.err('Watching: what becomes due is said here. Ctrl+C ends it.');
  while (goesOn) {
    const now = session.now();
    const turn = await turnOf(session, only, memory, now);
    memory = turn.memory;
    for (const saying of turn.say) cli.terminal.out(asJson ? JSON.stringify(json(saying, now)) : line(saying, now));
    goesOn = await cli.wait(Math.max(0, Math.min(look, (turn.next ?? Number.POSITIVE_INFINITY) - now)));
    if (goesOn) await followIncidents(session);
  }
}

async function turnOf(session: CliSession, only: string | undefined, memory: ReminderMemory, now: number) {
  const { privateFiles, processes } = session.actionPorts();
  const running = privateFiles && (await runningByIncident(privateFiles, processes));
  const due = dueReminders(session, now, running).filter(({ incident }) => only === undefined || incident.uid === only);
  return takeTurn(due, session.index.policy(), memory, now);
}

function line({ incident, reminder }: Saying, now: number): string {
  return `${plainLine(incident.id)}  ${plainLine(incident.title)}: ${reminderText(reminder, now)}`;
}

function json({ incident, reminder }: Saying, now: number): object {
  return {
    incident: incident.id,
    kind: reminder.kind,
    stage: 'stage' in reminder ? reminder.stage : null,
    role: reminder.kind === 'role' ? reminder.role : null,
    escalate: reminder.kind === 'escalation' ? { to: reminder.rung.title, who: reminder.rung.who } : null,
    action: reminder.kind === 'action' ? reminder.action.title : null,
    dueAt: formatInstant(reminder.dueAt),
    since: formatInstant(reminder.since),
    text: reminderText(reminder, now),
  };
}
