import * as vscode from 'vscode';
import type { Incident } from '../../core/item.ts';
import { nextPhase, type Phase, phases } from '../../core/phase.ts';
import { roles } from '../../core/role.ts';
import { severities } from '../../core/severity.ts';
import { assignRole } from '../../services/assignRole.ts';
import { changeSeverity } from '../../services/changeItem.ts';
import { changePhase } from '../../services/changePhase.ts';
import { uncheckedBoxes, uncheckedText } from '../../services/checklist.ts';
import { cancelIncident, mergeIncident } from '../../services/closeWrongIncident.ts';
import { declareIncident, declareItem } from '../../services/declareIncident.ts';
import { recordEvent } from '../../services/recordEvent.ts';
import { clocksOf } from '../clockText.ts';
import type { CommandId } from '../contributions.ts';
import { askLine, askOne } from '../multiStep.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { severityIcon } from '../severityIcon.ts';
import type { StatusUpdateDrafts } from '../statusUpdateDraft.ts';
import type { TimelinePanels } from '../timeline/timelinePanels.ts';
import { phaseDetails, phaseNames, roleNames, severityNames } from '../words.ts';
import { askPerson } from './askPerson.ts';
import { askStatusUpdate } from './askStatusUpdate.ts';
import { chooseIncident, documentOf, itemOfArgument } from './chooseIncident.ts';
import { askDeclaration } from './declareFlow.ts';
import { showActions } from './showActions.ts';

const { t } = vscode.l10n;

export interface IncidentCommandsOptions {
  readonly root: OpenRoot;
  readonly panels: TimelinePanels;
  readonly drafts: StatusUpdateDrafts;
}

type Handler = (argument: unknown) => Promise<void>;

/** What a responder does with an incident. */
export function incidentCommands({ root, panels, drafts }: IncidentCommandsOptions) {
  const choose = (session: OpenSession, argument: unknown, title: string, closedToo = false) =>
    chooseIncident(session, argument, { title, shown: panels.activeUid, closedToo });

  /** An incident to change, of a trusted workspace. */
  const onIncident =
    (title: string, act: (session: OpenSession, incident: Incident) => Promise<void>, closedToo = false): Handler =>
    async (argument) => {
      const session = await root.requireTrusted();
      await act(session, await choose(session, argument, title, closedToo));
    };

  const declare = async (argument: unknown) => {
    const session = await root.requireTrusted();
    const item = itemOfArgument(session, argument);
    // Asked while the title is being typed, so that Enter does not wait for git.
    const me = session.context.author();
    const input = await askDeclaration(item, me);
    const incident = item
      ? await declareItem(session.context, item, input)
      : await declareIncident(session.context, input);
    panels.open(incident);
  };

  return {
    'firebreak.declare': () => declare(undefined),
    'firebreak.declareItem': declare,
    'firebreak.openTimeline': async (argument) => {
      const session = await root.require();
      panels.open(await choose(session, argument, t('Open Timeline'), true));
    },
    'firebreak.openDocument': async (argument) => {
      const session = await root.require();
      const incident = await choose(session, argument, t('Open Document'), true);
      await vscode.window.showTextDocument(await documentOf(session, incident));
    },
    'firebreak.acknowledge': onIncident(t('Acknowledge'), async (session, incident) => {
      const acknowledged = clocksOf(session, incident).find((clock) => clock.kind === 'acknowledge')?.stoppedAt ?? null;
      if (acknowledged !== null && !(await confirmAgain(incident))) return;
      await recordEvent(session.context, incident, 'acknowledge', '');
    }),
    'firebreak.changePhase': onIncident(
      t('Change Phase'),
      async (session, incident) => {
        const current = incident.incident.phase;
        const items = phases
          .filter((phase) => phase !== 'detected')
          .map((phase) => ({
            phase,
            label: phaseNames[phase],
            description: phase === current ? t('now') : phase === nextPhase(current) ? t('next in the guide') : '',
            detail: phaseDetails[phase],
          }));
        const { phase } = await askOne({
          title: t('Change Phase'),
          placeholder: t(
            '{0} is in {1}. Skipping and going back are fine, and recorded.',
            incident.id,
            phaseNames[current],
          ),
          items,
          active: items.find((item) => item.phase === nextPhase(current)),
        });
        await changePhase(session.context, incident, phase, await whyUnchecked(session, incident, phase));
      },
      true,
    ),
    'firebreak.assignRole': onIncident(t('Assign Role'), async (session, incident) => {
      const { role } = await askOne({
        title: t('Assign Role'),
        placeholder: t('Which role?'),
        items: roles.map((role) => ({
          role,
          label: roleNames[role],
          description: incident.incident.roles[role] ?? t('nobody yet'),
        })),
      });
      const person = await askPerson(session, roleNames[role], incident.incident.roles[role]);
      await assignRole(session.context, incident, role, person);
    }),
    'firebreak.addNote': onIncident(
      t('Add Note'),
      async (session, incident) => {
        const text = await askLine({
          title: t('Note for {0}', incident.title),
          prompt: t('What happened, what was seen? Markdown.'),
          required: t('Say at least a word.'),
        });
        await recordEvent(session.context, incident, 'note', text);
      },
      true,
    ),
    'firebreak.recordDecision': onIncident(t('Record Decision'), async (session, incident) => {
      const text = await askLine({
        title: t('Decision for {0}', incident.title),
        prompt: t('What was decided, and why? Markdown.'),
        required: t('Say at least a word.'),
      });
      await recordEvent(session.context, incident, 'decision', text);
    }),
    'firebreak.draftStatusUpdate': onIncident(t('Draft Status Update'), (session, incident) =>
      drafts.open(session, incident),
    ),
    'firebreak.postStatusUpdate': async (argument) => {
      const session = await root.requireTrusted();
      // The draft that is being looked at, else six questions; a row or a document names its own incident.
      if (drafts.isActive && !itemOfArgument(session, argument)) panels.open(await drafts.post(session));
      else await askStatusUpdate(session, await choose(session, argument, t('Post Status Update')));
    },
    'firebreak.cancelIncident': onIncident(t('Cancel as False Alarm'), async (session, incident) => {
      const reason = await askLine({
        title: t('Cancel {0} as a false alarm', incident.id),
        prompt: t('Why was it none? It stays on record, and out of the metrics.'),
        required: t('Say why in a word or two: somebody will ask.'),
      });
      await cancelIncident(session.context, incident, reason);
    }),
    'firebreak.mergeIncident': onIncident(t('Merge into Another Incident'), async (session, incident) => {
      const into = await chooseIncident(session, undefined, {
        title: t('Merge {0} into…', incident.id),
        except: incident,
        closedToo: true,
      });
      const merge = t('Merge');
      const answer = await vscode.window.showWarningMessage(
        t('Merge "{0}" into "{1}"?', incident.title, into.title),
        {
          modal: true,
          detail: t('It is closed as a duplicate. Its events are shown in the other timeline from now on.'),
        },
        merge,
      );
      if (answer !== merge) return;
      panels.open(await mergeIncident(session.context, incident, into));
    }),
    'firebreak.incidentActions': async (argument) => {
      const session = await root.require();
      await showActions(session, await choose(session, argument, t('Show Actions')));
    },
  } satisfies Partial<Record<CommandId, Handler>>;
}

