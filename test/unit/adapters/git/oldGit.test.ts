import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Clone, type GitWorld, gitWorld, ours, refusal } from './gitWorld.ts';

/** The git of Ubuntu 22.04 merges in the work tree only: the real one, without what it does not know. */
async function oldGit(world: GitWorld): Promise<NodeJS.ProcessEnv> {
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  await mkdir(world.at('old'), { recursive: true });
  await writeFile(
    world.at('old', 'git'),
    `#!/bin/sh
case " $* " in
  *" version "*) echo "git version 2.34.1"; exit 0;;
  *" merge-tree "*) echo "usage: git merge-tree <base-tree> <branch1> <branch2>" >&2; exit 129;;
esac
exec ${real} "$@"
`,
  );
  await chmod(world.at('old', 'git'), 0o755);
  return { ...world.environment, PATH: `${world.at('old')}${path.delimiter}${process.env.PATH}` };
}

describe('GitRepository, sharing with git before 2.38', function () {
  this.timeout(30_000);
  if (process.platform === 'win32') return;
  const current = gitWorld((world) => world.clones('alice', 'bob'));
  let alice: Clone;
  let bob: Clone;
  let environment: NodeJS.ProcessEnv;
  beforeEach(async () => {
    alice = new Clone(current.world, 'alice');
    bob = new Clone(current.world, 'bob');
    environment = await oldGit(current.world);
  });
  const share = (clone: Clone) => clone.adapter('', { environment }).share(ours, 'shared');

  it('merges, with equal copies and unstaged changes beside', async () => {
    await alice.write('incidents/i/a.md', 'a');
    await share(alice);
    await bob.write('incidents/i/a.md', 'a');
    await bob.write('incidents/i/b.md', 'b');
    await bob.write('README.md', 'changed\n');
    assert.deepEqual(await share(bob), { committed: 2, received: 1, pushed: true, dropped: [] });
    assert.deepEqual(bob.status(), [' M README.md']);
    assert.deepEqual(Object.keys(bob.tree()), ['README.md', 'incidents/i/a.md', 'incidents/i/b.md']);
    assert.equal((await share(alice)).received, 1);
  });

  it('takes a merge back that conflicts', async () => {
    await alice.write('backlog/a.md', 'alice');
    await share(alice);
    await bob.write('backlog/a.md', 'bob');
    await bob.write('README.md', 'changed\n');
    const files = await bob.files();
    const { failure } = await refusal(share(bob), 'gitFailed', 'conflict');
    assert.deepEqual(failure.files, ['backlog/a.md']);
    assert.deepEqual(await bob.files(), files);
    assert.deepEqual(bob.committed(), ['backlog/a.md']);
    assert.deepEqual(bob.status(), [' M README.md']);
    assert.equal(await bob.adapter().operationUnderWay(), undefined);
  });

  it('takes a merge back that a hook refuses', async () => {
    await alice.write('backlog/a.md', 'alice');
    await share(alice);
    await bob.write('backlog/b.md', 'bob');
    await bob.hook('pre-merge-commit', 'echo "no merges on Fridays" >&2; exit 1');
    const { sentence } = await refusal(share(bob), 'gitFailed', 'hook');
    assert.match(sentence, /no merges on Fridays/);
    assert.equal(await bob.adapter().operationUnderWay(), undefined);
    assert.deepEqual(bob.status(), []);
    assert.deepEqual(bob.committed(), ['backlog/b.md']);
  });

  it('says that staged changes are in its way', async () => {
    await alice.write('backlog/a.md', 'alice');
    await share(alice);
    await bob.write('backlog/b.md', 'bob');
    await bob.write('src/x.ts', 'x');
    bob.git('add', 'src/x.ts');
    const { sentence, failure } = await refusal(share(bob), 'gitFailed', 'wouldOverwrite');
    assert.match(sentence, /while src\/x\.ts is staged/);
    assert.deepEqual(failure.files, ['src/x.ts']);
    assert.deepEqual(bob.status(), ['A  src/x.ts']);
  });

  it('merges so too where signatures are to be verified: git refuses an unsigned one', async () => {
    await alice.write('backlog/a.md', 'alice');
    await share(alice);
    await bob.write('backlog/b.md', 'bob');
    bob.git('config', 'merge.verifySignatures', 'true');
    const { sentence } = await refusal(bob.adapter().share(ours, 'shared'), 'gitFailed', 'other');
    assert.match(sentence, /GPG signature/);
    assert.deepEqual(Object.keys(await bob.files()), ['README.md', 'backlog/b.md']);
  });
});
