import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import { addGuideRunbooks, listRunbooks, openRunbook, tickStep } from '../../services/runbooks.ts';
import type { CommandId } from '../contributions.ts';
import { askOne } from '../multiStep.ts';
import { reachContact } from '../room/reachContact.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import type { TimelinePanels } from '../timeline/timelinePanels.ts';
import { chooseIncident } from './chooseIncident.ts';

const { t } = vscode.l10n;

type Handler = (argument: unknown, ...more: unknown[]) => Promise<void>;

/** The guide's quick reference: whom to call, and the runbooks. */
export function referenceCommands(root: OpenRoot, panels: TimelinePanels) {
  return {
    'firebreak.reachContact': async (argument) => {
      const session = await root.require();
      const who = textOf(argument, 'who') ?? (await askContact(session));
      const isOpened = await reachContact(who);
      if (!isOpened) vscode.window.setStatusBarMessage(`$(check) ${t('{0} is on the clipboard.', who)}`, 5_000);
    },
    'firebreak.openRunbook': async (argument) => {
      const session = await root.require();
      const path = textOf(argument, 'path') ?? (await askRunbook(session));
      const column = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
      await vscode.window.showTextDocument(vscode.Uri.joinPath(session.root.uri, path), { viewColumn: column });
    },
    'firebreak.tickStep': async (argument, path, number) => {
      const session = await root.requireTrusted();
      const title = t('Tick Runbook Step');
      const incident = await chooseIncident(session, argument, { title, shown: panels.activeUid });
      const runbook = await openRunbook(session.files, typeof path === 'string' ? path : await askRunbook(session));
      if (!runbook) throw new FirebreakError('notFound', t('The runbook is not there any more.'));
      const named = runbook.steps.find((step) => step.number === number);
      const items = runbook.steps.map((step) => ({ step, label: `${step.number}. ${step.text}` }));
      const step = named ?? (await askOne({ title, placeholder: runbook.title, items })).step;
      await tickStep(session.context, incident, runbook, step);
    },
    'firebreak.addRunbooks': async () => {
      const session = await root.requireTrusted();
      const made = await addGuideRunbooks(session.files);
      const said = made === 0 ? t('They are all there.') : t('{0} runbooks added: make them your own.', made);
      vscode.window.setStatusBarMessage(`$(check) ${said}`, 8_000);
    },
  } satisfies Partial<Record<CommandId, Handler>>;
}

function textOf(argument: unknown, key: string): string | undefined {
  const value =
    typeof argument === 'object' && argument !== null ? (argument as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

async function askContact(session: OpenSession): Promise<string> {
  const items = session.index
    .policy()
    .contacts.flatMap(({ title, who }) =>
      who.map((one) => ({ who: one, label: `$(call-outgoing) ${title}`, description: one })),
    );
  if (items.length === 0) throw new FirebreakError('notFound', t('Your policy names no contacts.'));
  return (await askOne({ title: t('Reach Contact'), placeholder: t('Who is needed?'), items })).who;
}

async function askRunbook(session: OpenSession): Promise<string> {
  const runbooks = await listRunbooks(session.files);
  if (runbooks.length === 0) {
    throw new FirebreakError('notFound', t('There are no runbooks: "Incident: Add the Guide\'s Runbooks" makes some.'));
  }
  const items = runbooks.map(({ path, title, steps }) => ({
    path,
    label: `$(book) ${title}`,
    description: steps.length === 1 ? t('1 step') : t('{0} steps', steps.length),
  }));
  return (await askOne({ title: t('Open Runbook'), placeholder: t('What is it about?'), items })).path;
}
