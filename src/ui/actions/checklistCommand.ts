import * as vscode from 'vscode';
import type { ChecklistBox } from '../../core/checklist.ts';
import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import { recoveryChecklist, tickBox } from '../../services/checklist.ts';
import { chooseIncident } from '../commands/chooseIncident.ts';
import type { CommandId } from '../contributions.ts';
import { askLine, askOne } from '../multiStep.ts';
import { type ActionCommandsOptions, type Room, runNamed } from './runActionCommand.ts';
import { actionNamed } from './vscodeTasks.ts';

const { t } = vscode.l10n;

const icons: Readonly<Record<ChecklistBox['standing'], string>> = {
  open: 'circle-large',
  done: 'pass',
  failed: 'error',
};

/** The guide's recovery verification: each box is run, ticked by hand, or said not to hold. */
export function checklistCommand({ root, panels, portsOf }: ActionCommandsOptions) {
  return {
    'firebreak.checklist': async (argument: unknown, boxId?: unknown) => {
      const session = await root.requireTrusted();
      const title = t('Recovery Checklist');
      const incident = await chooseIncident(session, argument, { title, shown: panels.activeUid });
      const boxes = await recoveryChecklist(session.context, incident);
      const named = boxes.find(({ entry }) => entry.id === boxId);
      const box = named ?? (await chooseBox(incident, boxes));
      await act({ session, ports: portsOf(session), ownTasks: root.ownTasks }, incident, box);
    },
  } satisfies Partial<Record<CommandId, (...parameters: unknown[]) => Promise<void>>>;
}

async function chooseBox(incident: Incident, boxes: readonly ChecklistBox[]): Promise<ChecklistBox> {
  if (boxes.length === 0) throw new FirebreakError('notFound', t('The checklist of your policy is empty.'));
  const items = boxes.map((box) => ({
    box,
    label: `$(${icons[box.standing]}) ${box.entry.title}`,
    description: box.by ? t('{0}, {1}', box.by.by, new Date(box.by.at).toLocaleTimeString()) : (box.entry.action ?? ''),
  }));
  const active = items.find(({ box }) => box.standing !== 'done');
  const placeholder = t('Is it over? What is ticked here is on record.');
  return (await askOne({ title: t('Recovery Checklist of {0}', incident.title), placeholder, items, active })).box;
}

async function act(room: Room, incident: Incident, { entry }: ChecklistBox): Promise<void> {
  const chosen = entry.action === undefined ? undefined : await actionNamed(room.session, entry.action);
  const { how } = await askOne({
    title: entry.title,
    placeholder: t('How is it known?'),
    items: [
      ...(chosen
        ? [
            {
              how: 'run' as const,
              label: `$(play) ${t('Run {0}', chosen.action.title)}`,
              description: chosen.action.command ?? '',
            },
          ]
        : []),
      { how: 'yes' as const, label: `$(pass) ${t('It holds')}`, description: t('seen by you') },
      { how: 'no' as const, label: `$(error) ${t('It does not hold')}`, description: '' },
    ],
  });
  if (how === 'run') {
    if (chosen) await runNamed(room, incident, chosen);
    return;
  }
  const note = await askLine({ title: entry.title, prompt: t('What was seen? May be empty.') });
  await tickBox(room.session.context, incident, entry, how === 'yes', note);
}
