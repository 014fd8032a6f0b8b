import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GitRepository } from '../../../../src/adapters/git/gitRepository.ts';
import { FirebreakError } from '../../../../src/core/errors.ts';
import { temporaryName } from '../../../../src/core/temporaryName.ts';
import { Clone, gitWorld, ours, refusal } from './gitWorld.ts';

describe('GitRepository, committing', function () {
  this.timeout(20_000);
  const current = gitWorld((world) => world.repository());
  let repo: Clone;
  beforeEach(() => {
    repo = new Clone(current.world, 'repo');
  });
  const commit = (paths: readonly string[] = ours, message = 'Firebreak: test') =>
    repo.adapter().commit(paths, message);

  it('commits new, changed, moved and deleted files below the paths, and counts them', async () => {
    await repo.write('backlog/changed.md', 'old');
    await repo.write('backlog/deleted.md', 'old');
    await repo.write('backlog/moved.md', 'moved '.repeat(50));
    await repo.write('incident-policy.yml', 'a: 1');
    assert.equal(await commit(), 4);
    await repo.write('backlog/changed.md', 'new');
    await repo.remove('backlog/deleted.md');
    await repo.remove('backlog/moved.md');
    await repo.write('incidents/moved/incident.md', 'moved '.repeat(50));
    await repo.write('backlog/new.md', 'new');
    await repo.write('src/main.ts', 'not ours');
    assert.equal(await commit(), 5);
    assert.deepEqual(repo.committed(), [
      'backlog/changed.md',
      'backlog/deleted.md',
      'backlog/moved.md',
      'backlog/new.md',
      'incidents/moved/incident.md',
    ]);
    assert.deepEqual(repo.status(), ['?? src/main.ts']);
    assert.equal(repo.git('log', '-1', '--format=%B%an <%ae>').trim(), 'Firebreak: test\nAlice <alice@example.com>');
  });

  it('commits nothing and makes no commit where there is nothing', async () => {
    const head = repo.head();
    assert.equal(await commit(), 0);
    assert.equal(await commit([]), 0);
    await repo.write('backlog/a.md', 'a');
    assert.equal(await commit(), 1);
    assert.equal(await commit(), 0);
    assert.equal(repo.git('rev-list', '--count', `${head}..HEAD`).trim(), '1');
  });

  it('takes a message of several lines as it is, hashes and dashes too', async () => {
    await repo.write('backlog/a.md', 'a');
    await commit(ours, '--amend #41\n\n#hashtag\n-F /etc/passwd\0');
    assert.equal(repo.git('log', '-1', '--format=%B').trim(), '--amend #41\n\n#hashtag\n-F /etc/passwd');
  });

  it('commits only the paths that are named, be they files', async () => {
    await repo.write('backlog/a.md', 'a');
    await repo.write('backlog/b.md', 'b');
    await repo.write('incidents/i/timeline/e.md', 'e');
    assert.equal(await commit(['backlog/a.md', 'incidents/i/timeline/e.md', 'backlog/none.md', 'nowhere/']), 2);
    assert.deepEqual(repo.committed(), ['backlog/a.md', 'incidents/i/timeline/e.md']);
    assert.deepEqual(repo.status(), ['?? backlog/b.md']);
  });

  it('commits hundreds of paths', async () => {
    const paths = Array.from({ length: 250 }, (_, index) => `incidents/i/timeline/${index}.md`);
    for (const file of paths) await repo.write(file, file);
    assert.equal(await commit(paths), 250);
    assert.deepEqual(repo.status(), []);
  });

  it('refuses a path that leaves the root', async () => {
    for (const bad of ['../x', '/etc', 'a/../../x', '', 'a//b', '.', 'a\0b']) {
      await assert.rejects(commit([bad]), (error) => FirebreakError.is(error, 'invalidInput'));
    }
  });

  describe('leaves alone what is not asked for', () => {
    it('staged, half staged, unstaged, removed and announced files', async () => {
      for (const name of ['half', 'staged', 'unstaged', 'removed'])
        await repo.write(`src/${name}.ts`, `${name}\n1\n2\n3\n`);
      repo.git('add', '.');
      repo.git('commit', '-q', '-m', 'source');
      await repo.write('src/half.ts', 'STAGED\n1\n2\n3\n');
      repo.git('add', 'src/half.ts');
      await repo.write('src/half.ts', 'STAGED\n1\n2\nUNSTAGED\n');
      await repo.write('src/staged.ts', 'changed\n');
      await repo.write('src/added.ts', 'added\n');
      repo.git('add', 'src/staged.ts', 'src/added.ts');
      await repo.write('src/unstaged.ts', 'changed\n');
      await repo.write('src/untracked.ts', 'untracked\n');
      await repo.write('src/announced.ts', 'announced\n');
      repo.git('add', '-N', 'src/announced.ts');
      repo.git('rm', '-q', '--cached', 'src/removed.ts');
      const before = { index: repo.index(), status: repo.status(), files: await repo.files() };
      await repo.write('backlog/a.md', 'a');

      assert.equal(await commit(), 1);
      assert.deepEqual(repo.committed(), ['backlog/a.md']);
      repo.git('update-index', '--force-remove', 'backlog/a.md');
      await repo.remove('backlog/a.md');
      assert.deepEqual(
        {
          index: repo.index(),
          status: repo.status().filter((line) => !line.includes('backlog')),
          files: await repo.files(),
        },
        before,
      );
    });

    it('ignored files, though not a tracked one that is ignored', async () => {
      await repo.write('backlog/tracked.md', 'old');
      await commit();
      await repo.write('.gitignore', 'incidents/*/attachments\n*.log\nbacklog/tracked.md\n');
      await repo.write('incidents/i/attachments/dump.bin', 'secret');
      await repo.write('incidents/i/server.log', 'log');
      await repo.write('incidents/i/incident.md', 'i');
      await repo.write('backlog/tracked.md', 'new');
      assert.equal(await commit(), 2);
      assert.deepEqual(repo.committed(), ['backlog/tracked.md', 'incidents/i/incident.md']);
    });

    it('files that exist only while another is written', async () => {
      await repo.write(`incidents/i/timeline/${temporaryName('0123456789ab')}`, 'half of');
      await repo.write('incidents/i/timeline/e.md', 'e');
      assert.equal(await commit(), 1);
      assert.deepEqual(repo.committed(), ['incidents/i/timeline/e.md']);
    });

    it('repositories inside, and submodules', async () => {
      const inner = await current.world.repository('inner');
      repo.git('submodule', '--quiet', 'add', '../inner', 'incidents/vendor');
      repo.git('commit', '-q', '-m', 'submodule');
      await repo.write('incidents/vendor/README.md', 'changed');
      current.world.git('repo/incidents/vendor', 'commit', '-q', '-a', '-m', 'moved on');
      current.world.git('.', 'clone', '-q', inner.folder, 'repo/incidents/nested');
      await repo.write('incidents/i/incident.md', 'i');
      assert.equal(await commit(), 1);
      assert.deepEqual(repo.committed(), ['incidents/i/incident.md']);
      assert.deepEqual(repo.status(), [' M incidents/vendor', '?? incidents/nested/']);
    });
  });

  describe('takes what is staged of its own as the work tree has it', () => {
    beforeEach(async () => {
      await repo.write('backlog/a.md', 'old');
      await commit();
    });

    it('whole, when a part was staged', async () => {
      await repo.write('backlog/a.md', 'staged');
      repo.git('add', '.');
      await repo.write('backlog/a.md', 'newer');
      assert.equal(await commit(), 1);
      assert.equal(repo.git('show', 'HEAD:backlog/a.md'), 'newer');
      assert.deepEqual(repo.status(), []);
    });

    it('as nothing, when a staged change was taken back on disk', async () => {
      const head = repo.head();
      await repo.write('backlog/a.md', 'staged');
      repo.git('add', '.');
      await repo.write('backlog/a.md', 'old');
      assert.equal(await commit(), 0);
      assert.equal(repo.head(), head);
    });

    it('as nothing, when a staged new file is gone from disk', async () => {
      await repo.write('backlog/b.md', 'staged');
      repo.git('add', '.');
      await repo.remove('backlog/b.md');
      assert.equal(await commit(), 0);
    });

    it('as it is on disk, when it was removed from the index only', async () => {
      const head = repo.head();
      repo.git('rm', '-q', '--cached', 'backlog/a.md');
      const index = repo.index();
      assert.equal(await commit(), 0);
      assert.equal(repo.head(), head);
      assert.equal(repo.index(), index);
      await repo.write('backlog/a.md', 'new');
      assert.equal(await commit(), 1);
      assert.equal(repo.git('show', 'HEAD:backlog/a.md'), 'new');
    });

    it('as deleted, when it is deleted in index and on disk', async () => {
      repo.git('rm', '-q', 'backlog/a.md');
      assert.equal(await commit(), 1);
      assert.deepEqual(Object.keys(repo.tree()), ['README.md']);
    });

    it('when a file becomes a folder, and a folder a file', async () => {
      await repo.remove('backlog/a.md');
      await repo.write('backlog/a.md/inside.md', 'inside');
      assert.equal(await commit(), 2);
      assert.deepEqual(Object.keys(repo.tree()), ['README.md', 'backlog/a.md/inside.md']);
      await repo.remove('backlog/a.md');
      await repo.write('backlog/a.md', 'file again');
      assert.equal(await commit(), 2);
      assert.deepEqual(Object.keys(repo.tree()), ['README.md', 'backlog/a.md']);
    });

    it('with links as links', async () => {
      if (process.platform === 'win32') return;
      await symlink('/etc', path.join(repo.folder, 'backlog', 'out'));
      assert.equal(await commit(), 1);
      assert.match(repo.git('ls-tree', 'HEAD', 'backlog/out'), /^120000/);
    });
  });

  describe('whatever the names', () => {
    const names = [
      '-rf',
      '--all',
      ' leading',
      'trailing ',
      '*.md',
      '[a].md',
      ':(top)x',
      '!x',
      '#x',
      'ümläut 火.md',
      '"quoted"',
    ];
    if (process.platform !== 'win32') names.push('new\nline', 'tab\there', 'back\\slash', '\x01', 'cr\r');

    it('commits, changes and deletes them, and no others', async () => {
      await repo.write('backlog/bystander.md', 'b');
      for (const name of names) await repo.write(`backlog/${name}`, 'old');
      const paths = names.map((name) => `backlog/${name}`);
      assert.equal(await commit(paths), names.length);
      assert.deepEqual(repo.status(), ['?? backlog/bystander.md']);
      for (const name of names) await repo.write(`backlog/${name}`, 'new');
      assert.equal(await commit(['backlog']), names.length + 1);
      for (const name of names) await repo.remove(`backlog/${name}`);
      assert.equal(await commit(['backlog']), names.length);
      assert.deepEqual(Object.keys(repo.tree()), ['README.md', 'backlog/bystander.md']);
    });

    it('below a folder that begins with a dash or has a line break', async () => {
      for (const folder of ['-incidents', 'two\nlines']) {
        await repo.write(`${folder}/a.md`, 'a');
        assert.equal(await commit([folder]), 1);
        assert.equal(await repo.adapter(folder).commit(['a.md'], 'again'), 0);
        await repo.write(`${folder}/a.md`, 'b');
        assert.equal(await repo.adapter(folder).commit(['a.md'], 'again'), 1);
      }
    });

    it('also one that is no UTF-8', async () => {
      // Some file systems refuse such a name; then nobody can have one.
      await mkdir(path.join(repo.folder, 'backlog'));
      const name = Buffer.concat([Buffer.from(`${repo.folder}/backlog/`), Buffer.from([0x66, 0xfc, 0x72])]);
      const made = await writeFile(name, 'x').then(
        () => true,
        () => false,
      );
      await repo.write('backlog/a.md', 'a');
      assert.equal(await commit(), made ? 2 : 1);
      assert.deepEqual(repo.status(), []);
    });
  });

  it('makes the first commit of a repository, of these paths alone', async () => {
    current.world.git('.', 'init', '-q', '-b', 'main', 'fresh');
    const fresh = new GitRepository(current.world.at('fresh'), { environment: current.world.environment });
    assert.equal(await fresh.commit(ours, 'first'), 0);
    await mkdir(current.world.at('fresh', 'backlog'));
    await writeFile(current.world.at('fresh', 'backlog', 'a.md'), 'a');
    await writeFile(current.world.at('fresh', 'staged.ts'), 's');
    current.world.git('fresh', 'add', 'staged.ts');
    assert.equal(await fresh.commit(ours, 'first'), 1);
    assert.equal(current.world.git('fresh', 'ls-tree', '-r', '--name-only', 'HEAD'), 'backlog/a.md\n');
    assert.equal(current.world.git('fresh', 'status', '--porcelain'), 'A  staged.ts\n');
    assert.equal(await fresh.branch(), 'main');
  });

  it('works from a root below the top, and touches nothing beside it', async () => {
    await repo.write('ops/shop/backlog/a.md', 'a');
    await repo.write('backlog/b.md', 'b');
    assert.equal(await repo.adapter('ops/shop').commit(ours, 'below'), 1);
    assert.deepEqual(repo.committed(), ['ops/shop/backlog/a.md']);
    assert.deepEqual(repo.status(), ['?? backlog/b.md']);
  });

  it('works in a linked work tree, and in a submodule', async () => {
    repo.git('worktree', 'add', '-q', '-b', 'side', '../side');
    await mkdir(current.world.at('side', 'backlog'));
    await writeFile(current.world.at('side', 'backlog', 'a.md'), 'a');
    const side = new GitRepository(current.world.at('side'), { environment: current.world.environment });
    assert.equal(await side.commit(ours, 'side'), 1);
    assert.deepEqual(repo.committed('side'), ['backlog/a.md']);
    assert.deepEqual(repo.status(), []);

    await current.world.repository('inner');
    repo.git('submodule', '--quiet', 'add', '../inner', 'vendor');
    await repo.write('vendor/backlog/a.md', 'a');
    assert.equal(await repo.adapter('vendor').commit(ours, 'inner'), 1);
    assert.equal(current.world.git('repo/vendor', 'show', 'HEAD:backlog/a.md'), 'a');
  });

  it('stores line ends as the repository wants them', async () => {
    repo.git('config', 'core.autocrlf', 'true');
    await repo.write('backlog/a.md', 'one\r\ntwo\r\n');
    assert.equal(await commit(), 1);
    assert.equal(repo.git('cat-file', 'blob', 'HEAD:backlog/a.md'), 'one\ntwo\n');
    assert.equal(await repo.read('backlog/a.md'), 'one\r\ntwo\r\n');
    assert.equal(await commit(), 0);
  });

  it('commits acts that were asked for at once one after the other', async () => {
    const git = repo.adapter();
    await repo.write('backlog/a.md', 'a');
    await repo.write('incidents/b.md', 'b');
    assert.deepEqual(await Promise.all([git.commit(['backlog'], 'a'), git.commit(['incidents'], 'b')]), [1, 1]);
  });

  it('waits for others that commit here at the same time, and comes on top of them', async () => {
    const gits = Array.from({ length: 4 }, (_, index) => ({ git: repo.adapter(), folder: `incidents/${index}` }));
    for (const { folder } of gits) await repo.write(`${folder}/incident.md`, folder);
    const counts = await Promise.all(gits.map(({ git, folder }) => git.commit([folder], folder)));
    assert.deepEqual(counts, [1, 1, 1, 1]);
    assert.deepEqual(repo.status(), []);
  });

  describe('refuses', () => {
    beforeEach(async () => {
      repo.git('checkout', '-q', '-b', 'other');
      await repo.write('README.md', 'other\n');
      repo.git('commit', '-q', '-a', '-m', 'other');
      repo.git('checkout', '-q', 'main');
      await repo.write('README.md', 'main\n');
      repo.git('commit', '-q', '-a', '-m', 'main');
      await repo.write('backlog/a.md', 'a');
    });

    for (const [operation, args] of Object.entries({
      merge: ['merge', 'other'],
      rebase: ['rebase', 'other'],
      'cherry-pick': ['cherry-pick', 'other'],
    })) {
      it(`during a ${operation}, and says so`, async () => {
        assert.throws(() => repo.git(...args));
        const before = await repo.everything();
        const { sentence } = await refusal(commit(), 'gitBusy', 'operation');
        assert.match(sentence, new RegExp(`git ${operation} is under way`));
        assert.deepEqual(await repo.everything(), before);
        repo.git(operation, '--abort');
        assert.equal(await commit(), 1);
      });
    }

    it('while a stash left conflicts', async () => {
      await repo.write('README.md', 'stashed\n');
      repo.git('stash');
      await repo.write('README.md', 'again\n');
      repo.git('commit', '-q', '-a', '-m', 'again');
      assert.throws(() => repo.git('stash', 'pop'));
      await refusal(commit(), 'gitBusy', 'operation');
    });

    it('while another git command keeps the index, and not when that ends in time', async () => {
      await repo.write('.git/index.lock', '');
      const { sentence } = await refusal(commit(), 'gitBusy', 'locked');
      assert.match(sentence, /index\.lock/);
      const waiting = commit();
      setTimeout(() => void repo.remove('.git/index.lock'), 300);
      assert.equal(await waiting, 1);
    });

    it('what a hook of the repository refuses, in its words, with the index as it was', async () => {
      await repo.write('src/staged.ts', 's');
      repo.git('add', 'src/staged.ts');
      for (const hook of ['pre-commit', 'commit-msg']) {
        await repo.hook(hook, 'echo "checking" >&2\necho "backlog/a.md: no owner" >&2\necho >&2\nexit 3');
        const before = await repo.everything();
        const { sentence, failure } = await refusal(commit(), 'gitFailed', 'hook');
        assert.match(sentence, /backlog\/a\.md: no owner\. Mend that/);
        assert.match(failure.output, /checking/);
        assert.deepEqual(await repo.everything(), before);
        await repo.remove(`.git/hooks/${hook}`);
      }
      assert.equal(await commit(), 1);
      assert.deepEqual(repo.status(), ['A  src/staged.ts']);
    });

    it('a commit of nobody', async () => {
      await writeFile(current.world.at('gitconfig'), '[user]\n\tuseConfigOnly = true\n');
      const before = await repo.everything();
      const { sentence } = await refusal(commit(), 'gitFailed', 'identity');
      assert.match(sentence, /user\.name and user\.email/);
      assert.deepEqual(await repo.everything(), before);
    });

    it('what git refuses otherwise, in its words', async () => {
      repo.git('config', 'commit.gpgSign', 'true');
      repo.git('config', 'gpg.program', path.join(current.world.folder, 'no-such-program'));
      const before = await repo.everything();
      const { sentence } = await refusal(commit(), 'gitFailed', 'other');
      assert.match(sentence, /Git refused: .*\. Nothing is lost/);
      assert.deepEqual(await repo.everything(), before);
    });
  });

  it('runs hooks as usual: they see what is committed, and no variable of ours in their way', async () => {
    await repo.hook(
      'pre-commit',
      `git diff --cached --name-only > ../seen\nenv | grep '^GIT_' | cut -d= -f1 | sort >> ../seen\n` +
        'git branch --show-curr',
    );
    await repo.hook('post-commit', 'echo post >> ../seen');
    await repo.write('src/staged.ts', 's');
    repo.git('add', 'src/staged.ts');
    await repo.write('backlog/a.md', 'a');
    assert.equal(await commit(), 1);
    const seen = (await repo.world.readText('seen')).trim().split('\n');
    assert.equal(seen[0], 'backlog/a.md');
    assert.equal(seen.at(-1), 'post');
    assert.ok(!seen.some((name) => /LITERAL_PATHSPECS|OPTIONAL_LOCKS/.test(name)), seen.join());
  });
});
