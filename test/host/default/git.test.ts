import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Incident } from '../../../src/core/item.ts';
import { git, writeFiles } from '../harness/repository.ts';
import { eventually } from './support/eventually.ts';
import { lenses } from './support/seen.ts';
import { declareElsewhere, sessionHere } from './support/session.ts';
import { emptyShop, gitHere, onDisk, put, shopUri, textOf } from './support/shop.ts';

const run = (command: string, ...parameters: unknown[]) => vscode.commands.executeCommand(command, ...parameters);

describe('A repository in the middle of an incident', () => {
  let incident: Incident;
  let first: string;
  beforeEach(async () => {
    first = await gitHere('rev-parse', 'HEAD');
    incident = await declareElsewhere('Checkout is down');
    await eventually('the extension knows it', async () =>
      (await lenses(incident.path)).some(({ parameters }) => parameters.includes(incident.uid)),
    );
  });
  afterEach(async () => {
    await emptyShop();
    await gitHere('checkout', '--quiet', '--force', 'main');
    await gitHere('reset', '--quiet', '--hard', first);
    for (const branch of (await gitHere('branch', '--format=%(refname:short)')).split('\n')) {
      if (branch !== 'main') await gitHere('branch', '--quiet', '-D', branch);
    }
    for (const remote of (await gitHere('remote')).split('\n').filter(Boolean))
      await gitHere('remote', 'remove', remote);
  });

  const files = async () =>
    (await readdir(onDisk('incidents'), { recursive: true })).filter((name) => name.endsWith('.md')).sort();

  /** What git has done to the tree, said to be missing by the index of a window that opens now. */
  const restoreAll = async () => {
    const session = await sessionHere();
    const missing = session.index.missing();
    assert.deepEqual(await session.context.writer.restore(missing), missing);
  };

  for (const [what, act] of Object.entries({
    'git clean -fdx': () => gitHere('clean', '-fdxq'),
    'git stash -u': () => gitHere('stash', 'push', '--quiet', '--include-untracked'),
    'a checkout of a branch that never had it': async () => {
      await gitHere('branch', 'hotfix');
      await gitHere('add', '--all');
      await gitHere('commit', '--quiet', '--message', 'Record the incident');
      await gitHere('checkout', '--quiet', 'hotfix');
    },
    'a hard reset after the files were added': async () => {
      await gitHere('add', '--all');
      await gitHere('reset', '--quiet', '--hard');
    },
  })) {
    it(`loses no word by ${what}`, async () => {
      await run('firebreak.acknowledge', incident.uid);
      const written = new Map<string, string>();
      for (const name of await files()) written.set(name, await textOf(`incidents/${name}`));
      await act();
      assert.equal(existsSync(onDisk(incident.path)), false);
      await restoreAll();
      assert.deepEqual(await files(), [...written.keys()]);
      for (const [name, text] of written) assert.equal(await textOf(`incidents/${name}`), text);
      await gitHere('stash', 'clear');
    });
  }

  it('takes what is said while the files are away, and has all of it after they are back', async () => {
    await gitHere('stash', 'push', '--quiet', '--include-untracked');
    // Both roads of the extension: its index still has it, from the journal.
    await run('firebreak.acknowledge', incident.uid);
    assert.equal(existsSync(onDisk(incident.path)), false);
    await gitHere('stash', 'pop', '--quiet');
    const session = await sessionHere();
    assert.deepEqual(session.index.missing(), []);
    assert.deepEqual(
      (await session.index.events(incident.uid)).map(({ event, missing }) => [event.kind, missing]).slice(-1),
      [['acknowledge', false]],
    );
  });

  it('commits its own files alone, and leaves what is staged as it is', async () => {
    await put('README.md', '# Shop\n\nStaged by hand.\n');
    await gitHere('add', 'README.md');
    await put('Makefile', 'all:\n');
    await run('firebreak.commit');
    const committed = (await gitHere('show', '--name-only', '--format=%s', 'HEAD')).split('\n').filter(Boolean);
    assert.match(committed[0] ?? '', /^Firebreak: /);
    assert.ok(committed.includes(incident.path));
    assert.deepEqual(
      committed.slice(1).filter((name) => !name.startsWith('incidents/')),
      [],
    );
    assert.deepEqual((await gitHere('status', '--porcelain')).split('\n').sort(), [' M Makefile', 'M  README.md']);
    await gitHere('checkout', '--quiet', 'HEAD', '--', '.');
  });

  describe('with a colleague', () => {
    let outside: string;
    let colleague: string;
    beforeEach(async () => {
      outside = path.join(path.dirname(shopUri().fsPath), `shared-${incident.uid}`);
      colleague = `${outside}-colleague`;
      await git(path.dirname(outside), 'clone', '--quiet', '--bare', shopUri().fsPath, outside);
      await gitHere('remote', 'add', 'origin', outside);
      await gitHere('fetch', '--quiet', 'origin');
      await gitHere('branch', '--quiet', '--set-upstream-to=origin/main', 'main');
      await git(path.dirname(outside), 'clone', '--quiet', outside, colleague);
      await git(colleague, 'config', 'user.name', 'Bob Example');
      await git(colleague, 'config', 'user.email', 'bob@example.com');
    });
    afterEach(async () => {
      await rm(outside, { recursive: true, force: true });
      await rm(colleague, { recursive: true, force: true });
    });

    it('shares both ways', async () => {
      await writeFiles(colleague, { 'backlog/search.md': '---\ntitle: Search is slow\ntype: bug\n---\n' });
      await git(colleague, 'add', '--all');
      await git(colleague, 'commit', '--quiet', '--message', 'Search');
      await git(colleague, 'push', '--quiet');
      await run('firebreak.share');
      assert.match(await textOf('backlog/search.md'), /Search is slow/);
      await git(colleague, 'pull', '--quiet');
      assert.equal(existsSync(path.join(colleague, ...incident.path.split('/'))), true);
      assert.equal(await gitHere('status', '--porcelain'), '');
    });

    it('is not stopped by files that came another way too', async () => {
      // The colleague has the very same files: by mail, by another clone on this machine.
      const same: Record<string, string> = {};
      for (const name of await files()) same[`incidents/${name}`] = await textOf(`incidents/${name}`);
      await writeFiles(colleague, same);
      await git(colleague, 'add', '--all');
      await git(colleague, 'commit', '--quiet', '--message', 'The incident');
      await git(colleague, 'push', '--quiet');
      // What git alone would refuse: untracked files are in the way.
      await assert.rejects(gitHere('pull', '--quiet', '--no-rebase'), /untracked/);
      await run('firebreak.share');
      assert.equal(await gitHere('rev-parse', 'HEAD'), await gitHere('rev-parse', 'origin/main'));
      for (const [name, text] of Object.entries(same)) assert.equal(await textOf(name), text);
      assert.deepEqual((await sessionHere()).index.missing(), []);
    });
  });
});
