import assert from 'node:assert/strict';
import { FakeGitHub } from '../../github/fakeGitHub.ts';
import { testToken } from '../../support/testTokens.ts';
import { builtCli, CliWorkspace } from './builtCli.ts';
import type { ItemJson } from './shapes.ts';

const token = testToken('alice');

describe('firebreak rca', function () {
  this.timeout(60_000);
  let workspace: CliWorkspace;
  let gitHub: FakeGitHub;

  before(() => builtCli());
  beforeEach(async () => {
    workspace = await CliWorkspace.make();
    gitHub = await FakeGitHub.start({ strict: true });
    gitHub.state.addToken(token, 'alice');
    gitHub.state.addRepository('acme/shop', { private: true, permissions: { alice: 'write' } });
  });
  afterEach(async () => {
    await gitHub.stop();
    assert.deepEqual(gitHub.violations, []);
    await workspace.remove();
  });

  const run = (...words: string[]) =>
    workspace.runWith(
      { environment: { GITHUB_TOKEN: token } },
      ...words,
      '--repo',
      'acme/shop',
      '--api-url',
      gitHub.url,
    );

  it('posts the review on the issue, and says what is missing before', async () => {
    const { item } = await workspace.json<{ item: ItemJson }>('declare', 'API down');
    const unlinked = await run('rca');
    assert.deepEqual([unlinked.code, /no GitHub issue yet/.test(unlinked.stderr)], [1, true]);
    assert.equal((await run('sync')).code, 0);
    const missing = await run('rca', item.id);
    assert.deepEqual([missing.code, /write the review first/.test(missing.stderr)], [1, true]);
    await workspace.put(`incidents/${item.id}/rca.md`, '# Root cause\n\nThe pool.\n');
    const posted = await run('rca');
    assert.deepEqual([posted.code, posted.stderr, posted.stdout], [0, '', '1 comment posted\n']);
    const comments = [...gitHub.state.repository('acme/shop').comments.values()];
    assert.match(comments.at(-1)?.body ?? '', /^\*\*RCA\*\* · API down\n\n# Root cause\n\nThe pool\.\n/);
    const { report } = JSON.parse((await run('rca', '--json')).stdout);
    assert.equal(report.commented, 0);
    assert.equal(comments.length, gitHub.state.repository('acme/shop').comments.size);
  });
});
