import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { Item } from '../../core/item.ts';
import { documentOf, itemOfArgument } from '../commands/chooseIncident.ts';
import type { CommandId } from '../contributions.ts';
import { askOne } from '../multiStep.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { severityIcon } from '../severityIcon.ts';
import type { ConflictDocuments, Resolving, Sides } from './conflictDocuments.ts';

const { t } = vscode.l10n;

type Handler = (argument: unknown) => Promise<void>;

export interface ConflictCommandsOptions {
  readonly root: OpenRoot;
  readonly documents: ConflictDocuments;
  readonly resolving: () => Resolving;
  /** Has editors that show these look again. */
  readonly changed: (...uris: readonly vscode.Uri[]) => void;
  /** The uid of the incident whose timeline is active. */
  readonly shown: () => string | undefined;
}

/** What ends a conflict between a text and GitHub's. */
export function conflictCommands({ root, documents, resolving, changed, shown }: ConflictCommandsOptions) {
  const choose = (session: OpenSession, argument: unknown) => chooseInConflict(session, argument ?? shown());

  /** Decides all conflicts of an item in one way. */
  const decide =
    (how: 'mine' | 'theirs' | 'file'): Handler =>
    async (argument) => {
      const session = await root.requireTrusted();
      const { uid, conflicts } = await choose(session, argument);
      const { conflictTexts, preferring, resolveConflict } = resolving();
      for (const { id } of conflicts) {
        const item = session.index.item(uid);
        const conflict = item?.conflicts.find((one) => one.id === id);
        if (!item || !conflict) continue;
        const texts = await conflictTexts(session.files, item, conflict);
        const decided = how === 'file' ? texts.theirs : preferring(how, texts);
        await resolveConflict(session.context, uid, id, { decided, shown: texts.theirs });
      }
      vscode.window.setStatusBarMessage(`$(check) ${t('The conflict is resolved.')}`, 5_000);
    };

  return {
    'firebreak.resolveConflict': async (argument) => {
      const session = await root.requireTrusted();
      const item = await choose(session, argument);
      const sides = await documents.open(session, item, resolving().requireConflict(item));
      changed(...Object.values(sides));
      await openMergeEditor(sides, () => documentOf(session, item));
    },
    'firebreak.completeMerge': async (argument) => {
      await root.requireTrusted();
      // It asks where a conflict is still open; what it saves is decided on. What was saved before by a timer is, too.
      const done: unknown = await vscode.commands.executeCommand('mergeEditor.acceptMerge');
      const wasRefused = typeof done === 'object' && done !== null && 'successful' in done && !done.successful;
      if (!wasRefused && argument instanceof vscode.Uri) await documents.complete(argument);
    },
    'firebreak.keepMine': decide('mine'),
    'firebreak.keepGitHubs': decide('theirs'),
    'firebreak.markResolved': decide('file'),
  } satisfies Partial<Record<CommandId, Handler>>;
}

/**
 * VS Code's own merge editor, by the command that its git extension uses. An editor without it shows the two texts beside
 * each other, and the file is what is edited.
 */
async function openMergeEditor(sides: Sides, file: () => Promise<vscode.Uri>): Promise<void> {
  try {
    await vscode.commands.executeCommand('_open.mergeEditor', {
      base: sides.base,
      input1: { uri: sides.theirs, title: t('GitHub'), detail: t('and what came into the file since') },
      input2: { uri: sides.mine, title: t('Yours'), detail: t('as it was written here') },
      output: sides.result,
    });
  } catch {
    await vscode.commands.executeCommand('vscode.diff', sides.mine, await file(), t('Yours \u2194 the file'));
    const done = t('Mark as Resolved');
    const answer = await vscode.window.showInformationMessage(
      t('Take over what you want to keep of the left side into the file on the right. Then mark it as resolved.'),
      done,
    );
    if (answer === done) await vscode.commands.executeCommand('firebreak.markResolved', await file());
  }
}

/** @throws FirebreakError `notFound`, `cancelled` */
async function chooseInConflict(session: OpenSession, argument: unknown): Promise<Item> {
  const editor = vscode.window.activeTextEditor?.document.uri;
  const named = itemOfArgument(session, argument);
  const here = named ?? (editor && itemOfArgument(session, editor));
  if (here && here.conflicts.length > 0) return here;
  if (named) throw new FirebreakError('notFound', t('The text of {0} is in no conflict.', named.id));
  const items = session.index.items().filter((item) => item.conflicts.length > 0);
  const [only] = items;
  if (!only) throw new FirebreakError('notFound', t('No text is in conflict with GitHub.'));
  if (items.length === 1) return only;
  const picked = await askOne({
    title: t('Resolve Conflict'),
    placeholder: t('Of which item?'),
    items: items.map((item) => ({
      item,
      label: item.title,
      description: item.severity,
      detail: item.id,
      iconPath: severityIcon(item.severity),
    })),
  });
  return picked.item;
}
