import * as vscode from 'vscode';
import { safeApiUrl } from '../../core/apiAddress.ts';
import { FirebreakError } from '../../core/errors.ts';
import { requestReview } from '../../services/postReview.ts';
import { chooseIncident, chooseItem } from '../commands/chooseIncident.ts';
import type { CommandId } from '../contributions.ts';
import { withRemedy } from '../remedy.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import { settings } from '../settings.ts';
import type { GitHubTokens } from './githubTokens.ts';
import { issueUrl } from './issueUrl.ts';
import { planUri } from './planDocument.ts';
import type { SyncController } from './syncController.ts';

const { t } = vscode.l10n;

type Handler = (argument: unknown) => Promise<void>;

export interface SyncCommandsOptions {
  readonly root: OpenRoot;
  readonly sync: SyncController;
  readonly tokens: GitHubTokens;
  /** The uid of the incident whose timeline is active. */
  readonly shown: () => string | undefined;
  /** Brings the lines about requests into view. */
  readonly showRequests: () => void;
}

/** What keeps GitHub Issues in step. */
export function syncCommands({ root, sync, tokens, shown, showRequests }: SyncCommandsOptions) {
  return {
    'firebreak.sync': async () => {
      await root.requireTrusted();
      await sync.syncNow();
    },
    'firebreak.postRca': async (argument) => {
      const session = await root.requireTrusted();
      const title = t('Post RCA to GitHub');
      const incident = await chooseIncident(session, argument, { title, shown: shown(), closedToo: true });
      if (!session.privateFiles)
        throw new FirebreakError('readOnly', t('There is no place for the state of a sync here.'));
      if (!incident.private && !session.index.hasReview(incident)) {
        throw withRemedy(
          new FirebreakError('notFound', t('The RCA of {0} is not written yet, or not saved.', incident.id)),
          { title: t('Open RCA'), command: 'firebreak.openRca', argument: incident.uid },
        );
      }
      await requestReview(session.files, session.privateFiles, incident);
      await sync.syncNow();
    },
    'firebreak.showSyncPlan': async () => {
      await root.require();
      await sync.refresh();
      await vscode.window.showTextDocument(planUri, { preview: true });
    },
    'firebreak.showRequests': async () => showRequests(),
    'firebreak.openOnGitHub': async (argument) => {
      const session = await root.require();
      const item = await chooseItem(session, argument ?? shown(), t('Open on GitHub'));
      if (!item.github) {
        throw new FirebreakError(
          'notFound',
          t('{0} has no GitHub issue yet: "Firebreak: Sync with GitHub" makes one.', item.id),
        );
      }
      await vscode.env.openExternal(vscode.Uri.parse(issueUrl(item.github), true));
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
