import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gitActivity } from '../../../../src/adapters/git/gitActivity.ts';
import { findGitFolder } from '../../../../src/adapters/node/gitFolder.ts';

/** A real repository, with git's clock where the test wants it; a tag has the machine's. */
class Repository {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  git(at: number, ...words: string[]): string {
    const date = `${at / 1000} +0000`;
    const env = {
      PATH: process.env.PATH,
      HOME: this.folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    };
    return execFileSync('git', ['-c', 'user.name=Alice', '-c', 'user.email=alice@example.com', ...words], {
      cwd: this.folder,
      env,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  }

  async activity() {
    const found = await findGitFolder(this.folder);
    assert.ok(found);
    return gitActivity(found);
  }

  async seen(since: number) {
    return (await (await this.activity()).since(since)).map(({ kind, text, ref }) => [kind, text, ref]);
  }

  head(): string {
    return this.git(0, 'rev-parse', 'HEAD').slice(0, 9);
  }
}

const start = Date.UTC(2025, 8, 23, 14, 30);

describe('the activity of a repository', function () {
  this.timeout(30_000);
  let home = '';
  let repository: Repository;

  beforeEach(async () => {
    home = await mkdtemp(path.join(await realpath(tmpdir()), 'firebreak-activity-'));
    execFileSync('git', ['init', '--quiet', '--initial-branch=main', path.join(home, 'shop')]);
    repository = new Repository(path.join(home, 'shop'));
    repository.git(start - 60_000, 'commit', '--quiet', '--allow-empty', '-m', 'before');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('is its commits and switches of branches, in their order, from a moment on', async () => {
    const before = repository.head();
    repository.git(start, 'switch', '--quiet', '-c', 'fix/pool');
    await writeFile(path.join(repository.folder, 'pool.ts'), 'export const timeout = 30;\n');
    repository.git(start + 1_000, 'add', 'pool.ts');
    repository.git(start + 1_000, 'commit', '--quiet', '-m', 'Give the pool: its timeout back\n\nbody');
    const fix = repository.head();
    repository.git(start + 2_000, 'commit', '--quiet', '--amend', '-m', 'Give the pool its timeout');
    const amended = repository.head();
    repository.git(start + 3_000, 'switch', '--quiet', 'main');
    repository.git(start + 4_000, 'merge', '--quiet', '--no-ff', '-m', 'merged', 'fix/pool');
    const merge = repository.head();
    repository.git(start + 5_000, 'revert', '--no-edit', '-m', '1', 'HEAD');
    const revert = repository.head();
    repository.git(start + 6_000, 'reset', '--quiet', '--hard', 'HEAD~1');
    assert.deepEqual(await repository.seen(start), [
      ['branch', 'Switched from main to fix/pool', before],
      ['commit', 'Give the pool: its timeout back', fix],
      ['commit', 'Give the pool its timeout (amended)', amended],
      ['branch', 'Switched from fix/pool to main', before],
      ['commit', 'Merge of fix/pool', merge],
      ['commit', 'Revert "merged"', revert],
      ['branch', `Reset from ${revert}`, merge],
    ]);
    assert.deepEqual((await repository.seen(start + 5_000)).length, 2);
    const keys = (await (await repository.activity()).since(start)).map(({ kind, key }) => `${kind} ${key}`);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('leaves out what Firebreak itself commits and pushes', async () => {
    execFileSync('git', ['init', '--quiet', '--bare', path.join(home, 'server.git')]);
    repository.git(start, 'remote', 'add', 'origin', path.join(home, 'server.git'));
    repository.git(start, 'commit', '--quiet', '--allow-empty', '-m', 'Firebreak: record BUG-P0-20250923-1430');
    repository.git(start, 'push', '--quiet', 'origin', 'main');
    assert.deepEqual(await repository.seen(start), []);
  });

  it('is its pushes and tags', async () => {
    execFileSync('git', ['init', '--quiet', '--bare', path.join(home, 'server.git')]);
    repository.git(start, 'remote', 'add', 'origin', path.join(home, 'server.git'));
    repository.git(start, 'push', '--quiet', 'origin', 'main', 'main:release/1.4');
    repository.git(start, 'tag', 'v1.4.2');
    const head = repository.head();
    const seen = await repository.seen(start);
    assert.deepEqual(seen.sort(), [
      ['push', 'Pushed main to origin', head],
      ['push', 'Pushed release/1.4 to origin', head],
      ['tag', 'Tag v1.4.2', head],
    ]);
  });

  it('is seen in a linked work tree by itself', async () => {
    const linked = path.join(home, 'linked');
    repository.git(start - 30_000, 'worktree', 'add', '--quiet', '-b', 'other', linked);
    new Repository(linked).git(start, 'commit', '--quiet', '--allow-empty', '-m', 'there');
    assert.deepEqual(await repository.seen(start), []);
    const seen = await new Repository(linked).seen(start);
    assert.deepEqual(
      seen.map(([, text]) => text),
      ['there'],
    );
  });

  it('is nothing where the logs are broken or missing', async () => {
    const logs = path.join(repository.folder, '.git/logs/HEAD');
    await writeFile(logs, 'garbage\n\u0000\n'.repeat(10));
    assert.deepEqual(await repository.seen(0), []);
    await rm(path.join(repository.folder, '.git/logs'), { recursive: true });
    assert.deepEqual(await repository.seen(start), []);
  });

  it('is told when it happens', async () => {
    const activity = await repository.activity();
    let told = () => {};
    const change = new Promise<void>((resolve) => {
      told = resolve;
    });
    const watching = activity.watch(() => told());
    try {
      repository.git(start, 'commit', '--quiet', '--allow-empty', '-m', 'now');
      await change;
    } finally {
      watching.dispose();
    }
  });
});
