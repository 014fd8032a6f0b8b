import * as vscode from 'vscode';
import { itemTypes } from '../../core/itemType.ts';
import { severities } from '../../core/severity.ts';
import { statuses } from '../../core/status.ts';
import { addItem } from '../../services/addItem.ts';
import { changeItem } from '../../services/changeItem.ts';
import { declareIncident } from '../../services/declareIncident.ts';
import type { CommandId } from '../contributions.ts';
import { askOne, inputStep, pickStep, runSteps } from '../multiStep.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import { severityIcon } from '../severityIcon.ts';
import type { TimelinePanels } from '../timeline/timelinePanels.ts';
import type { BacklogTree } from '../views/backlogTree.ts';
import { severityNames, statusNames, typeNames } from '../words.ts';
import { askPerson } from './askPerson.ts';
import { chooseItem, documentOf, itemOfArgument } from './chooseIncident.ts';
import { askSeverity } from './incidentCommands.ts';

const { t } = vscode.l10n;

type Handler = (argument: unknown) => Promise<void>;

export interface BacklogCommandsOptions {
  readonly root: OpenRoot;
  readonly panels: TimelinePanels;
  readonly tree: BacklogTree;
}

/** What a team does with its backlog. */
export function backlogCommands({ root, panels, tree }: BacklogCommandsOptions) {
  return {
    'firebreak.addItem': async () => {
      const session = await root.requireTrusted();
      const input = await askItem();
      if (input.severity !== 'P0') {
        const item = await addItem(session.context, input);
        await vscode.window.showTextDocument(vscode.Uri.joinPath(session.root.uri, item.path));
        return;
      }
      // Guide: adding a P0 declares it.
      panels.open(
        await declareIncident(session.context, { ...input, criteria: [], commander: await session.context.author() }),
      );
    },
    'firebreak.changeStatus': async (argument) => {
      const session = await root.requireTrusted();
      const item = await chooseItem(session, argument, t('Change Status'));
      const items = statuses.map((status) => ({
        status,
        label: statusNames[status],
        description: status === item.status ? t('now') : '',
      }));
      const { status } = await askOne({
        title: t('Change Status'),
        placeholder: item.title,
        items,
        active: items.find((pick) => pick.status === item.status),
      });
      await changeItem(session.context, item, { status });
    },
    'firebreak.changeSeverity': async (argument) => {
      const session = await root.requireTrusted();
      await askSeverity(session, await chooseItem(session, argument ?? panels.activeUid, t('Change Severity')));
    },
    'firebreak.changeOwner': async (argument) => {
      const session = await root.requireTrusted();
      const item = await chooseItem(session, argument, t('Change Owner'));
      const owner = await askPerson(session, t('Change Owner'), item.owner, t('takes the owner away'));
      await changeItem(session.context, item, { owner });
    },
    'firebreak.openItem': async (argument) => {
      const session = await root.require();
      const item = await chooseItem(session, argument, t('Open Item'));
      await vscode.window.showTextDocument(await documentOf(session, item), { preview: true });
    },
    'firebreak.copyId': async (argument) => {
      const session = await root.require();
      const item = itemOfArgument(session, argument);
      if (item) await vscode.env.clipboard.writeText(item.id);
    },
    'firebreak.groupBySeverity': () => tree.group('severity'),
    'firebreak.groupByStatus': () => tree.group('status'),
    'firebreak.groupByType': () => tree.group('type'),
  } satisfies Partial<Record<CommandId, Handler>>;
}

/** The four questions of the guide's `backlog-add`. @throws FirebreakError `cancelled` */
async function askItem() {
  const title = t('Add Item');
  const totalSteps = 4;
  const types = itemTypes.map((type) => ({ type, label: typeNames[type] }));
  const levels = severities.map((severity) => ({
    severity,
    label: `${severity} ${severityNames[severity]}`,
    description: severity === 'P0' ? t('declares an incident') : '',
    iconPath: severityIcon(severity),
  }));
  const answers = { type: types[0], title: '', severity: levels[2], description: '' };
  await runSteps([
    async () => {
      const result = await pickStep({
        title,
        step: 1,
        totalSteps,
        placeholder: t('What is it?'),
        items: types,
        active: answers.type,
      });
      if (result === 'back') return false;
      answers.type = result.value;
      return true;
    },
    async () => {
      const result = await inputStep({
        title,
        step: 2,
        totalSteps,
        prompt: t('A title: one line that says what it is about'),
        value: answers.title,
        check: (text) => (text.trim() === '' ? t('A title is needed.') : undefined),
      });
      if (result === 'back') return false;
      answers.title = result.value;
      return true;
    },
    async () => {
      const result = await pickStep({
        title,
        step: 3,
        totalSteps,
        placeholder: t('How urgent?'),
        items: levels,
        active: answers.severity,
      });
      if (result === 'back') return false;
      answers.severity = result.value;
      return true;
    },
    async () => {
      const result = await inputStep({
        title,
        step: 4,
        totalSteps,
        prompt: t('What happens, what should happen? Markdown; may be empty.'),
        value: answers.description,
      });
      if (result === 'back') return false;
      answers.description = result.value;
      return true;
    },
  ]);
  return {
    type: answers.type?.type ?? 'bug',
    title: answers.title,
    severity: answers.severity?.severity ?? 'P2',
    description: answers.description,
  } as const;
}
