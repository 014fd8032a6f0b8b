import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { version } from '../../package.json';
import { NodeEvidence } from '../adapters/node/evidence.ts';
import { findGitFolder } from '../adapters/node/gitFolder.ts';
import { acquireLock } from '../adapters/node/lock.ts';
import { NodeFiles } from '../adapters/node/nodeFiles.ts';
import {
  defaultUserStateFolder,
  openPrivateState,
  openServerState,
  originOf,
  type PrivateState,
} from '../adapters/node/privateState.ts';
import { NodeProcesses } from '../adapters/node/processes.ts';
import { runProgram } from '../adapters/node/runProgram.ts';
import { userName } from '../adapters/node/userName.ts';
import { FirebreakError } from '../core/errors.ts';
import { folderName } from '../core/folderName.ts';
import { type Log, silentLog } from '../core/ports/environment.ts';
import { FileError } from '../core/ports/files.ts';
import { openSession } from '../services/session.ts';
import type { Cli, Server } from './cli.ts';
import { findRootFolder } from './rootFolder.ts';
import { runCli } from './runCli.ts';
import { type Terminal, wantsColor } from './terminal.ts';
import { readWorkspaceSettings } from './workspaceSettings.ts';

// git, sync and GitHub are loaded when a command needs them: `list` in a hook must not wait for octokit.
const loadSync = () => require('./sync.js') as typeof import('../services/sync/bundle.ts');
const loadGit = () => require('./gitAdapter.js') as typeof import('../adapters/git/bundle.ts');
const loadSecrets = () => require('./secrets.js') as typeof import('../adapters/secrets/bundle.ts');
const loadProxy = () => require('./proxyFetch.js') as typeof import('../adapters/node/proxyFetch.ts');
const loadAlerts = () => require('./alertmanager.js') as typeof import('../adapters/alerts/bundle.ts');
const loadMessaging = () => require('./messaging.js') as typeof import('../adapters/messaging/bundle.ts');
const loadGitHub = () => require('./githubAdapter.js') as typeof import('../adapters/github/bundle.ts');

const terminal: Terminal = {
  color: wantsColor(process.stdout.isTTY === true, process.env),
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  async readInput() {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .replace(/\r\n?/g, '\n');
  },
  progress: (text) => void process.stderr.write(text),
  async ask(question) {
    if (!process.stdin.isTTY) return undefined;
    const reader = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await reader.question(question);
    } finally {
      reader.close();
    }
  },
};

const spokenLog: Log = {
  debug: (message) => terminal.err(`debug: ${message}`),
  info: (message) => terminal.err(`info: ${message}`),
  warn: (message) => terminal.err(`warning: ${message}`),
  error: (message, cause) => terminal.err(`error: ${message}${cause === undefined ? '' : `: ${String(cause)}`}`),
};

const cli: Cli = {
  terminal,
  version,
  environment: process.env,
  async open({ root, verbose }) {
    const folder = findRootFolder(root, process.cwd());
    const log = verbose ? spokenLog : silentLog;
    const state = await openPrivate(folder, log);
    const session = openSession({
      files: new NodeFiles(folder),
      privateFiles: state?.files,
      origin: state ? await originOf(state) : randomBytes(3).toString('hex'),
      now: Date.now,
      random: () => randomBytes(4).readUInt32LE() / 2 ** 32,
      log,
      git: async () => ((await findGitFolder(folder)) ? loadGit().createGit(folder) : undefined),
      fallbackAuthor: userName(),
    });
    await session.index.load();
    return {
      ...session,
      here: folderName(process.cwd(), folder, homedir()),
      lock: async (name) => state && acquireLock(state, name),
      actionPorts: () => ({
        processes: new NodeProcesses(folder, process.env),
        evidence: new NodeEvidence(folder),
        mask: (text) => loadSecrets().createSecretMask()(text),
        privateFiles: state?.files,
        keeper: process.pid,
      }),
      workspaceSettings: () => readWorkspaceSettings(folder),
      server: async (origin) => state && openServer(origin, state),
    };
  },
  onInterrupt(act) {
    process.on('SIGINT', act);
    return () => void process.off('SIGINT', act);
  },
  secretMask: async () => loadSecrets().createSecretMask(),
  runProgram,
  wait,
  createSync: (options) => new (loadSync().GitHubSync)(options),
  createImport: (options) => new (loadSync().ImportIssues)(options),
  createPublishing: (options) => new (loadSync().PublishItems)(options),
  openAlerts: ({ log, ...target }) =>
    loadAlerts().createAlertSource({
      fetch: globalThis.fetch,
      ...throughProxy(),
      ...target,
      log: (line) => log.debug(line),
    }),
  openMessengers: async (targets) => loadMessaging().openMessengers(targets, throughProxy().fetch),
  openTracker: async ({ log, ...target }) =>
    loadGitHub().createIssueTracker({ ...target, ...throughProxy(), now: Date.now, log: (line) => log.debug(line) }),
};

let interrupted: AbortController | undefined;

/** An interruption ends what goes on as if it were done: that is how one leaves a command that watches. */
async function wait(milliseconds: number): Promise<boolean> {
  if (!interrupted) {
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
    interrupted = stop;
  }
  const { signal } = interrupted;
  await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return !signal.aborted;
}

/** What all clones of this user on this machine share about one server. */
async function openServer(origin: string, clone: PrivateState): Promise<Server> {
  const state = await openServerState(origin, defaultUserStateFolder(), clone);
  const { RequestPace, paceLimits } = loadSync();
  const { FIREBREAK_CREATES_PER_MINUTE, FIREBREAK_CREATES_PER_HOUR } = process.env;
  const limits = paceLimits(wish(FIREBREAK_CREATES_PER_MINUTE), wish(FIREBREAK_CREATES_PER_HOUR));
  const lock = (name: string) => acquireLock(state, name);
  return {
    pace: new RequestPace({
      files: state.files,
      lock: () => lock('pace'),
      now: Date.now,
      sleep,
      limits: () => limits,
      // A terminal that waits says so by waiting; nobody wants to call it again each minute.
      patience: 70_000,
    }),
    lock: (repositoryId) => lock(`repository-${repositoryId}`),
  };
}

/** Node's own fetch knows no proxies. Where none is named it does, and no other is loaded. */
function throughProxy(): { fetch?: typeof globalThis.fetch } {
  const { env } = process;
  const isNamed = env.https_proxy || env.HTTPS_PROXY || env.http_proxy || env.HTTP_PROXY;
  return isNamed ? { fetch: loadProxy().proxyFetch(env, globalThis.fetch) } : {};
}

function wish(value: string | undefined): number | undefined {
  return value ? Number(value) : undefined;
}

/** Where nothing private can be kept (a read-only medium) there is no journal, and reading goes on. */
async function openPrivate(root: string, log: Log): Promise<PrivateState | undefined> {
  try {
    const state = await openPrivateState(root, defaultUserStateFolder());
    await originOf(state);
    return state;
  } catch (error) {
    if (!FirebreakError.is(error, 'readOnly') && !FileError.is(error)) throw error;
    log.warn(`There is no journal: ${error.message}`);
    return undefined;
  }
}

// A reader that has seen enough (`firebreak list | head`) goes away; what a command does is done all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

runCli(cli, process.argv.slice(2)).then((exitCode) => {
  // Everything is done and awaited; what is still open (sockets that are kept, timers of libraries) is nothing to wait
  // for. What was said has to be through, though.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
});
