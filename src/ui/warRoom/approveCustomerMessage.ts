import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import { approveMessage, waitingApprovals } from '../../services/customers/customerMessages.ts';
import { askOne } from '../multiStep.ts';
import type { OpenSession } from '../session/openRoot.ts';
import { customerContext } from './exitRules.ts';

const { t } = vscode.l10n;

/** Shows what waits for approval, word for word, and approves it. @throws FirebreakError `notFound`, `cancelled`, `invalidInput` */
export async function approveCustomerMessage(session: OpenSession, incident: Incident): Promise<void> {
  const waiting = await waitingApprovals(session.context, incident);
  const [only, ...others] = waiting;
  if (!only) throw new FirebreakError('notFound', t('No message to customers waits for approval.'));
  const items = waiting.map((asked) => ({ asked, label: firstLine(asked.text), description: asked.event.by }));
  const title = t('Approve Message to Customers');
  const { asked } =
    others.length === 0
      ? { asked: only }
      : await askOne({ title, placeholder: t('Which one?'), items: items.reverse() });
  const approve = t('Approve');
  const answer = await vscode.window.showInformationMessage(
    t('Approve this message to customers, by {0}?', asked.event.by),
    { modal: true, detail: asked.text },
    approve,
  );
  if (answer !== approve) throw new FirebreakError('cancelled', 'Cancelled.');
  await approveMessage(customerContext(session), incident, asked.event);
  vscode.window.setStatusBarMessage(`$(check) ${t('Approved. Whoever wrote it can send it now.')}`, 8_000);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.replaceAll('**', '').slice(0, 80) ?? '';
}
