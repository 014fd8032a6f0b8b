import * as vscode from 'vscode';
import type { ImportIssues } from '../../services/sync/importIssues.ts';
import type { PublishItems } from '../../services/sync/publishItems.ts';
import { chooseItem } from '../commands/chooseIncident.ts';
import type { CommandId } from '../contributions.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { importFlow } from './importFlow.ts';
import { publishFlow, publishOneFlow } from './publishFlow.ts';
import type { SyncController, SyncTarget } from './syncController.ts';

const { t } = vscode.l10n;

/** What brings many issues in, and what makes many. */
export interface Bulk {
  readonly importer: ImportIssues;
  readonly publishing: PublishItems;
}

export type CreateBulk = (session: OpenSession, target: SyncTarget) => Promise<Bulk>;

export interface BulkCommandsOptions {
  readonly root: OpenRoot;
  readonly sync: SyncController;
  readonly createBulk: CreateBulk;
  /** The uid of the incident whose timeline is active. */
  readonly shown: () => string | undefined;
}

/** Import and publish. What was chosen is made by the syncs that follow. */
export function bulkCommands({ root, sync, createBulk, shown }: BulkCommandsOptions) {
  const open = async () => {
    const session = await root.requireTrusted();
    const target = await sync.clickedTarget(session);
    return { session, target, ...(await createBulk(session, target)) };
  };
  return {
    'firebreak.importIssues': async () => {
      const { importer, target } = await open();
      await importFlow(importer, target.repository);
    },
    'firebreak.publish': async () => {
      const { publishing, target } = await open();
      if (await publishFlow(publishing, target.repository)) await sync.syncNow();
    },
    'firebreak.publishItem': async (argument) => {
      const { session, publishing, target } = await open();
      const item = await chooseItem(session, argument ?? shown(), t('Publish to GitHub'));
      if (await publishOneFlow(publishing, target.repository, item)) await sync.syncNow();
    },
    'firebreak.stopPublishing': async () => {
      const { publishing } = await open();
      const stopped = await publishing.stop();
      await sync.refresh();
      vscode.window.showInformationMessage(
        stopped === 0
          ? t('Nothing was waiting to be published.')
          : stopped === 1
            ? t('1 item stays without an issue.')
            : t('{0} items stay without an issue.', stopped),
      );
    },
  } satisfies Partial<Record<CommandId, (argument: unknown) => Promise<void>>>;
}
