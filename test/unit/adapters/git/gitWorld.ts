import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GitFailure, type GitFailureReason } from '../../../../src/adapters/git/gitFailure.ts';
import { GitRepository } from '../../../../src/adapters/git/gitRepository.ts';
import { type ErrorCode, FirebreakError } from '../../../../src/core/errors.ts';
import { assertNoSecrets, type LegitimatePlace } from '../../../support/secretScan.ts';

/** What Firebreak shares, as far as these tests need it. */
export const ours = ['backlog', 'incidents', '.firebreak', 'incident-policy.yml'];

/** A folder with real repositories in it, and nothing of this machine's git configuration. */
export class GitWorld {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;

  constructor(folder: string, environment?: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.environment = environment ?? {
      ...process.env,
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      GIT_CONFIG_GLOBAL: path.join(folder, 'gitconfig'),
      GIT_CONFIG_NOSYSTEM: '1',
    };
  }

  at(...names: string[]): string {
    return path.join(this.folder, ...names);
  }

  /** Runs git. @returns its output */
  git(cwd: string, ...args: string[]): string {
    return execFileSync('git', args, { cwd: this.at(cwd), env: this.environment, encoding: 'utf8', stdio: 'pipe' });
  }

  readText(...names: string[]): Promise<string> {
    return readFile(this.at(...names), 'utf8');
  }

  /** A repository with one commit, and no remote. */
  async repository(name = 'repo'): Promise<Clone> {
    this.git('.', 'init', '-q', '-b', 'main', name);
    const clone = new Clone(this, name);
    await clone.write('README.md', 'shop\n');
    clone.git('add', '.');
    clone.git('commit', '-q', '-m', 'first');
    return clone;
  }

  remoteHook(name: string, script: string): Promise<void> {
    return writeHook(this.at('origin.git'), name, script);
  }

  /** A bare remote with one commit, and clones of it. */
  async clones<Names extends readonly string[]>(...names: Names): Promise<{ [Index in keyof Names]: Clone }> {
    const first = await this.repository('seed');
    this.git('.', 'clone', '-q', '--bare', 'seed', 'origin.git');
    await rm(first.folder, { recursive: true });
    const made: Clone[] = [];
    for (const name of names) made.push(await this.clone(name));
    return made as { [Index in keyof Names]: Clone };
  }

  /** A clone of the remote. A copy of the first one, which costs less than what git does for it. */
  async clone(name: string): Promise<Clone> {
    if (!existsSync(this.at('.pristine'))) {
      this.git('.', 'clone', '-q', 'origin.git', '.pristine');
      this.git('.pristine', 'remote', 'set-url', 'origin', '../origin.git');
    }
    await cp(this.at('.pristine'), this.at(name), { recursive: true });
    return new Clone(this, name);
  }
}

