import type * as vscode from 'vscode';
import type { Log } from '../../core/ports/environment.ts';
import { type ConflictCommandsOptions, conflictCommands } from '../conflicts/conflictCommands.ts';
import { ConflictDocuments, type Resolving } from '../conflicts/conflictDocuments.ts';
import { ConflictNotice } from '../conflicts/conflictNotice.ts';
import { purgeCommand } from '../purge/purgeCommand.ts';
import { PurgeWatch } from '../purge/purgeWatch.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import type { VirtualFile } from '../virtualFiles.ts';
import { bulkCommands, type CreateBulk } from './bulkCommands.ts';
import { type EnvironmentToken, GitHubTokens } from './githubTokens.ts';
import type { SyncUiCommand } from './lazySyncUi.ts';
import { PlanDocument, planUri } from './planDocument.ts';
import { RowMarks } from './rowMarks.ts';
import { standingRow } from './standingWords.ts';
import { syncCommands } from './syncCommands.ts';
import { type CreateSync, SyncController } from './syncController.ts';
import { syncMarks } from './syncMarks.ts';
import { SyncProblems } from './syncProblems.ts';
import type { SyncStanding } from './syncStanding.ts';

type Handler = (argument: unknown) => Promise<void>;

export interface SyncUiOptions {
  readonly root: OpenRoot;
  readonly reporter: Reporter;
  readonly log: Log;
  /** Brings the lines about requests into view. */
  readonly showRequests: () => void;
  readonly context: vscode.ExtensionContext;
  readonly createSync: CreateSync;
  readonly createBulk: CreateBulk;
  readonly resolving: () => Resolving;
  readonly environmentToken: EnvironmentToken | undefined;
  /** The uid of the incident whose timeline is active. */
  readonly shown: ConflictCommandsOptions['shown'];
  /** Where the views look. */
  readonly standing: SyncStanding;
  /** Has editors of virtual files look again. */
  readonly changed: (...uris: readonly vscode.Uri[]) => void;
}

/** What people see of sync, and do about it. */
export class SyncUi implements vscode.Disposable {
  readonly handlers: Readonly<Record<SyncUiCommand, Handler>>;
  readonly #conflicts: ConflictDocuments;
  readonly #plan: PlanDocument;
  readonly #own: vscode.Disposable[];

  constructor(options: SyncUiOptions) {
    const { root, reporter, log, context, createSync, createBulk, resolving, shown, standing, changed } = options;
    const tokens = new GitHubTokens(context.secrets, options.environmentToken, log);
    const sync = new SyncController({ root, reporter, log, tokens, createSync, memory: context.globalState });
    const problems = new SyncProblems();
    this.#conflicts = new ConflictDocuments(root, reporter, resolving, context.workspaceState);
    this.#plan = new PlanDocument(root, () => sync.standing);
    const show = () => {
      const { session } = root;
      standing.show({
        row: standingRow(sync.standing),
        marks: session ? syncMarks(session.index, sync.standing) : new Map(),
      });
      problems.show(session, sync.standing.problems);
      if (this.#plan.refresh()) changed(planUri);
    };
    this.handlers = {
      ...syncCommands({ root, sync, tokens, shown, showRequests: options.showRequests }),
      'firebreak.purgeEvent': (argument) => purgeCommand(root, argument, shown()),
      ...bulkCommands({ root, sync, createBulk, shown }),
      ...conflictCommands({ root, documents: this.#conflicts, resolving, changed, shown }),
    };
    this.#own = [
      sync,
      problems,
      this.#plan,
      this.#conflicts,
      new RowMarks(standing),
      new ConflictNotice(root),
      new PurgeWatch(root, reporter),
      sync.onDidChangeStanding(show),
      root.onDidOpen(show),
      root.onDidChange(show),
    ];
    show();
  }

  async file(uri: vscode.Uri): Promise<VirtualFile | undefined> {
    return this.#plan.find(uri) ?? this.#conflicts.find(uri);
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}
