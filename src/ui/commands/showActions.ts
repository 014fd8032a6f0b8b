import * as vscode from 'vscode';
import { type Incident, isActiveIncident, isOpenIncident } from '../../core/item.ts';
import { nextPhase } from '../../core/phase.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import { waitingApprovals } from '../../services/customers/customerMessages.ts';
import { recordingState } from '../../services/recording/recordingState.ts';
import { clocksOf } from '../clockText.ts';
import type { CommandId } from '../contributions.ts';
import { askOne } from '../multiStep.ts';
import type { OpenSession } from '../session/openRoot.ts';
import { settings } from '../settings.ts';
import { phaseNames } from '../words.ts';

const { t } = vscode.l10n;

interface Entry extends vscode.QuickPickItem {
  readonly command: CommandId;
}

function entry(icon: string, label: string, command: CommandId, description = ''): Entry {
  return { label: `$(${icon}) ${label}`, description, command };
}

/** Everything that can be done with an incident, likeliest first: what a tired person reaches with one click. */
export async function showActions(session: OpenSession, incident: Incident): Promise<void> {
  const acknowledged = clocksOf(session, incident).some(
    (clock) => clock.kind === 'acknowledge' && clock.stoppedAt !== null,
  );
  const next = nextPhase(incident.incident.phase);
  const [recording, customers] = await Promise.all([
    recordingEntries(session, incident),
    customerEntries(session, incident),
  ]);
  const timeline = entry('history', t('Open Timeline'), 'firebreak.openTimeline');
  const document = entry('go-to-file', t('Open Document'), 'firebreak.openDocument');
  const github = incident.github ? [entry('link-external', t('Open on GitHub'), 'firebreak.openOnGitHub')] : [];
  const work = [
    ...(acknowledged ? [] : [entry('check', t('Acknowledge'), 'firebreak.acknowledge')]),
    entry('play', t('Run Action…'), 'firebreak.runAction', t('mitigations, checks, evidence')),
    ...(incident.incident.phase === 'verify'
      ? [entry('tasklist', t('Recovery Checklist…'), 'firebreak.checklist')]
      : []),
    ...(incident.incident.phase === 'rca'
      ? [entry('notebook', t('Open RCA'), 'firebreak.openRca', t('what is owed'))]
      : []),
    entry('send', t('Post Status Update…'), 'firebreak.postStatusUpdate', t('six short questions')),
    entry('megaphone', t('Draft Status Update'), 'firebreak.draftStatusUpdate', t('in an editor')),
    ...customers,
    entry('comment-discussion', t('Open War Room…'), 'firebreak.openWarRoom', t('Slack, PagerDuty, webhook, video')),
    entry('arrow-right', t('Change Phase…'), 'firebreak.changePhase', next ? t('next: {0}', phaseNames[next]) : ''),
    ...(settings.alertsUrl() === '' ? [] : [entry('bell', t('Attach Alert…'), 'firebreak.attachAlert')]),
    entry('note', t('Add Note…'), 'firebreak.addNote'),
    ...recording,
    entry('book', t('Open Runbook…'), 'firebreak.openRunbook'),
    entry('person-add', t('Assign Task…'), 'firebreak.addTask'),
    entry('law', t('Record Decision…'), 'firebreak.recordDecision'),
    entry('checklist', t('Add Action Item…'), 'firebreak.addActionItem', t('so that it does not happen again')),
    entry('person', t('Assign Role…'), 'firebreak.assignRole'),
    entry('arrow-swap', t('Hand Over…'), 'firebreak.handOver', t('a role, with what is open')),
    entry('warning', t('Change Severity…'), 'firebreak.changeSeverity'),
  ];
  const wrong = [
    entry('circle-slash', t('Cancel as False Alarm…'), 'firebreak.cancelIncident'),
    entry('git-merge', t('Merge into Another Incident…'), 'firebreak.mergeIncident'),
  ];
  const picked = await askOne<vscode.QuickPickItem & { command?: CommandId }>({
    title: `${incident.severity} ${incident.title}`,
    placeholder: t('What now?'),
    items:
      vscode.workspace.isTrusted && isOpenIncident(incident)
        ? [
            timeline,
            ...work,
            document,
            ...github,
            { label: t('Not an incident of its own'), kind: vscode.QuickPickItemKind.Separator },
            ...wrong,
            { label: '', kind: vscode.QuickPickItemKind.Separator },
            entry('flame', t('Declare Another P0'), 'firebreak.declare'),
          ]
        : [timeline, document, ...github],
  });
  if (picked.command) await vscode.commands.executeCommand(picked.command, incident.uid);
}

/** Recording is begun while there is something to be done that belongs on record, and ended at any time. */
async function recordingEntries({ privateFiles }: OpenSession, incident: Incident): Promise<Entry[]> {
  const recorded = privateFiles && (await incidentRecorded(privateFiles));
  const stop = entry('debug-stop', t('Stop Recording'), 'firebreak.stopRecording');
  const start = (description: string) => entry('record', t('Start Recording'), 'firebreak.startRecording', description);
  if (recorded === incident.uid) return [stop];
  if (!isActiveIncident(incident)) return [];
  return [start(recorded ? t('instead of another incident') : t('commands, commits, tasks: you decide what is kept'))];
}

/** What can't be read must not keep anybody from all else that is in the list. */
async function incidentRecorded(privateFiles: Files): Promise<string | undefined> {
  try {
    return (await recordingState(privateFiles)).incident;
  } catch (error) {
    if (FileError.is(error)) return undefined;
    throw error;
  }
}

/** Customers are told from the declaration on, and that it is over; of a private incident nobody is. */
async function customerEntries({ context }: OpenSession, incident: Incident): Promise<Entry[]> {
  if (incident.private || !isOpenIncident(incident)) return [];
  const waiting = await waitingApprovals(context, incident);
  return [
    ...(waiting.length > 0
      ? [entry('verified', t('Approve Message to Customers…'), 'firebreak.approveCustomerMessage')]
      : []),
    entry('mail', t('Notify Customers…'), 'firebreak.notifyCustomers', t('a draft, shown before it is sent')),
  ];
}
