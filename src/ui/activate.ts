import * as vscode from 'vscode';
import type { Log } from '../core/ports/environment.ts';
import type { ActionPorts } from '../services/actions/runAction.ts';
import type { AlertsUi, AlertsUiOptions } from './alerts/alertsUi.ts';
import { LazyAlertsUi } from './alerts/lazyAlertsUi.ts';
import type { LazyCommand } from './commands/lazyCommands.ts';
import type { WorkCommands, WorkCommandsOptions } from './commands/workCommands.ts';
import { commandTitles } from './commandTitles.ts';
import { CommitOffer } from './commitOffer.ts';
import { type CommandId, commandIds } from './contributions.ts';
import { DraftCodeLens } from './draftCodeLens.ts';
import { HandEdits } from './handEdits.ts';
import { IncidentCodeLens } from './incidentCodeLens.ts';
import { LazyPart } from './lazyPart.ts';
import { MissingNotice } from './missingNotice.ts';
import { Problems } from './problems.ts';
import { LazyRecordingUi } from './recording/lazyRecordingUi.ts';
import type { RecordingUi, RecordingUiOptions } from './recording/recordingUi.ts';
import { ReferenceTree } from './reference/referenceTree.ts';
import { RunbookCodeLens } from './reference/runbookCodeLens.ts';
import { ReminderStanding } from './reminderStanding.ts';
import { Reporter } from './reporter.ts';
import { LazyRoomUi } from './room/lazyRoomUi.ts';
import type { RoomUi, RoomUiOptions } from './room/roomUi.ts';
import { OpenRoot, type OpenSession, type PortsFor } from './session/openRoot.ts';
import { StatusBar } from './statusBar.ts';
import { StatusUpdateDrafts } from './statusUpdateDraft.ts';
import type { CreateBulk } from './sync/bulkCommands.ts';
import type { EnvironmentToken } from './sync/githubTokens.ts';
import { issueUrl } from './sync/issueUrl.ts';
import { LazySyncUi } from './sync/lazySyncUi.ts';
import type { CreateSync } from './sync/syncController.ts';
import { SyncStanding } from './sync/syncStanding.ts';
import type { SyncUi, SyncUiOptions } from './sync/syncUi.ts';
import { Ticker } from './ticker.ts';
import type { LivePanels, LivePanelsOptions } from './timeline/livePanels.ts';
import { TimelinePanels } from './timeline/timelinePanels.ts';
import { BacklogTree } from './views/backlogTree.ts';
import { BacklogView } from './views/backlogView.ts';
import { IncidentsTree } from './views/incidentsTree.ts';
import { IncidentsView } from './views/incidentsView.ts';
import { VirtualFiles } from './virtualFiles.ts';
import { LazyWarRoomUi } from './warRoom/lazyWarRoomUi.ts';
import type { WarRoomUi, WarRoomUiOptions } from './warRoom/warRoomUi.ts';
import { WarRoomStanding } from './warRoomStanding.ts';

/** What the composition root supplies. */
export interface UserInterfaceOptions {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly showLog: () => void;
  readonly portsFor: PortsFor;
  /** Where a session's private state is on disk. */
  readonly privateFolder: (session: OpenSession) => vscode.Uri | undefined;
  readonly createSync: CreateSync;
  readonly createBulk: CreateBulk;
  /** What running actions needs of this machine. */
  readonly actionPorts: (session: OpenSession) => ActionPorts;
  /** Loads what people do with incidents, backlog and git. */
  readonly openCommands: (options: WorkCommandsOptions) => WorkCommands;
  /** Loads what people see of sync. */
  readonly openSyncUi: (options: Omit<SyncUiOptions, 'resolving'>) => SyncUi;
  /** Loads the incident room: the reminders. */
  readonly openRoomUi: (options: Omit<RoomUiOptions, 'lock' | 'isAlive'>) => RoomUi;
  /** Loads alerts. */
  readonly openAlertsUi: (
    options: Pick<AlertsUiOptions, 'root' | 'ticker' | 'reporter' | 'log' | 'secrets' | 'shown'>,
  ) => AlertsUi;
  /** Loads recording. */
  readonly openRecordingUi: (
    options: Pick<RecordingUiOptions, 'root' | 'reporter' | 'memory' | 'shown'>,
  ) => RecordingUi;
  /** Loads the war room. */
  readonly openWarRoomUi: (options: Omit<WarRoomUiOptions, 'lock' | 'openMessengers'>) => WarRoomUi;
  /** Loads the timeline panels. */
  readonly openPanels: (options: LivePanelsOptions) => LivePanels;
  readonly showRequests: () => void;
  readonly environmentToken: EnvironmentToken | undefined;
}

