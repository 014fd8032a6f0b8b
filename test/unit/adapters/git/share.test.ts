import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import { GitRepository } from '../../../../src/adapters/git/gitRepository.ts';
import { Clone, gitWorld, ours, refusal } from './gitWorld.ts';

const message = 'Firebreak: shared';

describe('GitRepository, sharing', function () {
  this.timeout(30_000);
  const current = gitWorld((world) => world.clones('alice', 'bob'));
  let alice: Clone;
  let bob: Clone;
  beforeEach(() => {
    alice = new Clone(current.world, 'alice');
    bob = new Clone(current.world, 'bob');
  });
  const share = (clone: Clone) => clone.adapter().share(ours, message);
  const nothing = { committed: 0, received: 0, pushed: false, dropped: [] };
  /** What the remote's branch holds. */
  const remote = (branch = 'main') => {
    const names = current.world.git('origin.git', 'ls-tree', '-r', '--name-only', '-z', branch).split('\0');
    return names.filter(Boolean).sort();
  };
  const parents = (clone: Clone) => clone.git('log', '-1', '--format=%P').trim().split(' ').length;
  const event = (name: string) => `incidents/i/timeline/${name}.md`;

  describe('brings what each wrote to the other', () => {
    it('commits and pushes', async () => {
      await alice.write(event('a'), 'a');
      await alice.write('src/not-ours.ts', 'x');
      assert.deepEqual(await share(alice), { committed: 1, received: 0, pushed: true, dropped: [] });
      assert.deepEqual(remote(), ['README.md', event('a')]);
      assert.deepEqual(alice.status(), ['?? src/not-ours.ts']);
      assert.equal(alice.git('rev-parse', 'origin/main').trim(), alice.head(), 'as the editor shows it: in step');
    });

    it('goes forward when only others wrote', async () => {
      await alice.write(event('a'), 'a');
      await share(alice);
      assert.deepEqual(await share(bob), { committed: 0, received: 1, pushed: false, dropped: [] });
      assert.equal(bob.head(), alice.head());
      assert.equal(await bob.read(event('a')), 'a');
    });

    it('merges when both wrote, and never rewrites a commit', async () => {
      await alice.write(event('a'), 'a');
      await share(alice);
      await bob.write(event('b'), 'b');
      await bob.write(event('c'), 'c');
      assert.deepEqual(await share(bob), { committed: 2, received: 1, pushed: true, dropped: [] });
      assert.equal(parents(bob), 2);
      assert.equal(bob.git('log', '-1', '--format=%s').trim(), "Merge branch 'main' of origin");
      assert.equal(bob.git('log', '-1', '--format=%s', 'HEAD^1').trim(), message);
      assert.equal(bob.git('rev-parse', 'HEAD^2').trim(), alice.head());
      assert.deepEqual(await share(alice), { committed: 0, received: 2, pushed: false, dropped: [] });
      assert.deepEqual(await alice.files(), await bob.files());
    });

    it('does nothing when there is nothing', async () => {
      const before = await alice.everything();
      assert.deepEqual(await share(alice), nothing);
      assert.deepEqual(await alice.everything(), before);
      assert.equal(alice.git('for-each-ref', 'refs/worktree'), '');
    });

    it('pushes what was committed before, also without anything new', async () => {
      await alice.write(event('a'), 'a');
      assert.equal(await alice.adapter().commit(ours, message), 1);
      assert.deepEqual(await share(alice), { ...nothing, pushed: true });
      assert.deepEqual(remote(), ['README.md', event('a')]);
    });

    it('carries deletions and moves, and changes to a file that moved', async () => {
      const text = Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join('');
      await alice.write('backlog/BUG.md', text);
      await share(alice);
      await share(bob);
      await alice.remove('backlog/BUG.md');
      await alice.write('incidents/BUG/incident.md', text);
      await share(alice);
      await bob.write('backlog/BUG.md', text.replace('line 3\n', 'line three\n'));
      await share(bob);
      assert.equal(await bob.read('incidents/BUG/incident.md'), text.replace('line 3\n', 'line three\n'));
      assert.deepEqual(Object.keys(await bob.files()), ['README.md', 'incidents/BUG/incident.md']);
    });

    it('leaves a new item in the backlog when the only other one became an incident', async () => {
      // Git's guess at moved folders would put it into the incident's folder, or call it a conflict.
      await alice.write('backlog/BUG.md', 'the same long enough text '.repeat(20));
      await share(alice);
      await share(bob);
      await mkdir(path.join(alice.folder, 'incidents', 'BUG'), { recursive: true });
      alice.git('mv', 'backlog/BUG.md', 'incidents/BUG/incident.md');
      await share(alice);
      await bob.write('backlog/NEW.md', 'new');
      await share(bob);
      await share(alice);
      assert.deepEqual(Object.keys(await alice.files()).sort(), [
        'README.md',
        'backlog/NEW.md',
        'incidents/BUG/incident.md',
      ]);
    });

    it('works from a root below the top, in a linked work tree, and with hostile names', async () => {
      alice.git('worktree', 'add', '-q', '-b', 'side', '../side');
      const root = current.world.at('side', '-ops');
      const names = ['-f.md', ' x ', 'ümläut 火.md', '[a]*.md'];
      if (process.platform !== 'win32') names.push('new\nline.md', '"q\\uote');
      await mkdir(path.join(root, 'backlog'), { recursive: true });
      for (const name of names) await writeFile(path.join(root, 'backlog', name), name);
      const git = new GitRepository(root, { environment: current.world.environment });
      const shared = await git.share(ours, message);
      assert.deepEqual(shared, { committed: names.length, received: 0, pushed: true, dropped: [] });
      assert.deepEqual(remote('side').length, names.length + 1);
    });
  });

  describe('keeps out of the user’s way', () => {
    it('leaves staged, half staged and unstaged changes as they are through a merge', async () => {
      await alice.write(event('a'), 'a');
      await share(alice);
      await bob.write('README.md', 'shop\nstaged\n');
      bob.git('add', 'README.md');
      await bob.write('README.md', 'shop\nstaged\nunstaged\n');
      await bob.write('src/added.ts', 'added');
      bob.git('add', 'src/added.ts');
      await bob.write('src/untracked.ts', 'untracked');
      const before = { status: bob.status(), staged: bob.git('diff', '--cached'), unstaged: bob.git('diff') };
      await bob.write(event('b'), 'b');
      assert.deepEqual(await share(bob), { committed: 1, received: 1, pushed: true, dropped: [] });
      assert.equal(parents(bob), 2);
      assert.deepEqual(
        { status: bob.status(), staged: bob.git('diff', '--cached'), unstaged: bob.git('diff') },
        before,
      );
      assert.equal(await bob.read(event('a')), 'a');
      assert.deepEqual(bob.committed('HEAD^1'), [event('b')]);
    });

    it('does not use a stash, whatever is configured', async () => {
      bob.git('config', 'merge.autoStash', 'true');
      bob.git('config', 'merge.ff', 'false');
      bob.git('config', 'branch.main.mergeOptions', '--squash');
      await alice.write('README.md', 'alice\n');
      alice.git('commit', '-q', '-a', '-m', 'readme');
      await share(alice);
      await bob.write('README.md', 'bob\n');
      const before = await bob.everything();
      const { failure } = await refusal(share(bob), 'gitFailed', 'wouldOverwrite');
      assert.deepEqual(failure.files, ['README.md']);
      assert.deepEqual(await bob.everything(), before);
      assert.equal(bob.git('stash', 'list'), '');
    });

    it('names the files that would be overwritten, changed, untracked or ignored, and loses none', async () => {
      await alice.write('README.md', 'alice\n');
      await alice.write('untracked.md', 'alice\n');
      await alice.write('ignored.md', 'alice\n');
      alice.git('add', '.');
      alice.git('commit', '-q', '-m', 'all');
      await share(alice);
      await bob.write('.git/info/exclude', 'ignored.md\n');
      await bob.write('README.md', 'bob\n');
      await bob.write('untracked.md', 'bob\n');
      await bob.write('ignored.md', 'bob\n');
      await bob.write(event('b'), 'b');
      const files = await bob.files();
      const { sentence, failure } = await refusal(share(bob), 'gitFailed', 'wouldOverwrite');
      assert.match(sentence, /would be overwritten/);
      assert.deepEqual([...failure.files].sort(), ['README.md', 'ignored.md', 'untracked.md']);
      assert.deepEqual(await bob.files(), files);
      assert.deepEqual(bob.committed(), [event('b')], 'ours is committed and kept');
      for (const name of ['README.md', 'untracked.md', 'ignored.md']) await bob.remove(name);
      bob.git('checkout', '-q', 'README.md');
      assert.equal((await share(bob)).pushed, true);
    });

    it('refuses during a merge, and on no branch', async () => {
      alice.git('checkout', '-q', '--detach');
      await alice.write(event('a'), 'a');
      const before = await alice.everything();
      await refusal(share(alice), 'gitFailed', 'detached');
      assert.deepEqual(await alice.everything(), before);
      alice.git('checkout', '-q', 'main');
      await alice.write('.git/MERGE_HEAD', `${alice.head()}\n`);
      await refusal(share(alice), 'gitBusy', 'operation');
    });
  });

  describe('with untracked copies of what comes in', () => {
    const text = '---\nkind: note\n---\nSame words.\n';

    it('takes equal ones for the incoming files when going forward', async () => {
      await alice.write(event('a'), text);
      await alice.write(event('b'), text);
      await share(alice);
      await bob.write(event('a'), text);
      const shared = await share(bob);
      assert.deepEqual(shared, { committed: 0, received: 1, pushed: false, dropped: [event('a')] });
      assert.equal(bob.head(), alice.head());
      assert.deepEqual(bob.status(), []);
    });

    it('takes equal ones in a merge too, and commits only what differs', async () => {
      await alice.write(event('a'), text);
      await share(alice);
      await bob.write(event('a'), text);
      await bob.write(event('b'), 'b');
      const shared = await share(bob);
      assert.deepEqual(shared, { committed: 1, received: 0, pushed: true, dropped: [event('a')] });
      assert.deepEqual(bob.committed('HEAD^1'), [event('b')]);
      assert.deepEqual(bob.status(), []);
      assert.equal(await bob.read(event('a')), text);
    });

    it('knows them by what git would store: line ends and filters make no difference', async () => {
      await alice.write('.gitattributes', '*.md text\n*.log filter=upper\n');
      await alice.write(event('a'), text);
      await alice.write('incidents/i/x.log', 'LOG\n');
      alice.git('config', 'filter.upper.clean', 'tr a-z A-Z');
      alice.git('add', '.');
      alice.git('commit', '-q', '-m', 'attributes');
      alice.git('push', '-q');
      bob.git('config', 'filter.upper.clean', 'tr a-z A-Z');
      bob.git('config', 'core.autocrlf', 'true');
      await bob.write('.gitattributes', '*.md text\n*.log filter=upper\n');
      bob.git('add', '.gitattributes');
      bob.git('commit', '-q', '-m', 'attributes here');
      await bob.write(event('a'), text.replaceAll('\n', '\r\n'));
      await bob.write('incidents/i/x.log', 'log\n');
      const shared = await share(bob);
      assert.deepEqual([...shared.dropped].sort(), [event('a'), 'incidents/i/x.log']);
      assert.deepEqual(bob.status(), []);
      assert.equal(await bob.read(event('a')), text.replaceAll('\n', '\r\n'), 'nothing on disk was touched');
    });

    it('takes equal ones that are ignored here', async () => {
      await alice.write(event('a'), text);
      await share(alice);
      await bob.write('.git/info/exclude', 'incidents/\n');
      await bob.write(event('a'), text);
      assert.deepEqual((await share(bob)).dropped, [event('a')]);
    });

    it('does not overwrite a different one that is ignored here', async () => {
      await alice.write(event('a'), text);
      await share(alice);
      await bob.write('.git/info/exclude', 'incidents/\n');
      await bob.write(event('a'), 'mine');
      const { failure } = await refusal(share(bob), 'gitFailed', 'wouldOverwrite');
      assert.deepEqual(failure.files, [event('a')]);
      assert.equal(await bob.read(event('a')), 'mine');
    });

    it('commits different ones first, so that git merges them or says where they differ', async () => {
      await alice.write('backlog/x.md', 'alice');
      await alice.write(event('a'), text);
      await share(alice);
      await bob.write('backlog/x.md', 'bob');
      await bob.write(event('a'), text);
      const { sentence, failure } = await refusal(share(bob), 'gitFailed', 'conflict');
      assert.deepEqual(failure.files, ['backlog/x.md']);
      assert.match(sentence, /^backlog\/x\.md changed both here and there/);
      assert.deepEqual(bob.committed(), ['backlog/x.md']);
      assert.deepEqual(bob.status(), [`?? ${event('a')}`], 'the equal copy is as it was');
      assert.equal(await bob.read('backlog/x.md'), 'bob');
      assert.equal(await bob.adapter().operationUnderWay(), undefined);
    });

    it('gives equal ones back when something else stands in the way', async () => {
      await alice.write(event('a'), text);
      await alice.write('README.md', 'alice');
      alice.git('commit', '-q', '-a', '-m', 'readme');
      await share(alice);
      await bob.write(event('a'), text);
      await bob.write('README.md', 'bob');
      const before = await bob.everything();
      await refusal(share(bob), 'gitFailed', 'wouldOverwrite');
      assert.deepEqual(await bob.everything(), before);
    });

    it('does not take one for a file that was deleted here and is old there', async () => {
      await alice.write(event('a'), text);
      await share(alice);
      await share(bob);
      bob.git('rm', '-q', '--cached', event('a'));
      bob.git('commit', '-q', '-m', 'removed');
      await alice.write(event('b'), 'b');
      await share(alice);
      const shared = await share(bob);
      assert.deepEqual(shared.dropped, []);
      assert.equal(await bob.read(event('a')), text);
      assert.deepEqual(remote(), ['README.md', event('a'), event('b')]);
    });

    it('knows hostile names', async () => {
      const names = [
        '-f',
        ' a ',
        '[x]*',
        'ümläut',
        '"q"',
        ...(process.platform === 'win32' ? [] : ['a\nb', 'a\\b', 'c\r']),
      ];
      for (const name of names) await alice.write(`backlog/${name}`, text);
      await share(alice);
      for (const name of names) await bob.write(`backlog/${name}`, text);
      const shared = await share(bob);
      assert.deepEqual([...shared.dropped].sort(), names.map((name) => `backlog/${name}`).sort());
      assert.deepEqual(bob.status(), []);
    });
  });

  describe('a conflict', () => {
    it('leaves everything as it was, our commit kept, and says which file and what to do', async () => {
      await alice.write('backlog/a.md', 'one\n');
      await share(alice);
      await share(bob);
      await alice.write('backlog/a.md', 'alice\n');
      await share(alice);
      await bob.write('backlog/a.md', 'bob\n');
      await bob.write('src/staged.ts', 'staged');
      bob.git('add', 'src/staged.ts');
      const files = await bob.files();
      const { sentence, failure } = await refusal(share(bob), 'gitFailed', 'conflict');
      assert.match(sentence, /^backlog\/a\.md changed both here and there.*git pull/);
      assert.deepEqual(failure.files, ['backlog/a.md']);
      assert.deepEqual(await bob.files(), files);
      assert.deepEqual(bob.committed(), ['backlog/a.md']);
      assert.deepEqual(bob.status(), ['A  src/staged.ts']);
      assert.equal(bob.git('ls-files', '--unmerged'), '');
      const before = await bob.everything();
      await refusal(share(bob), 'gitFailed', 'conflict');
      assert.deepEqual(await bob.everything(), before, 'asking again changes nothing');
    });

    it('of deleting and changing is one', async () => {
      await alice.write('backlog/a.md', 'one\n');
      await share(alice);
      await share(bob);
      await alice.remove('backlog/a.md');
      await share(alice);
      await bob.write('backlog/a.md', 'bob\n');
      const { failure } = await refusal(share(bob), 'gitFailed', 'conflict');
      assert.deepEqual(failure.files, ['backlog/a.md']);
      assert.equal(await bob.read('backlog/a.md'), 'bob\n');
    });

    it('of histories with nothing in common is refused before anything is done', async () => {
      const stranger = await current.world.repository('stranger');
      stranger.git('commit', '-q', '--amend', '-m', 'another beginning');
      stranger.git('remote', 'add', 'origin', '../origin.git');
      await stranger.write(event('a'), 'a');
      const before = await stranger.everything();
      await refusal(share(stranger), 'gitFailed', 'unrelated');
      assert.deepEqual(await stranger.everything(), before);
    });
  });

  describe('when others push meanwhile', () => {
    /** Runs when `bob` has fetched and is about to push. */
    const beforePush = (script: string) => bob.hook('pre-push', script);

    it('takes theirs in and pushes again', async () => {
      await alice.write(event('a'), 'a');
      await alice.adapter().commit(ours, message);
      await beforePush(
        `if [ ! -e ../overtaken ]; then touch ../overtaken; unset $(git rev-parse --local-env-vars); git -C ../alice push -q; fi`,
      );
      await bob.write(event('b'), 'b');
      assert.deepEqual(await share(bob), { committed: 1, received: 1, pushed: true, dropped: [] });
      assert.deepEqual(remote(), ['README.md', event('a'), event('b')]);
    });

    it('gives up when it never ends, says so, and keeps the commit', async () => {
      await beforePush(
        'unset $(git rev-parse --local-env-vars); cd ../alice && git commit -q --allow-empty -m again && git push -q',
      );
      await bob.write(event('b'), 'b');
      const { sentence } = await refusal(share(bob), 'gitFailed', 'overtaken');
      assert.match(sentence, /share again/);
      assert.deepEqual(Object.keys(bob.tree()), ['README.md', event('b')]);
      await bob.remove('.git/hooks/pre-push');
      assert.equal((await share(bob)).pushed, true);
    });

    it('merges all when many share at once', async () => {
      const carol = await current.world.clone('carol');
      const people = [alice, bob, carol];
      for (const [index, person] of people.entries()) await person.write(event(`${index}`), person.name);
      const results = await Promise.all(people.map(share));
      assert.deepEqual(
        results.map((result) => [result.committed, result.pushed]),
        [
          [1, true],
          [1, true],
          [1, true],
        ],
      );
      assert.deepEqual(remote(), ['README.md', event('0'), event('1'), event('2')]);
    });

    it('counts a push as done when only its answer was lost', async () => {
      // The server has the commits, and goes down before it can say so.
      await current.world.remoteHook('post-receive', 'kill -9 $PPID');
      await bob.write(event('b'), 'b');
      assert.deepEqual(await share(bob), { committed: 1, received: 0, pushed: true, dropped: [] });
      assert.deepEqual(remote(), ['README.md', event('b')]);
    });

    it('counts it also when others were on top of it by then', async () => {
      await current.world.remoteHook(
        'post-receive',
        'git update-ref refs/heads/main $(git -c user.name=Carol -c user.email=c@example.com commit-tree ' +
          '-p main -m more main^{tree})\nkill -9 $PPID',
      );
      await bob.write(event('b'), 'b');
      assert.deepEqual(await share(bob), { committed: 1, received: 0, pushed: true, dropped: [] });
      assert.equal(bob.git('log', '-1', '--format=%s').trim(), 'more');
    });
  });

  describe('without an upstream', () => {
    it('goes to origin under the same name', async () => {
      alice.git('checkout', '-q', '-b', 'fix/x', '--no-track');
      await alice.write(event('a'), 'a');
      assert.equal((await share(alice)).pushed, true);
      assert.deepEqual(remote('fix/x'), ['README.md', event('a')]);
      assert.deepEqual(remote('main'), ['README.md']);
      bob.git('fetch', '-q');
      bob.git('checkout', '-q', 'fix/x');
      await bob.write(event('b'), 'b');
      await share(bob);
      assert.equal((await share(alice)).received, 1);
    });

    it('does not push a branch that was made from main to main', async () => {
      alice.git('checkout', '-q', '-b', 'risky', 'origin/main');
      assert.equal(alice.git('config', 'branch.risky.merge').trim(), 'refs/heads/main');
      await alice.write(event('a'), 'a');
      await share(alice);
      assert.deepEqual(remote('main'), ['README.md']);
      assert.deepEqual(remote('risky'), ['README.md', event('a')]);
    });

    it('does so where the user said that pushes go to the upstream', async () => {
      alice.git('checkout', '-q', '-b', 'mine', 'origin/main');
      alice.git('config', 'push.default', 'upstream');
      await alice.write(event('a'), 'a');
      await share(alice);
      assert.deepEqual(remote('main'), ['README.md', event('a')]);
      assert.equal(current.world.git('origin.git', 'branch', '--list', 'mine'), '');
    });

    it('pushes to where pushes go', async () => {
      current.world.git('.', 'clone', '-q', '--bare', 'origin.git', 'fork.git');
      alice.git('remote', 'add', 'fork', '../fork.git');
      alice.git('config', 'remote.pushDefault', 'fork');
      await alice.write(event('a'), 'a');
      assert.equal((await share(alice)).pushed, true);
      assert.deepEqual(remote(), ['README.md']);
      assert.match(current.world.git('fork.git', 'ls-tree', '-r', '--name-only', 'main'), /timeline\/a\.md/);
      assert.deepEqual(await share(alice), nothing, 'the second time there is nothing to push');
    });

    it('takes the only remote, whatever its name', async () => {
      alice.git('remote', 'rename', 'origin', 'team');
      alice.git('config', '--unset', 'branch.main.remote');
      await alice.write(event('a'), 'a');
      assert.equal((await share(alice)).pushed, true);
    });

    it('asks which of several remotes it is', async () => {
      alice.git('remote', 'rename', 'origin', 'one');
      alice.git('remote', 'add', 'two', '../origin.git');
      alice.git('config', '--unset', 'branch.main.remote');
      const { sentence } = await refusal(share(alice), 'gitFailed', 'noRemote');
      assert.match(sentence, /which of one, two/);
    });

    it('says that there is no remote, and commits nothing', async () => {
      const repo = await current.world.repository();
      await repo.write(event('a'), 'a');
      const before = await repo.everything();
      const { sentence } = await refusal(share(repo), 'gitFailed', 'noRemote');
      assert.match(sentence, /git remote add origin/);
      assert.deepEqual(await repo.everything(), before);
    });
  });

  describe('before the first commit', () => {
    const init = async () => {
      current.world.git('.', 'init', '-q', '-b', 'main', 'fresh');
      current.world.git('fresh', 'remote', 'add', 'origin', '../origin.git');
      const git = new GitRepository(current.world.at('fresh'), { environment: current.world.environment });
      await mkdir(current.world.at('fresh', 'backlog'));
      return git;
    };

    it('takes the remote’s branch first', async () => {
      await alice.write('backlog/a.md', 'a');
      await share(alice);
      const git = await init();
      await writeFile(current.world.at('fresh', 'backlog', 'a.md'), 'a');
      await writeFile(current.world.at('fresh', 'backlog', 'b.md'), 'b');
      assert.deepEqual(await git.share(ours, message), {
        committed: 1,
        received: 0,
        pushed: true,
        dropped: ['backlog/a.md'],
      });
      assert.deepEqual(remote(), ['README.md', 'backlog/a.md', 'backlog/b.md']);
      assert.equal(current.world.git('fresh', 'status', '--porcelain'), '');
    });

    it('does not overwrite another file of the same name', async () => {
      await alice.write('backlog/a.md', 'a');
      await share(alice);
      const git = await init();
      await writeFile(current.world.at('fresh', 'backlog', 'a.md'), 'mine');
      const { failure } = await refusal(git.share(ours, message), 'gitFailed', 'wouldOverwrite');
      assert.deepEqual(failure.files, ['backlog/a.md']);
      assert.equal(await current.world.readText('fresh', 'backlog', 'a.md'), 'mine');
    });

    it('fills an empty remote', async () => {
      current.world.git('.', 'init', '-q', '--bare', '-b', 'main', 'empty.git');
      const git = await init();
      current.world.git('fresh', 'remote', 'set-url', 'origin', '../empty.git');
      assert.deepEqual(await git.share(ours, message), nothing);
      await writeFile(current.world.at('fresh', 'backlog', 'a.md'), 'a');
      assert.deepEqual(await git.share(ours, message), { committed: 1, received: 0, pushed: true, dropped: [] });
      assert.equal(current.world.git('empty.git', 'ls-tree', '-r', '--name-only', 'main'), 'backlog/a.md\n');
    });
  });

  describe('says what the server does', () => {
    it('refuses a push: its reason, the commit kept', async () => {
      await current.world.remoteHook('pre-receive', 'echo "error: GH006: Protected branch update failed" >&2\nexit 1');
      await alice.write(event('a'), 'a');
      const { sentence } = await refusal(share(alice), 'gitFailed', 'refused');
      assert.match(sentence, /^origin refused the push: GH006: Protected branch update failed\./);
      assert.deepEqual(alice.committed(), [event('a')]);
      assert.deepEqual(alice.status(), []);
    });

    it('is not asked when a hook here refuses the push', async () => {
      await alice.hook('pre-push', 'echo "tests fail" >&2; exit 1');
      await alice.write(event('a'), 'a');
      const { sentence } = await refusal(share(alice), 'gitFailed', 'hook');
      assert.match(sentence, /refused the push: tests fail\./);
    });

    it('is not there', async () => {
      alice.git('remote', 'set-url', 'origin', '../gone.git');
      await alice.write(event('a'), 'a');
      const before = await alice.everything();
      const { sentence } = await refusal(share(alice), 'gitFailed', 'noSuchRepository');
      assert.match(sentence, /git remote -v/);
      assert.deepEqual(await alice.everything(), before);
    });

    describe('over the network', () => {
      let server: Server | undefined;
      const sockets = new Set<{ destroy(): void }>();
      const listen = async (made: Server): Promise<number> => {
        server = made;
        made.on('connection', (socket) => sockets.add(socket));
        await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
        return (made.address() as AddressInfo).port;
      };
      afterEach(async () => {
        for (const socket of sockets) socket.destroy();
        sockets.clear();
        await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
        server = undefined;
      });

      it('wants a name and a password: nobody is asked, and no secret is told', async () => {
        const asked: string[] = [];
        const port = await listen(
          createHttpServer((request, response) => {
            asked.push(request.headers.authorization ?? 'nobody');
            response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
          }),
        );
        const askpass = current.world.at('askpass');
        await writeFile(askpass, `#!/bin/sh\ntouch ${current.world.at('was-asked')}\necho x\n`);
        await chmod(askpass, 0o755);
        alice.git('config', 'core.askPass', askpass);
        for (const address of [`http://127.0.0.1:${port}/x.git`, `http://alice:hunter2@127.0.0.1:${port}/x.git`]) {
          alice.git('remote', 'set-url', 'origin', address);
          const environment = {
            ...current.world.environment,
            GIT_ASKPASS: askpass,
            SSH_ASKPASS: askpass,
            DISPLAY: ':9',
          };
          const git = alice.adapter('', { environment });
          const { sentence, failure } = await refusal(git.share(ours, message), 'gitFailed', 'authentication');
          assert.match(sentence, /sign in/);
          assert.doesNotMatch(`${sentence}${failure.message}${failure.output}`, /hunter2/);
        }
        assert.ok(asked.length > 0);
        assert.ok(!(await readdir(current.world.folder)).includes('was-asked'));
      });

      it('is not reached', async () => {
        const port = await listen(createServer());
        await new Promise((resolve) => server?.close(resolve));
        server = undefined;
        alice.git('remote', 'set-url', 'origin', `http://127.0.0.1:${port}/x.git`);
        await alice.write(event('a'), 'a');
        const before = await alice.everything();
        const { sentence } = await refusal(share(alice), 'gitFailed', 'network');
        assert.match(sentence, /on disk; share again/);
        assert.deepEqual(await alice.everything(), before);
      });

      it('does not answer', async () => {
        const port = await listen(createServer());
        alice.git('remote', 'set-url', 'origin', `git://127.0.0.1:${port}/x.git`);
        await alice.write(event('a'), 'a');
        const before = await alice.everything();
        const { sentence } = await refusal(
          alice.adapter('', { silenceMs: 300 }).share(ours, message),
          'gitFailed',
          'timeout',
        );
        assert.match(sentence, /did not answer for 1 s/);
        assert.deepEqual(await alice.everything(), before);
      });

      it('is reached by an ssh that asks nothing', async () => {
        const ssh = current.world.at('ssh');
        await writeFile(
          ssh,
          `#!/bin/sh\necho "$@" > ${current.world.at('ssh-args')}\necho "Permission denied (publickey)." >&2\nexit 255\n`,
        );
        await chmod(ssh, 0o755);
        alice.git('remote', 'set-url', 'origin', 'git@example.invalid:x.git');
        alice.git('config', 'core.sshCommand', `${ssh} -i key`);
        await refusal(share(alice), 'gitFailed', 'authentication');
        assert.match(await current.world.readText('ssh-args'), /^-i key -oBatchMode=yes /);
      });
    });
  });

  it('does the same whatever is configured', async () => {
    await alice.write(event('a'), 'a\n');
    await alice.write(event('same'), 'same\n');
    await share(alice);
    for (const [name, value] of Object.entries({
      'merge.ff': 'false',
      'branch.main.mergeOptions': '--squash --no-commit',
      'merge.autoStash': 'true',
      'merge.conflictStyle': 'diff3',
      'merge.renames': 'false',
      'pull.rebase': 'true',
      'push.default': 'nothing',
      'push.followTags': 'true',
      'fetch.prune': 'true',
      'fetch.pruneTags': 'true',
      'remote.origin.tagOpt': '--tags',
      'status.showUntrackedFiles': 'no',
      'status.branch': 'true',
      'status.short': 'true',
      'status.relativePaths': 'false',
      'commit.verbose': 'true',
      'commit.cleanup': 'scissors',
      'commit.template': '../no-such-template',
      'color.ui': 'always',
      'core.quotePath': 'true',
      'core.pager': 'false',
      'core.editor': 'false',
      'core.autocrlf': 'input',
      'diff.external': 'false',
      'diff.noprefix': 'true',
      'diff.renames': 'copies',
      'diff.relative': 'true',
      'log.showSignature': 'true',
      'alias.commit': '!false',
      'submodule.recurse': 'true',
      'core.untrackedCache': 'true',
      'index.version': '4',
      'feature.manyFiles': 'true',
    })) {
      bob.git('config', name, value);
    }
    await bob.write(event('same'), 'same\n');
    await bob.write(event('b'), 'b\n');
    await bob.write('src/staged.ts', 's\n');
    bob.git('add', 'src/staged.ts');
    const shared = { committed: 1, received: 1, pushed: true, dropped: [event('same')] };
    assert.deepEqual(await share(bob), shared);
    assert.equal(parents(bob), 2);
    await alice.write(event('c'), 'c\n');
    await share(alice);
    assert.deepEqual(await share(bob), { committed: 0, received: 1, pushed: false, dropped: [] });
    assert.equal(bob.head(), alice.head());
    assert.deepEqual(Object.keys(bob.tree()), ['README.md', event('a'), event('b'), event('c'), event('same')]);
    assert.equal(bob.git('status', '--porcelain', '--no-branch', '--untracked-files=all'), 'A  src/staged.ts\n');
  });

  it('leaves no ref, no file and no broken object behind', async () => {
    await alice.write(event('a'), 'a');
    await share(alice);
    await bob.write(event('b'), 'b');
    await share(bob);
    await share(alice);
    for (const clone of [alice, bob]) {
      clone.git('fsck', '--strict');
      assert.deepEqual(clone.git('for-each-ref', '--format=%(refname)').trim().split('\n'), [
        'refs/heads/main',
        'refs/remotes/origin/HEAD',
        'refs/remotes/origin/main',
      ]);
      assert.deepEqual(clone.status(), []);
    }
  });
});
