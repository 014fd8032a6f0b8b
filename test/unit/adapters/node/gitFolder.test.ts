import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findGitFolder } from '../../../../src/adapters/node/gitFolder.ts';
import { asOrdinaryUser } from './ordinaryUser.ts';
import { temporaryFolder } from './temporaryFolder.ts';

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Alice', '-c', 'user.email=alice@example.com', '-c', 'protocol.file.allow=always'];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...identity, ...args], { cwd, env, encoding: 'utf8', stdio: 'pipe' });
}

/** What git itself says: the oracle. */
function gitSays(cwd: string) {
  const at = (what: string) => path.resolve(cwd, git(cwd, 'rev-parse', what).replace(/\n$/, ''));
  return { workTree: at('--show-toplevel'), gitDir: at('--absolute-git-dir'), commonDir: at('--git-common-dir') };
}

describe('findGitFolder', function () {
  // The disk of a busy machine takes its time.
  this.timeout(20_000);
  const folder = temporaryFolder();
  beforeEach(() => {
    git(folder.path, 'init', '-q', '-b', 'main', 'repo');
    git(folder.at('repo'), 'commit', '-q', '--allow-empty', '-m', 'first');
  });

  it('says what git says, at the top and below', async () => {
    await mkdir(folder.at('repo', 'docs', 'ops'), { recursive: true });
    for (const place of [folder.at('repo'), folder.at('repo', 'docs'), folder.at('repo', 'docs', 'ops')]) {
      assert.deepEqual(await findGitFolder(place), gitSays(place));
    }
  });

  it('says what git says before the first commit', async () => {
    git(folder.path, 'init', '-q', '-b', 'main', 'fresh');
    assert.deepEqual(await findGitFolder(folder.at('fresh')), gitSays(folder.at('fresh')));
  });

  it('says what git says on a detached HEAD', async () => {
    git(folder.at('repo'), 'checkout', '-q', '--detach');
    assert.deepEqual(await findGitFolder(folder.at('repo')), gitSays(folder.at('repo')));
  });

  it('says what git says in a linked work tree, with its own git folder and the shared one', async () => {
    git(folder.at('repo'), 'worktree', 'add', '-q', '-b', 'fix', '../fix tree');
    const found = await findGitFolder(folder.at('fix tree'));
    assert.deepEqual(found, gitSays(folder.at('fix tree')));
    assert.equal(found?.commonDir, folder.at('repo', '.git'));
    assert.notEqual(found?.gitDir, found?.commonDir);
  });

  it('says what git says in a submodule', async () => {
    git(folder.path, 'init', '-q', '-b', 'main', 'outer');
    git(folder.at('outer'), 'submodule', 'add', '-q', '../repo', 'vendor/inner');
    const inner = folder.at('outer', 'vendor', 'inner');
    assert.deepEqual(await findGitFolder(inner), gitSays(inner));
  });

  it('says what git says where the git folder is elsewhere', async () => {
    git(folder.path, 'init', '-q', '--separate-git-dir', 'store', 'separate');
    assert.deepEqual(await findGitFolder(folder.at('separate')), gitSays(folder.at('separate')));
  });

  it('resolves a link that leads into a repository', async () => {
    await mkdir(folder.at('repo', 'docs'));
    await symlink(folder.at('repo', 'docs'), folder.at('docs'));
    assert.equal((await findGitFolder(folder.at('docs')))?.workTree, folder.at('repo'));
  });

  it('finds nothing where there is no repository, or no folder', async () => {
    assert.equal(await findGitFolder(folder.path), undefined);
    assert.equal(await findGitFolder(folder.at('nowhere')), undefined);
  });

  it('finds none inside the git folder', async () => {
    assert.equal(await findGitFolder(folder.at('repo', '.git')), undefined);
    assert.equal(await findGitFolder(folder.at('repo', '.git', 'refs')), undefined);
  });

  it('goes past an empty .git folder, as git does', async () => {
    await mkdir(folder.at('repo', 'docs', '.git'), { recursive: true });
    assert.deepEqual(await findGitFolder(folder.at('repo', 'docs')), gitSays(folder.at('repo', 'docs')));
  });

  const broken: Readonly<Record<string, string>> = {
    'that is empty': '',
    'of other words': 'hello\n',
    'that names nothing': 'gitdir: \n',
    'that leads nowhere': 'gitdir: ../gone/.git/worktrees/x\n',
    'that leads to a folder which is no git folder': 'gitdir: .\n',
    'of a megabyte': `gitdir: ${'x'.repeat(1_000_000)}\n`,
    'with a NUL': 'gitdir: a\0b\n',
  };
  for (const [what, content] of Object.entries(broken)) {
    it(`finds none at a .git file ${what}, though there is one above: git refuses it too`, async () => {
      await mkdir(folder.at('repo', 'docs'));
      await writeFile(folder.at('repo', 'docs', '.git'), content);
      assert.throws(() => git(folder.at('repo', 'docs'), 'rev-parse', '--show-toplevel'));
      assert.equal(await findGitFolder(folder.at('repo', 'docs')), undefined);
    });
  }

  it('finds none for a work tree whose clone was moved away', async () => {
    git(folder.at('repo'), 'worktree', 'add', '-q', '-b', 'fix', '../fix');
    await rename(folder.at('repo'), folder.at('moved'));
    assert.equal(await findGitFolder(folder.at('fix')), undefined);
  });

  it('finds none where HEAD or the objects are missing', async () => {
    const head = await readFile(folder.at('repo', '.git', 'HEAD'));
    await rm(folder.at('repo', '.git', 'HEAD'));
    assert.equal(await findGitFolder(folder.at('repo')), undefined);
    await writeFile(folder.at('repo', '.git', 'HEAD'), head);
    await rm(folder.at('repo', '.git', 'objects'), { recursive: true });
    assert.equal(await findGitFolder(folder.at('repo')), undefined);
  });

  it('finds none where it may not look', async () => {
    if (process.platform === 'win32') return;
    await chmod(folder.path, 0o755);
    await chmod(folder.at('repo', '.git'), 0o000);
    await asOrdinaryUser(async () => assert.equal(await findGitFolder(folder.at('repo')), undefined));
    await chmod(folder.at('repo', '.git'), 0o755);
  });
});