/** Builds everything that people touch. The folder is read afterwards, in the background. */
export function activateUserInterface(options: UserInterfaceOptions): void {
  const { context, log } = options;
  const own = <T extends vscode.Disposable>(disposable: T): T => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  const reporter = new Reporter(log, options.showLog);
  const root = own(new OpenRoot(options.portsFor, reporter, context.workspaceState));
  const ticker = own(new Ticker(root));
  const standing = own(new SyncStanding());
  const tree = own(new BacklogTree(root, context.workspaceState, standing));
  own(new BacklogView(root, tree));
  const reminders = own(new ReminderStanding());
  const warRooms = own(new WarRoomStanding());
  own(new IncidentsView(new IncidentsTree(root, ticker, standing, warRooms), reminders));
  own(new StatusBar(root, ticker, reminders));
  own(new Problems(root));
  own(new IncidentCodeLens(root));
  own(new HandEdits(root, reporter));
  own(new MissingNotice(root));
  own(new CommitOffer(root, reporter, context.workspaceState));
  const panels = own(
    new TimelinePanels(() => options.openPanels({ extensionUri: context.extensionUri, root, reporter, issueUrl })),
  );
  const drafts = own(new StatusUpdateDrafts(root, options.privateFolder));
  own(new DraftCodeLens(drafts));
  own(new ReferenceTree(root));
  own(new RunbookCodeLens(root, () => panels.activeUid));
  const virtualFiles: VirtualFiles = own(new VirtualFiles((uri) => syncUi.file(uri)));
  const syncUi = own(
    new LazySyncUi(root, () =>
      options.openSyncUi({
        root,
        reporter,
        log,
        context,
        standing,
        createSync: options.createSync,
        createBulk: options.createBulk,
        environmentToken: options.environmentToken,
        showRequests: options.showRequests,
        shown: () => panels.activeUid,
        changed: (...uris) => virtualFiles.changed(...uris),
      }),
    ),
  );

  const shown = () => panels.activeUid;
  const roomUi = own(
    new LazyRoomUi(root, () => options.openRoomUi({ root, ticker, reporter, standing: reminders, shown })),
  );
  const alertsUi = own(
    new LazyAlertsUi(root, () =>
      options.openAlertsUi({ root, ticker, reporter, log, secrets: context.secrets, shown }),
    ),
  );
  const recordingUi = own(
    new LazyRecordingUi(root, reporter, () =>
      options.openRecordingUi({ root, reporter, memory: context.globalState, shown }),
    ),
  );

  const warRoomUi = own(
    new LazyWarRoomUi(root, () =>
      options.openWarRoomUi({
        root,
        reporter,
        standing: warRooms,
        secrets: context.secrets,
        shown,
        privateFolder: options.privateFolder,
      }),
    ),
  );

  const elsewhere: Record<Exclude<CommandId, LazyCommand>, (...parameters: unknown[]) => unknown> = {
    ...syncUi.handlers,
    ...roomUi.handlers,
    ...alertsUi.handlers,
    ...warRoomUi.handlers,
    ...recordingUi.handlers,
    'firebreak.chooseFolder': async () => {
      const folder = await vscode.window.showWorkspaceFolderPick({
        placeHolder: vscode.l10n.t('Which folder holds your incidents?'),
      });
      if (folder) await root.choose(folder);
    },
    'firebreak.showLog': () => options.showLog(),
  };
  const work = own(
    new LazyPart(
      commandIds.filter((id): id is LazyCommand => !Object.hasOwn(elsewhere, id)),
      () => ({
        handlers: options.openCommands({ root, panels, tree, drafts, reporter, portsOf: options.actionPorts }),
      }),
    ),
  );
  const handlers: Record<CommandId, (...parameters: unknown[]) => unknown> = { ...elsewhere, ...work.handlers };
  const titles = commandTitles(context.extension.packageJSON);
  for (const [id, handler] of Object.entries(handlers)) {
    own(
      vscode.commands.registerCommand(id, (...parameters: unknown[]) =>
        reporter.run(titles.get(id) ?? id, async () => handler(...parameters)),
      ),
    );
  }
  reporter.background('Opening the folder', () => root.open());
}