async function writeHook(gitFolder: string, name: string, script: string): Promise<void> {
  const file = path.join(gitFolder, 'hooks', name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

/** One work tree. */
export class Clone {
  readonly world: GitWorld;
  readonly name: string;

  constructor(world: GitWorld, name: string) {
    this.world = world;
    this.name = name;
  }

  get folder(): string {
    return this.world.at(this.name);
  }

  /** The adapter under test. @param root below the top */
  adapter(root = '', options: { silenceMs?: number; environment?: NodeJS.ProcessEnv } = {}): GitRepository {
    return new GitRepository(path.join(this.folder, root), { environment: this.world.environment, ...options });
  }

  git(...args: string[]): string {
    return this.world.git(this.name, ...args);
  }

  async write(file: string, content: string | Uint8Array): Promise<void> {
    const target = path.join(this.folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }

  read(file: string): Promise<string> {
    return readFile(path.join(this.folder, file), 'utf8');
  }

  remove(file: string): Promise<void> {
    return rm(path.join(this.folder, file), { recursive: true });
  }

  hook(name: string, script: string): Promise<void> {
    return writeHook(path.join(this.folder, '.git'), name, script);
  }

  status(): string[] {
    return this.git('status', '--porcelain', '-uall', '--no-renames', '-z').split('\0').filter(Boolean).sort();
  }

  /** The index as it is: modes, objects, stages and names. */
  index(): string {
    return this.git('ls-files', '--stage', '-z');
  }

  head(): string {
    return this.git('rev-parse', 'HEAD').trim();
  }

  /** The files that a commit touched. */
  committed(revision = 'HEAD'): string[] {
    return this.git('show', '--format=', '--name-only', '--no-renames', '-m', '--first-parent', '-z', revision)
      .split('\0')
      .filter(Boolean)
      .sort();
  }

  /** All files of a commit with their texts. */
  tree(revision = 'HEAD'): Record<string, string> {
    const names = this.git('ls-tree', '-r', '--name-only', '-z', revision).split('\0').filter(Boolean);
    return Object.fromEntries(names.map((name) => [name, this.git('cat-file', 'blob', `${revision}:${name}`)]));
  }

  /** All that the work tree and the repository hold, to be compared before and after. */
  async everything(): Promise<unknown> {
    return {
      head: this.head(),
      index: this.index(),
      status: this.status(),
      files: await this.files(),
      gitFolder: (await readdir(path.join(this.folder, '.git'))).filter((name) =>
        /^(?:MERGE|CHERRY_PICK|REVERT)_|^HEAD|rebase|sequencer|lock/.test(name),
      ),
    };
  }

  /** The files of the work tree with their texts. */
  async files(below = ''): Promise<Record<string, string>> {
    const entries = await readdir(path.join(this.folder, below), { withFileTypes: true });
    const all: Record<string, string> = {};
    for (const entry of entries) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (name === '.git') continue;
      if (entry.isDirectory()) Object.assign(all, await this.files(name));
      else if (entry.isFile()) all[name] = await this.read(name);
    }
    return all;
  }
}

const gitconfig = `[user]
	name = Alice
	email = alice@example.com
[init]
	defaultBranch = main
[protocol "file"]
	allow = always
[gc]
	auto = 0
[maintenance]
	auto = false
`;

async function newWorld(): Promise<GitWorld> {
  const world = new GitWorld(await realpath(await mkdtemp(path.join(tmpdir(), 'firebreak-git-'))));
  await writeFile(world.at('gitconfig'), gitconfig);
  return world;
}

/**
 * A world for each test, gone afterwards: a copy of one that is made once.
 * @param make what is in it
 * @param legitimate where a token may be left; anywhere else one fails the test
 */
export function gitWorld(
  make: (world: GitWorld) => Promise<unknown> = async () => undefined,
  legitimate: readonly LegitimatePlace[] = [],
): {
  readonly world: GitWorld;
} {
  let first: GitWorld | undefined;
  let world: GitWorld | undefined;
  const end = async (ended: GitWorld | undefined) => {
    if (!ended) return;
    try {
      assertNoSecrets(ended.folder, legitimate);
    } finally {
      await rm(ended.folder, { recursive: true, force: true, maxRetries: 3 });
    }
  };
  before(async () => {
    first = await newWorld();
    await make(first);
  });
  beforeEach(async () => {
    world = await newWorld();
    if (first) await cp(first.folder, world.folder, { recursive: true });
  });
  afterEach(() => end(world));
  after(() => end(first));
  return {
    get world() {
      return world ?? assert.fail('only within a test');
    },
  };
}

/** What git's refusal said: the code, the reason, and the sentence for the user. */
export async function refusal(
  act: Promise<unknown>,
  code: ErrorCode,
  reason: GitFailureReason,
): Promise<{ readonly sentence: string; readonly failure: GitFailure }> {
  try {
    await act;
  } catch (error) {
    assert.ok(FirebreakError.is(error), String(error));
    const failure = error.cause;
    assert.ok(failure instanceof GitFailure, `${error.message} (${String(failure)})`);
    assert.deepEqual([error.code, failure.reason], [code, reason], `${error.message}\n${failure.output}`);
    assert.doesNotMatch(error.message, /\n/);
    return { sentence: error.message, failure };
  }
  assert.fail(`not refused: ${reason}`);
}
