import assert from 'node:assert/strict';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GitRepository } from '../../../../src/adapters/git/gitRepository.ts';
import { FirebreakError } from '../../../../src/core/errors.ts';
import { testToken } from '../../../support/testTokens.ts';
import { type Clone, gitWorld, ours, refusal } from './gitWorld.ts';

describe('GitRepository, asked', function () {
  this.timeout(20_000);
  const remotes = {
    path: /\/\.git\/config$/,
    why: 'people leave tokens in the addresses of remotes; nothing may repeat them',
  };
  const current = gitWorld(undefined, [remotes]);

  describe('who works here', () => {
    it('says what the repository says, else what is said for all', async () => {
      const repo = await current.world.repository();
      assert.deepEqual(await repo.adapter().identity(), { name: 'Alice', email: 'alice@example.com' });
      repo.git('config', 'user.email', 'alice@work.example');
      assert.deepEqual(await repo.adapter().identity(), { name: 'Alice', email: 'alice@work.example' });
      repo.git('config', 'author.name', 'Alice A.');
      assert.equal((await repo.adapter().identity()).name, 'Alice A.');
    });

    it('says it outside a repository too', async () => {
      await mkdir(current.world.at('plain'));
      const git = new GitRepository(current.world.at('plain'), { environment: current.world.environment });
      assert.deepEqual(await git.identity(), { name: 'Alice', email: 'alice@example.com' });
    });

    it('knows nothing where nothing is said', async () => {
      const repo = await current.world.repository();
      await writeFile(current.world.at('gitconfig'), '[user]\n\tname =\n');
      assert.deepEqual(await repo.adapter().identity(), { name: undefined, email: undefined });
    });
  });

  describe('who committed', () => {
    it('is listed, the busiest first, by the mailmap', async () => {
      const repo = await current.world.repository();
      const commit = (name: string, email: string) =>
        repo.git('-c', `user.name=${name}`, '-c', `user.email=${email}`, 'commit', '-q', '--allow-empty', '-m', 'x');
      for (let count = 0; count < 3; count++) commit('Bób O’Neil', 'bob@example.com');
      for (let count = 0; count < 2; count++) commit('bobby', 'bob@home.example');
      await writeFile(path.join(repo.folder, '.mailmap'), 'Bób O’Neil <bob@example.com> <bob@home.example>\n');
      const authors = await repo.adapter().authors();
      assert.deepEqual(authors[0], { name: 'Bób O’Neil', email: 'bob@example.com' });
      assert.equal(authors.length, 2);
    });

    it('is nobody without a repository or a commit', async () => {
      await mkdir(current.world.at('plain-too'));
      const plain = new GitRepository(current.world.at('plain-too'), { environment: current.world.environment });
      assert.deepEqual(await plain.authors(), []);
      current.world.git('.', 'init', '-q', 'no-commit');
      const fresh = new GitRepository(current.world.at('no-commit'), { environment: current.world.environment });
      assert.deepEqual(await fresh.authors(), []);
    });
  });

  describe('which branch', () => {
    it('says it, also one with a slash and odd letters', async () => {
      const repo = await current.world.repository();
      assert.equal(await repo.adapter().branch(), 'main');
      repo.git('checkout', '-q', '-b', "fix/ümläut-'x'");
      repo.git('tag', 'fix/tag');
      assert.equal(await repo.adapter().branch(), "fix/ümläut-'x'");
    });

    it('says none on a detached HEAD, and the one to be before the first commit', async () => {
      const repo = await current.world.repository();
      repo.git('checkout', '-q', '--detach');
      assert.equal(await repo.adapter().branch(), undefined);
      current.world.git('.', 'init', '-q', '--initial-branch=trunk', 'fresh');
      const fresh = new GitRepository(current.world.at('fresh'), { environment: current.world.environment });
      assert.equal(await fresh.branch(), 'trunk');
    });

    it('says it in a linked work tree and below the top', async () => {
      const repo = await current.world.repository();
      repo.git('worktree', 'add', '-q', '-b', 'side', '../side');
      await mkdir(current.world.at('side', 'ops\ndepartment'));
      const root = path.join(current.world.at('side'), 'ops\ndepartment');
      assert.equal(await new GitRepository(root, { environment: current.world.environment }).branch(), 'side');
    });
  });

  describe('which is the default branch', () => {
    it('takes what the remote’s HEAD is', async () => {
      const [alice] = await current.world.clones('alice');
      alice.git('checkout', '-q', '-b', 'work');
      assert.equal(await alice.adapter().defaultBranch(), 'main');
      alice.git('update-ref', 'refs/remotes/origin/trunk/next', 'HEAD');
      alice.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk/next');
      assert.equal(await alice.adapter().defaultBranch(), 'trunk/next');
    });

    it('guesses only among branches that the remote has', async () => {
      const [alice] = await current.world.clones('alice');
      alice.git('remote', 'set-head', 'origin', '--delete');
      assert.equal(await alice.adapter().defaultBranch(), 'main');
      alice.git('update-ref', 'refs/remotes/origin/master', 'HEAD');
      alice.git('update-ref', '-d', 'refs/remotes/origin/main');
      assert.equal(await alice.adapter().defaultBranch(), 'master');
      alice.git('update-ref', '-d', 'refs/remotes/origin/master');
      assert.equal(await alice.adapter().defaultBranch(), undefined);
    });

    it('takes the upstream’s remote where there is no origin', async () => {
      const [alice] = await current.world.clones('alice');
      alice.git('remote', 'rename', 'origin', 'team/server');
      assert.equal(await alice.adapter().defaultBranch(), 'main');
    });

    it('is none without a remote', async () => {
      assert.equal(await (await current.world.repository()).adapter().defaultBranch(), undefined);
    });
  });

  describe('what is published', () => {
    const isOrigin = (url: string) => url.includes('server');

    it('names the files on the remote’s default branch, relative to the root, as of the last fetch', async () => {
      const [alice] = await current.world.clones('alice');
      const [remote] = await alice.adapter().remotes();
      assert.ok(remote);
      const ask = (folder = '') => alice.adapter(folder).published('rca.md', (url) => url === remote.url);
      await mkdir(path.join(alice.folder, 'ops', 'incidents', 'B (1) ü'), { recursive: true });
      await writeFile(path.join(alice.folder, 'ops', 'incidents', 'B (1) ü', 'rca.md'), '# RCA\n');
      await writeFile(path.join(alice.folder, 'ops', 'incidents', 'B (1) ü', 'not-rca.md'), 'x\n');
      alice.git('add', '-A');
      alice.git('commit', '-qm', 'review');
      assert.deepEqual((await ask())?.paths, new Set(), 'it is not pushed yet');
      alice.git('push', '-q', 'origin', 'HEAD:main');
      alice.git('checkout', '-q', '-b', 'elsewhere', 'HEAD~1');
      assert.deepEqual(await ask(), {
        branch: 'main',
        prefix: '',
        paths: new Set(['ops/incidents/B (1) ü/rca.md']),
      });
      await mkdir(path.join(alice.folder, 'ops'), { recursive: true });
      assert.deepEqual(await ask('ops'), {
        branch: 'main',
        prefix: 'ops/',
        paths: new Set(['incidents/B (1) ü/rca.md']),
      });
    });

    it('is unknown where no remote is meant, or nothing was fetched', async () => {
      const [alice] = await current.world.clones('alice');
      assert.equal(await alice.adapter().published('rca.md', () => false), undefined);
      const repo = await current.world.repository();
      repo.git('remote', 'add', 'origin', '../server-that-nobody-fetched');
      assert.equal(await repo.adapter().published('rca.md', isOrigin), undefined);
    });
  });

  describe('which remotes', () => {
    it('names them with their addresses, rewritten as git does, and without passwords', async () => {
      const repo = await current.world.repository();
      assert.deepEqual(await repo.adapter().remotes(), []);
      repo.git('config', 'url.https://github.com/.insteadOf', 'gh:');
      repo.git('remote', 'add', 'origin', 'gh:acme/shop.git');
      repo.git('remote', 'add', 'ssh', 'ssh://git@github.com/acme/shop.git');
      repo.git('remote', 'add', 'token', `https://alice:${testToken('alice')}@github.com/acme/shop.git`);
      repo.git('remote', 'add', 'token-only', `https://${testToken('alice')}@github.com/acme/shop.git`);
      repo.git('remote', 'add', 'a/b', '../with space (fetch)');
      repo.git('config', 'remote.a/b.pushurl', 'elsewhere');
      assert.deepEqual(
        [...(await repo.adapter().remotes())].sort((left, right) => left.name.localeCompare(right.name)),
        [
          { name: 'a/b', url: '../with space (fetch)' },
          { name: 'origin', url: 'https://github.com/acme/shop.git' },
          { name: 'ssh', url: 'ssh://git@github.com/acme/shop.git' },
          { name: 'token', url: 'https://github.com/acme/shop.git' },
          { name: 'token-only', url: 'https://github.com/acme/shop.git' },
        ],
      );
    });
  });

  describe('what is under way', () => {
    let repo: Clone;
    beforeEach(async () => {
      repo = await current.world.repository();
      repo.git('checkout', '-q', '-b', 'other');
      await repo.write('README.md', 'other\n');
      repo.git('commit', '-q', '-a', '-m', 'other');
      repo.git('checkout', '-q', 'main');
      await repo.write('README.md', 'main\n');
      repo.git('commit', '-q', '-a', '-m', 'main');
    });

    const clashes: Readonly<Record<string, readonly string[]>> = {
      merge: ['merge', 'other'],
      rebase: ['rebase', 'other'],
      'cherry-pick': ['cherry-pick', 'other'],
      // What the last commit wrote stands on the same line.
      revert: ['revert', '--no-edit', 'HEAD~1'],
    };

    it('is nothing at rest', async () => {
      assert.equal(await repo.adapter().operationUnderWay(), undefined);
    });

    for (const [operation, command] of Object.entries(clashes)) {
      it(`is a ${operation}`, async () => {
        await repo.write('README.md', 'main again\n');
        repo.git('commit', '-q', '-a', '-m', 'main again');
        assert.throws(() => repo.git(...command));
        assert.equal(await repo.adapter().operationUnderWay(), operation);
        repo.git(operation, '--abort');
        assert.equal(await repo.adapter().operationUnderWay(), undefined);
      });
    }

    it('is a rebase by patches, or patches applied from mail', async () => {
      assert.throws(() => repo.git('rebase', '--apply', 'other'));
      assert.equal(await repo.adapter().operationUnderWay(), 'rebase');
      repo.git('rebase', '--abort');
      const patch = repo.git('format-patch', '--stdout', '-1', 'other');
      await writeFile(current.world.at('patch'), patch);
      assert.throws(() => repo.git('am', '../patch'));
      assert.equal(await repo.adapter().operationUnderWay(), 'am');
      repo.git('am', '--abort');
    });

    it('is a bisect', async () => {
      repo.git('bisect', 'start');
      assert.equal(await repo.adapter().operationUnderWay(), 'bisect');
      repo.git('bisect', 'reset');
      assert.equal(await repo.adapter().operationUnderWay(), undefined);
    });

    it('is a conflict that a stash left', async () => {
      await repo.write('README.md', 'stashed\n');
      repo.git('stash');
      await repo.write('README.md', 'committed\n');
      repo.git('commit', '-q', '-a', '-m', 'again');
      assert.throws(() => repo.git('stash', 'pop'));
      assert.equal(await repo.adapter().operationUnderWay(), 'conflict');
    });

    it('is a git command while one keeps the index to itself', async () => {
      await repo.write('.git/index.lock', '');
      assert.equal(await repo.adapter().operationUnderWay(), 'git command');
      await repo.remove('.git/index.lock');
      assert.equal(await repo.adapter().operationUnderWay(), undefined);
    });

    it('waits for one that is done in a moment', async () => {
      await repo.write('.git/index.lock', '');
      const asked = repo.adapter().operationUnderWay();
      await repo.remove('.git/index.lock');
      assert.equal(await asked, undefined);
    });

    it('is that of its own work tree alone', async () => {
      repo.git('worktree', 'add', '-q', '-b', 'side', '../side', 'main');
      assert.throws(() => current.world.git('side', 'merge', 'other'));
      const side = new GitRepository(current.world.at('side'), { environment: current.world.environment });
      assert.equal(await side.operationUnderWay(), 'merge');
      assert.equal(await repo.adapter().operationUnderWay(), undefined);
    });
  });

  describe('where there is no repository, or no git', () => {
    it('knows nothing, and says so when it is to act', async () => {
      await mkdir(current.world.at('plain'));
      await mkdir(current.world.at('no-programs'));
      const repo = await current.world.repository();
      const without = { ...current.world.environment, PATH: current.world.at('no-programs') };
      for (const git of [
        new GitRepository(current.world.at('plain'), { environment: current.world.environment }),
        repo.adapter('', { environment: without }),
      ]) {
        assert.equal(await git.branch(), undefined);
        assert.equal(await git.defaultBranch(), undefined);
        assert.equal(await git.operationUnderWay(), undefined);
        assert.deepEqual(await git.remotes(), []);
        await assert.rejects(git.commit(['backlog'], 'x'), (error) => FirebreakError.is(error, 'noGit'));
        await assert.rejects(git.share(['backlog'], 'x'), (error) => FirebreakError.is(error, 'noGit'));
      }
      assert.deepEqual(await repo.adapter('', { environment: without }).identity(), {
        name: undefined,
        email: undefined,
      });
    });

    it('says how to trust a repository that is somebody else’s', async () => {
      if (process.geteuid?.() !== 0) return;
      const repo = await current.world.repository();
      for (const owned of [repo.folder, path.join(repo.folder, '.git')]) await chown(owned, 1234, 1234);
      const environment = { ...current.world.environment, SUDO_UID: undefined };
      const { sentence } = await refusal(repo.adapter('', { environment }).commit(ours, 'x'), 'noGit', 'notRepository');
      assert.match(sentence, /safe\.directory ".*repo"/);
    });

    it('says that the folder is gone', async () => {
      const repo = await current.world.repository();
      const git = repo.adapter();
      await rm(repo.folder, { recursive: true });
      await assert.rejects(git.commit(['backlog'], 'x'), (error) => FirebreakError.is(error, 'noFolder'));
    });
  });

  it('is not led elsewhere by variables that a hook or a terminal left', async () => {
    const repo = await current.world.repository();
    const other = await current.world.repository('elsewhere');
    other.git('checkout', '-q', '-b', 'wrong');
    const environment = {
      ...current.world.environment,
      GIT_DIR: path.join(other.folder, '.git'),
      GIT_WORK_TREE: other.folder,
      GIT_INDEX_FILE: path.join(other.folder, '.git', 'index'),
      GIT_EDITOR: 'false',
      EDITOR: 'false',
      PAGER: 'false',
      SSH_ASKPASS: 'false',
      GIT_ASKPASS: 'false',
    };
    assert.equal(await repo.adapter('', { environment }).branch(), 'main');
    await repo.write('backlog/a.md', 'a');
    assert.equal(await repo.adapter('', { environment }).commit(['backlog'], 'a'), 1);
    assert.deepEqual(repo.committed(), ['backlog/a.md']);
  });
});
