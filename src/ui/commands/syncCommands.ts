import * as vscode from 'vscode';
import { safeApiUrl } from '../../core/apiAddress.ts';
import type { CommandId } from '../contributions.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import { settings } from '../settings.ts';
import type { GitHubTokens } from '../sync/githubTokens.ts';
import { issueUrl } from '../sync/issueUrl.ts';
import type { SyncController } from '../sync/syncController.ts';
import type { TimelinePanels } from '../timeline/timelinePanels.ts';
import { chooseItem } from './chooseIncident.ts';
import { requireLinked } from './incidentCommands.ts';

const { t } = vscode.l10n;

type Handler = (argument: unknown) => Promise<void>;

export interface SyncCommandsOptions {
  readonly root: OpenRoot;
  readonly panels: TimelinePanels;
  readonly sync: SyncController;
  readonly tokens: GitHubTokens;
}

/** What keeps GitHub Issues in step. */
export function syncCommands({ root, panels, sync, tokens }: SyncCommandsOptions) {
  return {
    'firebreak.sync': async () => {
      await root.requireTrusted();
      await sync.syncNow();
    },
    'firebreak.openOnGitHub': async (argument) => {
      const session = await root.require();
      const item = await chooseItem(session, argument ?? panels.activeUid, t('Open on GitHub'));
      requireLinked(item);
      if (item.github) await vscode.env.openExternal(vscode.Uri.parse(issueUrl(item.github), true));
    },
    'firebreak.setGitHubToken': async () => {
      const apiUrl = safeApiUrl(settings.apiUrl());
      const { origin } = new URL(apiUrl);
      const token = await vscode.window.showInputBox({
        title: t('Set GitHub Token'),
        prompt: t(
          'A token with the "repo" scope (or Issues: read and write). It is kept in the secret storage and sent to {0} alone.',
          origin,
        ),
        password: true,
        ignoreFocusOut: true,
        validateInput: (text) =>
          /^[\x21-\x7e]*$/.test(text.trim()) ? undefined : t('A token has no blanks or other characters.'),
      });
      if (!token?.trim()) return;
      await tokens.set(apiUrl, token.trim());
      await sync.tokenChanged();
    },
    'firebreak.removeGitHubToken': async () => {
      await tokens.remove(safeApiUrl(settings.apiUrl()));
      await sync.tokenChanged();
      vscode.window.setStatusBarMessage(`$(check) ${t('The stored GitHub token is removed.')}`, 5_000);
    },
  } satisfies Partial<Record<CommandId, Handler>>;
}
