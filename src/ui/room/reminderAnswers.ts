import * as vscode from 'vscode';
import { type Incident, isOpenIncident } from '../../core/item.ts';
import type { Saying } from '../../core/reminderMemory.ts';
import type { Reminder } from '../../core/reminders.ts';
import { formatDuration, minute } from '../../core/time.ts';
import { assignRole } from '../../services/assignRole.ts';
import { recordEvent } from '../../services/recordEvent.ts';
import type { ReminderDesk } from '../../services/room/reminderDesk.ts';
import { askPerson } from '../commands/askPerson.ts';
import type { CommandId } from '../contributions.ts';
import { askOne } from '../multiStep.ts';
import type { OpenSession } from '../session/openRoot.ts';
import { roleNames } from '../words.ts';
import { beginReview } from './beginReview.ts';
import { reachContact } from './reachContact.ts';
import { reminderText } from './reminderWords.ts';

const { t } = vscode.l10n;

/** Minutes for which reminders can be put off. */
const snoozes = [5, 15, 30] as const;

interface Answer {
  readonly title: string;
  readonly act: () => Promise<unknown>;
}

/** Shows what is due, with what can be done about the most urgent of it. Done when the notification is closed. */
export async function notifyOf(
  session: OpenSession,
  desk: ReminderDesk,
  text: string,
  sayings: readonly Saying[],
): Promise<void> {
  const [first] = sayings;
  if (!first) return;
  const answers = [
    ...whatToDo(session, desk, first),
    { title: t('Snooze…'), act: () => askSnooze(desk, first.incident) },
    ...(isForAPerson(first.reminder) ? [{ title: t('Not Me…'), act: () => handOver(session, desk, first) }] : []),
  ];
  const isLate = sayings.some(
    ({ reminder }) => reminder.kind === 'escalation' || ('stage' in reminder && reminder.stage === 'due'),
  );
  const show = isLate ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const chosen = await show(text, ...answers.map(({ title }) => title));
  await answers.find(({ title }) => title === chosen)?.act();
}

/** For how long reminders of an incident are silent is asked, and then they are. @throws FirebreakError `cancelled` */
export async function askSnooze(desk: ReminderDesk, incident: Incident): Promise<void> {
  const { minutes } = await askOne({
    title: t('Snooze Reminders'),
    placeholder: t('{0}: the status bar and the Incidents view still tell what is due.', incident.title),
    items: snoozes.map((minutes) => ({ minutes, label: `$(bell-slash) ${t('{0} minutes', minutes)}` })),
  });
  await desk.snooze(incident.uid, minutes * minute);
}

function whatToDo(session: OpenSession, desk: ReminderDesk, { incident, reminder }: Saying): Answer[] {
  const command = (title: string, id: CommandId): Answer => ({
    title,
    act: async () => vscode.commands.executeCommand(id, incident.uid),
  });
  switch (reminder.kind) {
    case 'escalation':
      return [
        { title: t('Escalate…'), act: () => escalate(session, desk, incident, reminder) },
        command(t('Acknowledge'), 'firebreak.acknowledge'),
      ];
    case 'acknowledge':
      return [command(t('Acknowledge'), 'firebreak.acknowledge')];
    case 'update':
      return [command(t('Post Update'), 'firebreak.draftStatusUpdate')];
    case 'mitigate':
    case 'resolve':
      return [command(t('Change Phase'), 'firebreak.changePhase')];
    case 'draft':
    case 'rca':
      return [{ title: t('Open RCA'), act: () => beginReview(session, incident) }];
    case 'role':
      return [
        {
          title: t('Assign Role'),
          act: async () => {
            const person = await askPerson(session, roleNames[reminder.role], undefined);
            await assignRole(session.context, incident, reminder.role, person);
          },
        },
      ];
    case 'action':
      return [{ title: t('Show Terminal'), act: () => showTerminal(reminder.action.title) }];
    case 'quiet':
      return [command(t('Add Note'), 'firebreak.addNote')];
  }
}

/** The terminal of an action is named after it, or after its task; one of another window is not to be shown from here. */
async function showTerminal(title: string): Promise<void> {
  const terminal = vscode.window.terminals.findLast(({ name }) => name === title || title.endsWith(`: ${name}`));
  if (terminal) terminal.show();
  else await vscode.commands.executeCommand('workbench.action.terminal.focus');
}

/** Who is to be called is shown; the one that is chosen is opened or copied, and that it was done is recorded. */
async function escalate(
  session: OpenSession,
  desk: ReminderDesk,
  incident: Incident,
  reminder: Extract<Reminder, { kind: 'escalation' }>,
): Promise<void> {
  const { title, who, after } = reminder.rung;
  const picked = await askOne<{ who: string | undefined; label: string; description?: string }>({
    title: t('Escalate to {0}', title),
    placeholder: t('Whom do you call? It is recorded in the timeline.'),
    items: [
      ...who.map((one) => ({ who: one, label: `$(call-outgoing) ${one}` })),
      { who: undefined, label: `$(check) ${t('They know already')}`, description: t('only record it') },
    ],
  });
  const isOpened = picked.who === undefined ? true : await reachContact(picked.who);
  const called = picked.who === undefined || picked.who === title ? title : `${title} (${picked.who})`;
  await recordEvent(
    session.context,
    incident,
    'note',
    t('Escalated to {0}: nobody had acknowledged for {1}.', called, formatDuration(after)),
  );
  await desk.markDone(incident.uid, reminder.key);
  if (!isOpened) {
    vscode.window.setStatusBarMessage(
      t('{0} is on the clipboard, and the escalation is recorded.', picked.who ?? ''),
      5_000,
    );
  }
}

/** What only somebody can do, rather than everybody see. */
function isForAPerson({ kind }: Reminder): boolean {
  return kind !== 'role' && kind !== 'action' && kind !== 'quiet' && kind !== 'escalation';
}

/** Gives what is due to somebody else: this one thing, as a task in the timeline, or the command of the incident with it. */
async function handOver(session: OpenSession, desk: ReminderDesk, { incident, reminder }: Saying): Promise<void> {
  const person = await askPerson(session, t('Who takes it?'), undefined);
  const what = handedOver(reminder);
  const { command } = await askOne({
    title: t('Hand over to {0}', person),
    placeholder: t('What is handed over?'),
    items: [
      { command: false, label: `$(tasklist) ${t('This reminder')}`, description: what },
      {
        command: true,
        label: `$(person) ${t('The command of the incident')}`,
        description: t('reminders come to them from then on'),
      },
    ],
  });
  const current = session.index.item(incident.uid);
  if (!current || !isOpenIncident(current)) return;
  if (command) await assignRole(session.context, current, 'commander', person);
  else await recordEvent(session.context, current, 'note', `${person} ${what}`);
  await desk.markDone(incident.uid, reminder.key);
}

function handedOver(reminder: Reminder): string {
  switch (reminder.kind) {
    case 'acknowledge':
      return t('please acknowledge');
    case 'update':
      return t('please post the status update');
    case 'mitigate':
      return t('please see to the mitigation');
    case 'resolve':
      return t('please see to the resolution');
    case 'draft':
      return t('please draft the RCA');
    case 'rca':
      return t('please finish the RCA');
    default:
      return reminderText(reminder, reminder.since);
  }
}
