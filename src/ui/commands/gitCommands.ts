import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { Git } from '../../core/ports/git.ts';
import { isRole } from '../../core/role.ts';
import { type ItemFields, readItem } from '../../documents/itemDocument.ts';
import { commitWorkspace, shareWorkspace } from '../../services/shareWorkspace.ts';
import { recordStaleValue, restoreRecordedValue, type StaleField } from '../../services/staleFields.ts';
import type { CommandId } from '../contributions.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { relativePath } from '../session/rootWatch.ts';

const { t } = vscode.l10n;

type Handler = (...parameters: unknown[]) => Promise<void>;

/** What keeps incidents in git, and brings back what git took away. */
export function gitCommands(root: OpenRoot) {
  // Two clicks are two acts in a row: git takes one at a time.
  let before: Promise<unknown> = Promise.resolve();
  const withGit = async (act: (git: Git) => Promise<string>) => {
    const session = await root.requireTrusted();
    const git = await session.git();
    if (!git)
      throw new FirebreakError('noGit', t('This folder is not in a git repository: run `git init` in it first.'));
    const turn = before.then(() => act(git));
    before = turn.catch(() => undefined);
    const said = await vscode.window.withProgress({ location: { viewId: 'firebreak.incidents' } }, () => turn);
    vscode.window.setStatusBarMessage(`$(check) ${said}`, 8_000);
  };

  return {
    'firebreak.commit': () =>
      withGit(async (git) => {
        const count = await commitWorkspace(git, t('update incidents and backlog'));
        return count === 0
          ? t('Nothing to commit.')
          : count === 1
            ? t('Committed 1 file.')
            : t('Committed {0} files.', count);
      }),
    'firebreak.share': () =>
      withGit(async (git) => {
        const result = await shareWorkspace(git, t('share incidents and backlog'));
        if (!result.pushed && result.received === 0) return t('Nothing to share: everybody has everything.');
        return t('Shared: {0} committed, {1} received.', result.committed, result.received);
      }),
    'firebreak.restoreMissing': async () => {
      const session = await root.requireTrusted();
      await restoreMissing(session);
    },
    'firebreak.recordFieldEdit': (uri, field) =>
      onStaleField(root, uri, field, async (session, path, name) => {
        const item = session.index.itemAt(path);
        const { fields } = readItem(path, new TextDecoder().decode(await session.files.read(path)));
        if (!item || !fields) return;
        const value = valueIn(fields, name);
        if (typeof value === 'string') await recordStaleValue(session.context, item, name, value);
      }),
    'firebreak.restoreField': (uri, field) =>
      onStaleField(root, uri, field, async (session, path, name) => {
        const item = session.index.itemAt(path);
        if (item) await restoreRecordedValue(session.context, item, name);
      }),
  } satisfies Partial<Record<CommandId, Handler>>;
}

function valueIn(fields: ItemFields, name: StaleField): unknown {
  if (name === 'duplicate-of') return fields.duplicateOf;
  if (name === 'incident') return fields.actionOf;
  return isRole(name) ? fields.roles[name] : fields[name];
}

async function onStaleField(
  root: OpenRoot,
  uri: unknown,
  field: unknown,
  act: (session: OpenSession, path: string, field: StaleField) => Promise<void>,
): Promise<void> {
  const session = await root.requireTrusted();
  const path = uri instanceof vscode.Uri ? relativePath(session.root.uri, uri) : undefined;
  if (path !== undefined && typeof field === 'string') await act(session, path, field as StaleField);
}

interface MissingPick extends vscode.QuickPickItem {
  readonly path: string;
}

async function restoreMissing(session: OpenSession): Promise<void> {
  const missing = session.index.missing();
  if (missing.length === 0) {
    vscode.window.setStatusBarMessage(`$(check) ${t('Nothing is missing.')}`, 5_000);
    return;
  }
  const items: MissingPick[] = missing.map((path) => ({
    path,
    label: path.split('/').at(-1) ?? path,
    description: path.split('/').slice(0, -1).join('/'),
    picked: true,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: t('Restore missing files'),
    placeHolder: t('A checkout, stash or clean took these away. Enter writes the ticked ones back.'),
    ignoreFocusOut: true,
  });
  if (!picked) return;
  const restored = await session.context.writer.restore(picked.map((item) => item.path));
  const left = missing.filter((path) => !restored.includes(path));
  vscode.window.setStatusBarMessage(
    `$(check) ${restored.length === 1 ? t('Restored 1 file.') : t('Restored {0} files.', restored.length)}`,
    8_000,
  );
  if (left.length === 0 || picked.length === items.length) return;
  const forget = t('Forget Them');
  const answer = await vscode.window.showWarningMessage(
    left.length === 1 ? t('Forget the other file for good?') : t('Forget the other {0} files for good?', left.length),
    { modal: true, detail: t('Their absence is meant: the journal drops its copies.') },
    forget,
  );
  if (answer === forget) await session.context.writer.discard(left);
}
