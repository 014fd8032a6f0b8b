import * as vscode from 'vscode';
import { severities } from '../../core/severity.ts';
import { addItem } from '../../services/addItem.ts';
import { knownPeople } from '../../services/people.ts';
import type { CommandId } from '../contributions.ts';
import { inputStep, pickStep, runSteps } from '../multiStep.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import { severityIcon } from '../severityIcon.ts';
import type { TimelinePanels } from '../timeline/timelinePanels.ts';
import { chooseIncident } from './chooseIncident.ts';

const { t } = vscode.l10n;

/** What a review leads to: a task of its own in the backlog, which outlives the incident. */
export function actionItemCommand(root: OpenRoot, panels: TimelinePanels) {
  return {
    'firebreak.addActionItem': async (argument: unknown) => {
      const session = await root.requireTrusted();
      const title = t('Add Action Item');
      const actionOf = await chooseIncident(session, argument, { title, shown: panels.activeUid, closedToo: true });
      const me = await session.context.author();
      const answers = await ask(
        title,
        (await knownPeople(session, me)).map((who) => ({ who, isMe: who === me })),
      );
      const item = await addItem(session.context, { ...answers, type: 'task', actionOf });
      await vscode.window.showTextDocument(vscode.Uri.joinPath(session.root.uri, item.path));
    },
  } satisfies Partial<Record<CommandId, (argument: unknown) => Promise<void>>>;
}

/** @throws FirebreakError `cancelled` */
async function ask(title: string, people: readonly { readonly who: string; readonly isMe: boolean }[]) {
  const totalSteps = 3;
  // Guide, "Action Items".
  const urgency: Readonly<Record<string, string>> = {
    P0: t('must be fixed before the next release'),
    P1: t('should be fixed within the sprint'),
    P2: t('backlog, for consideration'),
  };
  const levels = severities
    .filter((severity) => severity in urgency)
    .map((severity) => ({
      severity,
      label: severity,
      description: urgency[severity] ?? '',
      iconPath: severityIcon(severity),
    }));
  const owners = [
    { who: '', label: `$(circle-slash) ${t('Nobody yet')}`, description: '' },
    ...people.map(({ who, isMe }) => ({ who, label: `$(person) ${who}`, description: isMe ? t('you') : '' })),
  ];
  const answers = { title: '', level: levels[1], owner: owners[0] };
  await runSteps([
    async () => {
      const result = await inputStep({
        title,
        step: 1,
        totalSteps,
        prompt: t('What is to be done, so that it does not happen again?'),
        value: answers.title,
        check: (text) => (text.trim() === '' ? t('A title is needed.') : undefined),
      });
      if (result === 'back') return false;
      answers.title = result.value;
      return true;
    },
    async () => {
      const placeholder = t('How soon?');
      const result = await pickStep({ title, step: 2, totalSteps, placeholder, items: levels, active: answers.level });
      if (result === 'back') return false;
      answers.level = result.value;
      return true;
    },
    async () => {
      const placeholder = t('Who does it?');
      const result = await pickStep({ title, step: 3, totalSteps, placeholder, items: owners, active: answers.owner });
      if (result === 'back') return false;
      answers.owner = result.value;
      return true;
    },
  ]);
  return { title: answers.title, severity: answers.level?.severity ?? 'P1', owner: answers.owner?.who ?? '' } as const;
}