/** Asks why boxes of the checklist are not ticked, where a step says that the trouble is over. @throws FirebreakError `cancelled` */
async function whyUnchecked(session: OpenSession, incident: Incident, phase: Phase): Promise<string> {
  const open = await uncheckedBoxes(session.context, incident, phase);
  if (open.length === 0) return '';
  const titles = open.map(({ entry, standing }) =>
    standing === 'failed' ? t('{0} (failed)', entry.title) : entry.title,
  );
  const why = await askLine({
    title: t('Resolve with the checklist open?'),
    prompt: t('Not ticked: {0}. Why is it over all the same? Escape goes back.', titles.join(', ')),
    required: t('Say at least a word.'),
  });
  return uncheckedText(open, why);
}

async function confirmAgain(incident: Incident): Promise<boolean> {
  const again = t('Acknowledge Again');
  const answer = await vscode.window.showInformationMessage(
    t('{0} is acknowledged already. The clock stands; a second one is only a line in the timeline.', incident.id),
    again,
  );
  return answer === again;
}

/** Asks for a severity and changes it; an item that becomes P0 is declared by the same flow as any other. */
export async function askSeverity(session: OpenSession, item: Parameters<typeof changeSeverity>[1]): Promise<void> {
  const policy = session.index.policy().severities;
  const items = severities.map((severity) => ({
    severity,
    label: `${severity} ${severityNames[severity]}`,
    description: severity === item.severity ? t('now') : '',
    detail: `${policy[severity].response} · ${policy[severity].communication}`,
    iconPath: severityIcon(severity),
  }));
  const { severity } = await askOne({
    title: t('Change Severity'),
    placeholder: item.title,
    items,
    active: items.find((pick) => pick.severity === item.severity),
  });
  if (severity === 'P0' && !item.incident) {
    await vscode.commands.executeCommand('firebreak.declareItem', item.uid);
    return;
  }
  await changeSeverity(session.context, item, severity);
}
