import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { gitEnvironment, quietSsh } from '../../../../src/adapters/git/gitEnvironment.ts';
import { lastLine, someOf, withoutSecrets } from '../../../../src/adapters/git/gitFailure.ts';
import { FirebreakError } from '../../../../src/core/errors.ts';
import type { Git } from '../../../../src/core/ports/git.ts';
import { testToken } from '../../../support/testTokens.ts';
import { Clone, gitWorld } from './gitWorld.ts';

describe('the environment of git', () => {
  it('keeps what a person set for themselves, and nothing that leads elsewhere or asks', () => {
    const given = gitEnvironment(
      {
        PATH: '/bin',
        GIT_CONFIG_GLOBAL: '/home/a/gitconfig',
        GIT_AUTHOR_NAME: 'Alice',
        GIT_DIR: '/elsewhere',
        git_work_tree: '/elsewhere',
        GIT_EXTERNAL_DIFF: 'x',
        GIT_CONFIG_COUNT: '1',
        GIT_ASKPASS: '/askpass',
        SSH_ASKPASS: '/askpass',
        EDITOR: 'vi',
        EMPTY: undefined,
      },
      'ssh -oBatchMode=yes',
    );
    assert.deepEqual(given, {
      PATH: '/bin',
      GIT_CONFIG_GLOBAL: '/home/a/gitconfig',
      GIT_AUTHOR_NAME: 'Alice',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: '',
      GCM_INTERACTIVE: 'never',
      LANGUAGE: 'en',
      GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    });
  });

  it('makes OpenSSH quiet, and leaves others alone', () => {
    assert.equal(quietSsh({}, undefined), 'ssh -oBatchMode=yes');
    assert.equal(quietSsh({}, '/usr/bin/ssh -i key'), '/usr/bin/ssh -i key -oBatchMode=yes');
    assert.equal(
      quietSsh({}, '"C:\\Program Files\\OpenSSH\\ssh.exe" -v'),
      '"C:\\Program Files\\OpenSSH\\ssh.exe" -v -oBatchMode=yes',
    );
    assert.equal(quietSsh({ GIT_SSH_COMMAND: 'ssh -i own' }, 'ssh -i key'), 'ssh -i own -oBatchMode=yes');
    assert.equal(quietSsh({}, 'plink -batch'), undefined);
    assert.equal(quietSsh({}, "'/opt/my ssh/wrapper'"), undefined);
    assert.equal(quietSsh({ GIT_SSH: 'plink' }, undefined), undefined);
  });
});

describe('what is told of a failure', () => {
  it('holds no secret', () => {
    const said = (text: string) => withoutSecrets(text);
    assert.equal(said("unable to access 'https://a:b@h/x/'"), "unable to access 'https://h/x/'");
    assert.equal(said(`https://${testToken('alice')}@h/x`), 'https://h/x');
    assert.equal(said('ssh://git:pw@h/x'), 'ssh://git@h/x');
    assert.equal(said('ssh://git@h/x and git@h:x and a@example.com'), 'ssh://git@h/x and git@h:x and a@example.com');
  });

  it('is short', () => {
    assert.equal(lastLine('one\r\ntwo \n\n'), 'two');
    assert.equal(lastLine('\n'), '');
    assert.equal(someOf(['a', 'b', 'c']), 'a, b, c');
    assert.equal(someOf(['a', 'b', 'c', 'd', 'e']), 'a, b, c and 2 more');
  });
});

describe('the bundle of the git adapter', function () {
  this.timeout(20_000);
  const current = gitWorld((world) => world.clones('alice'));
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'firebreak-bundle-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('works on its own, and its errors are known outside it', async () => {
    await build({
      entryPoints: [fileURLToPath(new URL('../../../../src/adapters/git/bundle.ts', import.meta.url))],
      outfile: path.join(folder, 'gitAdapter.cjs'),
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'silent',
    });
    const loaded: { createGit(root: string): Git } = createRequire(import.meta.url)(
      path.join(folder, 'gitAdapter.cjs'),
    );
    const alice = new Clone(current.world, 'alice');
    alice.git('config', 'user.name', 'Alice');
    alice.git('config', 'user.email', 'alice@example.com');
    await alice.write('backlog/a.md', 'a');
    const git = loaded.createGit(alice.folder);
    assert.deepEqual(await git.share(['backlog'], 'shared'), { committed: 1, received: 0, pushed: true, dropped: [] });
    alice.git('remote', 'remove', 'origin');
    await assert.rejects(git.share(['backlog'], 'x'), (error) => FirebreakError.is(error, 'gitFailed'));
  });
});
