import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { findGitFolder } from './adapters/node/gitFolder.ts';
import { isAlive } from './adapters/node/isAlive.ts';
import { acquireLock } from './adapters/node/lock.ts';
import { NodeFiles } from './adapters/node/nodeFiles.ts';
import {
  defaultUserStateFolder,
  hasPrivateState,
  openPrivateState,
  openServerState,
  originOf,
  type PrivateState,
} from './adapters/node/privateState.ts';
import { userName } from './adapters/node/userName.ts';
import { folderWatching } from './adapters/node/watchFolder.ts';
import { ChannelLog } from './adapters/vscode/channelLog.ts';
import { WorkspaceFiles } from './adapters/vscode/workspaceFiles.ts';
import { FirebreakError } from './core/errors.ts';
import type { RepositoryName } from './core/github.ts';
import type { Git } from './core/ports/git.ts';
import type { RequestGate } from './core/ports/requestGate.ts';
import type { SecretMask } from './core/ports/secretMask.ts';
import { mayInferEdits } from './services/inferenceGuard.ts';
import { publishedReviews } from './services/publishedReviews.ts';
import type { RequestPace } from './services/sync/pacing.ts';
import { activateUserInterface } from './ui/activate.ts';
import type { OpenSession, PortsFor } from './ui/session/openRoot.ts';
import { settings } from './ui/settings.ts';
import type { CreateBulk } from './ui/sync/bulkCommands.ts';
import type { CreateSync, SyncTarget } from './ui/sync/syncController.ts';

// Loaded at first use: sync, octokit and simple-git are no part of what every start of VS Code reads.
const loadGit = () => require('./gitAdapter.js') as typeof import('./adapters/git/bundle.ts');
const loadSync = () => require('./sync.js') as typeof import('./services/sync/bundle.ts');
const loadSyncUi = () => require('./syncUi.js') as typeof import('./ui/sync/bundle.ts');
const loadMachine = () => require('./machine.js') as typeof import('./adapters/node/machineBundle.ts');
const loadSecrets = () => require('./secrets.js') as typeof import('./adapters/secrets/bundle.ts');
const loadCommands = () => require('./commands.js') as typeof import('./ui/commands/bundle.ts');
const loadRoomUi = () => require('./roomUi.js') as typeof import('./ui/room/bundle.ts');
const loadPanels = () => require('./panels.js') as typeof import('./ui/timeline/bundle.ts');
const loadRecordingUi = () => require('./recordingUi.js') as typeof import('./ui/recording/bundle.ts');
const loadAlertsUi = () => require('./alertsUi.js') as typeof import('./ui/alerts/bundle.ts');
const loadAlertmanager = () => require('./alertmanager.js') as typeof import('./adapters/alerts/bundle.ts');
const loadWarRoomUi = () => require('./warRoomUi.js') as typeof import('./ui/warRoom/bundle.ts');
const loadMessaging = () => require('./messaging.js') as typeof import('./adapters/messaging/bundle.ts');
const loadGitHub = () => require('./githubAdapter.js') as typeof import('./adapters/github/bundle.ts');

