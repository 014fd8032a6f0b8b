import assert from 'node:assert/strict';
import { silentLog } from '../../../src/core/ports/environment.ts';
import { GitHubTokens } from '../../../src/ui/sync/githubTokens.ts';
import { secretMark, testToken } from '../../support/testTokens.ts';
import { memorySecrets } from './support/memento.ts';

const enterprise = 'https://github.acme.example/api/v3';
const fake = 'http://127.0.0.1:9001';

describe('A GitHub token', () => {
  it('goes to the origin that it was entered for, and to no other', async () => {
    const tokens = new GitHubTokens(memorySecrets(), undefined, silentLog);
    await tokens.set(enterprise, testToken('acme'));
    assert.equal(await tokens.find(enterprise, false), testToken('acme'));
    // The same server, at whatever path.
    assert.equal(await tokens.find('https://github.acme.example/api/v4', false), testToken('acme'));
    for (const other of [
      'https://api.github.com',
      'https://github.acme.example:8443/api/v3',
      'http://github.acme.example/api/v3',
      'https://evil.github.acme.example/api/v3',
      'https://github.acme.example.evil.example/api/v3',
      fake,
    ]) {
      assert.equal(await tokens.find(other, false), undefined, other);
    }
  });

  it('is one for each origin, and goes when it is removed', async () => {
    const tokens = new GitHubTokens(memorySecrets(), undefined, silentLog);
    await tokens.set(enterprise, testToken('one'));
    await tokens.set(fake, testToken('two'));
    assert.equal(await tokens.find(enterprise, false), testToken('one'));
    assert.equal(await tokens.find(fake, false), testToken('two'));
    await tokens.remove(enterprise);
    assert.equal(await tokens.find(enterprise, false), undefined);
    assert.equal(await tokens.find(fake, false), testToken('two'));
  });

  it('of the environment goes to the origin that the environment names', async () => {
    const environment = { token: testToken('environment'), origin: 'http://127.0.0.1:9001' };
    const tokens = new GitHubTokens(memorySecrets(), environment, silentLog);
    assert.equal(await tokens.find(fake, false), testToken('environment'));
    assert.equal(await tokens.find('http://127.0.0.1:9002', false), undefined);
    assert.equal(await tokens.find(enterprise, false), undefined);
    await tokens.set(fake, testToken('entered'));
    assert.equal(await tokens.find(fake, false), testToken('entered'));
  });

  it('is never in a log', async () => {
    const lines: string[] = [];
    const say = (line: string) => void lines.push(line);
    const log = { debug: say, info: say, warn: say, error: say };
    const tokens = new GitHubTokens(memorySecrets(), { token: testToken('environment'), origin: fake }, log);
    await tokens.set(enterprise, testToken('entered'));
    await tokens.find(enterprise, false);
    await tokens.find(fake, false);
    await tokens.find('https://api.github.com', false);
    await tokens.remove(enterprise);
    assert.ok(!lines.join('\n').includes(secretMark));
  });
});
