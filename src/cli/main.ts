import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { version } from '../../package.json';
import { findGitFolder } from '../adapters/node/gitFolder.ts';
import { NodeFiles } from '../adapters/node/nodeFiles.ts';
import { defaultUserStateFolder, openPrivateState, originOf } from '../adapters/node/privateState.ts';
import { FirebreakError } from '../core/errors.ts';
import { type Log, silentLog } from '../core/ports/environment.ts';
import { FileError, type Files } from '../core/ports/files.ts';
import { openSession } from '../services/session.ts';
import type { Cli } from './cli.ts';
import { findRootFolder } from './rootFolder.ts';
import { runCli } from './runCli.ts';
import { type Terminal, wantsColor } from './terminal.ts';

// git and GitHub are loaded when a command needs them: `list` in a hook must not wait for octokit.
const loadGit = () => require('./gitAdapter.js') as typeof import('../adapters/git/bundle.ts');
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
    const { privateFiles, origin } = await openPrivate(folder, log);
    const session = openSession({
      files: new NodeFiles(folder),
      privateFiles,
      origin,
      now: Date.now,
      random: () => randomBytes(4).readUInt32LE() / 2 ** 32,
      log,
      git: async () => ((await findGitFolder(folder)) ? loadGit().createGit(folder) : undefined),
      fallbackAuthor: userName(),
    });
    await session.index.load();
    return session;
  },
  openTracker: async ({ log, ...target }) =>
    loadGitHub().createIssueTracker({ ...target, now: Date.now, log: (line) => log.debug(line) }),
};

/** Where nothing private can be kept (a read-only medium) there is no journal, and reading goes on. */
async function openPrivate(root: string, log: Log): Promise<{ privateFiles: Files | undefined; origin: string }> {
  try {
    const state = await openPrivateState(root, defaultUserStateFolder());
    return { privateFiles: state.files, origin: await originOf(state) };
  } catch (error) {
    if (!FirebreakError.is(error, 'readOnly') && !FileError.is(error)) throw error;
    log.warn(`There is no journal: ${error.message}`);
    return { privateFiles: undefined, origin: randomBytes(3).toString('hex') };
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // Some containers run under a user id that has no name.
    return process.env.USER || 'unknown';
  }
}

// A reader that has seen enough (`firebreak list | head`) goes away; what a command does is done all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

runCli(cli, process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