/** The composition root in VS Code: it wires adapters to ports, and does nothing else. */
export function activate(context: vscode.ExtensionContext): void {
  const begin = performance.now();
  const channel = vscode.window.createOutputChannel('Firebreak', { log: true });
  context.subscriptions.push(channel);
  const log = new ChannelLog(channel);
  // One line for each request, apart from the rest, where somebody looks who wants to know what is asked of GitHub.
  let requests: vscode.LogOutputChannel | undefined;
  const requestLog = () => {
    if (!requests) {
      requests = vscode.window.createOutputChannel('Firebreak: GitHub Requests', { log: true });
      context.subscriptions.push(requests);
      requests.info(
        vscode.l10n.t(
          'Each request to GitHub from now on is a line here, with its status and what is left of the quota.',
        ),
      );
    }
    return requests;
  };
  const privateStates = new Map<string, PrivateState>();

  const portsFor: PortsFor = async (root, { trusted, used }) => {
    const opened = trusted && (used || (await isKnown(root))) ? await openState(root) : undefined;
    if (opened) privateStates.set(root.toString(), opened.state);
    else privateStates.delete(root.toString());
    return {
      files: new WorkspaceFiles(new NodeFiles(root.fsPath), root),
      privateFiles: opened?.state.files,
      origin: opened?.origin ?? randomBytes(3).toString('hex'),
      now: Date.now,
      random: () => randomBytes(4).readUInt32BE() / 2 ** 32,
      log,
      git: lazyGit(root.fsPath, trusted),
      fallbackAuthor: userName(),
      watchFolder: folderWatching(root.fsPath),
    };
  };

  // Made when there is something to keep: not in each repository that somebody happens to open.
  const isKnown = (root: vscode.Uri) => hasPrivateState(root.fsPath, defaultUserStateFolder());

  const openState = async (root: vscode.Uri) => {
    try {
      const state = await openPrivateState(root.fsPath, defaultUserStateFolder());
      return { state, origin: await originOf(state) };
    } catch (error) {
      log.error('There is no place for private state: no journal, no sync', error);
      return undefined;
    }
  };

  // One for each server, for as long as VS Code runs: it knows what the last answer told of time and quota.
  const servers = new Map<string, Promise<{ state: PrivateState; pace: RequestPace }>>();
  const serverOf = (origin: string, clone: PrivateState) => {
    const open = async () => {
      const state = await openServerState(origin, defaultUserStateFolder(), clone);
      const { RequestPace, paceLimits } = loadSync();
      const pace = new RequestPace({
        files: state.files,
        lock: () => acquireLock(state, 'pace'),
        now: Date.now,
        sleep,
        limits: () => paceLimits(settings.createsPerMinute(), settings.createsPerHour()),
        patience: 5_000,
      });
      return { state, pace };
    };
    const server = servers.get(origin) ?? open();
    servers.set(origin, server);
    server.catch(() => servers.delete(origin));
    return server;
  };

  const openTarget = async (session: OpenSession, { apiUrl, token }: SyncTarget) => {
    const state = privateStates.get(session.root.uri.toString());
    if (!state) throw new FirebreakError('noFolder', 'There is no place for the state of a sync here.');
    const server = await serverOf(new URL(apiUrl).origin, state);
    const tracker = (gate: RequestGate) => async (repository: RepositoryName) =>
      loadGitHub().createIssueTracker({
        apiUrl,
        token,
        repository,
        now: Date.now,
        log: (line) => requestLog().info(line),
        gate,
      });
    return { state, server, tracker };
  };

  const createBulk: CreateBulk = async (session, target) => {
    const { state, server, tracker } = await openTarget(session, target);
    const { ImportIssues, PublishItems } = loadSync();
    const shared = { services: session.context, privateFiles: state.files, settings: target.settings };
    return {
      importer: new ImportIssues({
        ...shared,
        repository: target.repository,
        tracker: tracker(server.pace.bulk),
        lock: () => acquireLock(state, 'import'),
      }),
      publishing: new PublishItems({ ...shared, pace: server.pace, lock: () => acquireLock(state, 'chosen') }),
    };
  };

  const createSync: CreateSync = async (session, target) => {
    const { state, server, tracker } = await openTarget(session, target);
    const { GitHubSync } = loadSync();
    return new GitHubSync({
      services: session.context,
      privateFiles: state.files,
      repository: target.repository,
      settings: target.settings,
      tracker: tracker(server.pace),
      lock: () => acquireLock(state, 'sync'),
      repositoryLock: (id) => acquireLock(server.state, `repository-${id}`),
      pace: server.pace,
      mayPushInferred: async () => mayInferEdits(await session.git(), target.branch),
      published: async () => publishedReviews(await session.git(), target.repository),
      paused: async () => (await session.git())?.operationUnderWay(),
      log,
    });
  };

  // A window has the memory of the reminders for some milliseconds; one that is busy keeps nobody waiting for long.
  const patientLock = async (session: OpenSession, name: string) => {
    const state = privateStates.get(session.root.uri.toString());
    for (let waitedMs = 0; state && waitedMs <= 2_000; waitedMs += 50) {
      const lock = await acquireLock(state, name);
      if (lock) return lock;
      await sleep(50);
    }
    return undefined;
  };

  let secretMask: SecretMask | undefined;
  const mask: SecretMask = (text) => {
    secretMask ??= loadSecrets().createSecretMask();
    return secretMask(text);
  };

  activateUserInterface({
    context,
    log,
    showLog: () => channel.show(),
    portsFor,
    privateFolder: (session) => {
      const state = privateStates.get(session.root.uri.toString());
      return state && vscode.Uri.file(state.folder);
    },
    createSync,
    createBulk,
    actionPorts: (session) => {
      const { NodeEvidence, NodeProcesses } = loadMachine();
      const { fsPath } = session.root.uri;
      return {
        processes: new NodeProcesses(fsPath, process.env),
        evidence: new NodeEvidence(fsPath),
        mask,
        privateFiles: session.privateFiles,
        keeper: process.pid,
      };
    },
    openCommands: (options) => loadCommands().workCommands(options),
    openSyncUi: (options) => new (loadSyncUi().SyncUi)({ ...options, resolving: () => loadSync().resolving }),
    openWarRoomUi: (options) =>
      new (loadWarRoomUi().WarRoomUi)({
        ...options,
        lock: patientLock,
        openMessengers: (targets) => loadMessaging().openMessengers(targets),
      }),
    openPanels: (options) => new (loadPanels().LivePanels)(options),
    openRoomUi: (options) => new (loadRoomUi().RoomUi)({ ...options, lock: patientLock, isAlive }),
    openAlertsUi: (options) =>
      new (loadAlertsUi().AlertsUi)({
        ...options,
        lock: patientLock,
        mask,
        createSource: (target) =>
          loadAlertmanager().createAlertSource({
            ...target,
            fetch: globalThis.fetch,
            log: (line) => log.debug(`Alertmanager: ${line}`),
          }),
      }),
    openRecordingUi: (options) =>
      new (loadRecordingUi().RecordingUi)({
        ...options,
        lock: patientLock,
        mask,
        activityOf: async (session) => {
          const found = await findGitFolder(session.root.uri.fsPath);
          return found && loadGit().gitActivity(found);
        },
        watchPrivate: (session) => {
          const state = privateStates.get(session.root.uri.toString());
          return state && folderWatching(state.folder);
        },
      }),
    showRequests: () => requestLog().show(),
    environmentToken: environmentToken(process.env),
  });
  log.info(`Activated in ${(performance.now() - begin).toFixed(1)} ms`);
}

/** git, loaded when first needed. The hooks and config of a repository run, so only a trusted one is touched. */
function lazyGit(root: string, trusted: boolean): () => Promise<Git | undefined> {
  let git: Promise<Git | undefined> | undefined;
  const load = async () => {
    if (!trusted || !(await findGitFolder(root))) return undefined;
    return loadGit().createGit(root);
  };
  return () => {
    // A folder becomes a repository by `git init` at any time, so only a found one is remembered.
    git ??= load().then((found) => {
      if (!found) git = undefined;
      return found;
    });
    return git;
  };
}

/** A token from this machine's environment, with the one origin that it is meant for. */
function environmentToken(environment: NodeJS.ProcessEnv) {
  const { FIREBREAK_GITHUB_TOKEN: token, FIREBREAK_GITHUB_TOKEN_ORIGIN: origin } = environment;
  return token && origin ? { token, origin } : undefined;
}
