import type * as vscode from 'vscode';
import type { CommandId } from '../contributions.ts';
import { LazyPart } from '../lazyPart.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import type { VirtualFile } from '../virtualFiles.ts';
import type { SyncUi } from './syncUi.ts';

export const syncUiCommands = [
  'firebreak.sync',
  'firebreak.showSyncPlan',
  'firebreak.showRequests',
  'firebreak.openOnGitHub',
  'firebreak.importIssues',
  'firebreak.publish',
  'firebreak.publishItem',
  'firebreak.stopPublishing',
  'firebreak.setGitHubToken',
  'firebreak.removeGitHubToken',
  'firebreak.resolveConflict',
  'firebreak.completeMerge',
  'firebreak.keepMine',
  'firebreak.keepGitHubs',
  'firebreak.markResolved',
  'firebreak.postRca',
  'firebreak.purgeEvent',
] as const satisfies readonly CommandId[];
export type SyncUiCommand = (typeof syncUiCommands)[number];

/**
 * All that people see of sync, in a bundle of its own: it is loaded once there is something to keep in step, or when
 * somebody asks for it, and no start of VS Code waits for it.
 */
export class LazySyncUi extends LazyPart<SyncUiCommand, SyncUi> {
  constructor(root: OpenRoot, open: () => SyncUi) {
    super(syncUiCommands, open);
    const load = () => {
      if (root.session && root.session.index.items().length > 0) this.load();
    };
    this.own(root.onDidOpen(load), root.onDidChange(load));
  }

  file(uri: vscode.Uri): Promise<VirtualFile | undefined> {
    return this.load().file(uri);
  }
}
