import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stages } from '../../scripts/test/stages.mjs';
import { assertNoSecrets, filesWithSecrets } from '../support/secretScan.ts';
import { secretMark, testToken } from '../support/testTokens.ts';
import { temporaryFolder } from './adapters/node/temporaryFolder.ts';
import { CliWorkspace } from './cli/builtCli.ts';
import { projectFolder } from './support/sourceProject.ts';

describe('The search for tokens that were left behind', () => {
  const folder = temporaryFolder([{ path: /./, why: 'here they are looked for' }]);
  const token = testToken('alice');
  const put = (name: string, content: string | Uint8Array) => {
    mkdirSync(folder.at('deep', 'er'), { recursive: true });
    writeFileSync(folder.at('deep', 'er', name), content);
  };

  it('knows every token of the tests, which have the form of real ones', () => {
    for (const login of ['alice', 'octokit-fixture-user-a', '']) {
      assert.match(testToken(login), /^ghp_[A-Za-z0-9]{36}$/);
      assert.ok(testToken(login).startsWith(secretMark));
    }
    assert.notEqual(testToken('alice'), testToken('bob'));
  });

  it('finds them in texts, databases, headers and git’s objects, and names the files', () => {
    put('clean.txt', 'ghp_ and nothing');
    assert.deepEqual(filesWithSecrets(folder.path), []);
    put('log.txt', `[request] ${token}`);
    put('state.vscdb', Buffer.concat([Buffer.from([0, 255]), Buffer.from(token, 'utf16le')]));
    for (const user of ['', 'x:', 'al:', 'ali:']) {
      put(`basic${user.length}`, `Basic ${Buffer.from(`${user}${token}`).toString('base64')}`);
    }
    assert.deepEqual(
      filesWithSecrets(folder.path).map((file) => file.replace('deep/er/', '')),
      ['basic0', 'basic2', 'basic3', 'basic4', 'log.txt', 'state.vscdb'],
    );
    assert.throws(() => assertNoSecrets(folder.path), /A token was left in .*log\.txt/);
    const places = [{ path: /^deep\/er\/(basic|log|state)/, why: 'a test' }];
    assert.deepEqual(filesWithSecrets(folder.path, places), []);
  });

  it('finds them in what git has committed and nobody sees any more', () => {
    const git = (...words: string[]) => execFileSync('git', words, { cwd: folder.path, stdio: 'pipe' });
    git('init', '--quiet');
    writeFileSync(folder.at('notes.md'), `see ${token}`);
    git('add', 'notes.md');
    writeFileSync(folder.at('notes.md'), 'see above');
    const found = filesWithSecrets(folder.path);
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', /^\.git\/objects\//);
  });

  it('is the last stage of npm test, and fails it', () => {
    const script = path.join(projectFolder, 'test/support/scanLeftovers.ts');
    const stage = () => spawnSync(process.execPath, ['--import', 'tsx', script, folder.path], { encoding: 'utf8' });
    put('clean.txt', 'nothing');
    assert.deepEqual([stage().status, stage().stdout], [0, 'no token in any of what was left\n']);
    put('console.log', `> ${token}`);
    const failed = stage();
    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /A token was left in .*console\.log/);
    assert.equal(stages({ countsOf: () => '' }).at(-1)?.name, 'secrets');
  }).timeout(20_000);

  it('a workspace of the terminal’s tests that is cleaned up with one in it fails, and is gone all the same', async () => {
    const workspace = await CliWorkspace.make(false);
    await workspace.put('backlog/BUG-P2-20250923-1015.md', token);
    await assert.rejects(workspace.remove(), /A token was left in .*BUG-P2-20250923-1015\.md/);
    assert.equal(existsSync(workspace.folder), false);
  });

  it('does not pass over what was closed to readers', () => {
    put('closed.txt', token);
    chmodSync(folder.at('deep', 'er', 'closed.txt'), 0);
    assert.deepEqual(filesWithSecrets(folder.path), ['deep/er/closed.txt']);
  });
});
