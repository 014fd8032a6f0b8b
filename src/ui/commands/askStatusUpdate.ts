import * as vscode from 'vscode';
import type { Incident } from '../../core/item.ts';
import { type StatusUpdate, statusUpdateFields } from '../../documents/statusUpdate.ts';
import { draftUpdate } from '../../services/draftUpdate.ts';
import { postStatusUpdate } from '../../services/postStatusUpdate.ts';
import { inputStep, runSteps } from '../multiStep.ts';
import type { OpenSession } from '../session/openRoot.ts';

const { t } = vscode.l10n;

const prompts: Readonly<Record<keyof StatusUpdate, string>> = {
  currentState: t('Service up, down or degraded?'),
  impact: t('Which part of the users, which regions, which features?'),
  rootCause: t('Known, or under investigation?'),
  actionsTaken: t('What have we done?'),
  nextSteps: t('What are we doing?'),
  eta: t('Best estimate, or "TBD"'),
};

/** Asks for the six fields in a row, each prefilled from the last update and what changed since, and posts. @throws FirebreakError `cancelled` */
export async function askStatusUpdate(session: OpenSession, incident: Incident): Promise<void> {
  const answers: Record<keyof StatusUpdate, string> = { ...(await draftUpdate(session.context, incident)) };
  await runSteps(
    statusUpdateFields.map(({ key, title }, index) => async () => {
      const result = await inputStep({
        title: t('Status update: {0}', title),
        step: index + 1,
        totalSteps: statusUpdateFields.length,
        prompt: prompts[key],
        // One line each; what was written over several lines in a draft is kept as it is unless it is edited.
        value: answers[key].replace(/\s*\n\s*/g, ' '),
      });
      if (result === 'back') return false;
      if (result.value !== answers[key].replace(/\s*\n\s*/g, ' ')) answers[key] = result.value.trim();
      return true;
    }),
  );
  await postStatusUpdate(session.context, incident, answers);
}
