import assert from 'node:assert/strict';
import { githubApiUrl, safeApiUrl } from '../../../src/core/apiAddress.ts';
import { FirebreakError } from '../../../src/core/errors.ts';
import { syncRepository } from '../../../src/services/syncTarget.ts';

const refuses = (code: Parameters<typeof FirebreakError.is>[1]) => (error: unknown) => FirebreakError.is(error, code);

describe('safeApiUrl', () => {
  for (const [given, safe] of [
    ['https://api.github.com', 'https://api.github.com'],
    ['https://api.github.com/', 'https://api.github.com'],
    ['HTTPS://GitHub.Example.com/api/v3//', 'https://github.example.com/api/v3'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080/api/v3/', 'http://localhost:8080/api/v3'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    // Other spellings of this machine, which URL itself makes plain.
    ['http://127.1/', 'http://127.0.0.1'],
  ] as const) {
    it(`takes ${given}`, () => assert.equal(safeApiUrl(given), safe));
  }

  for (const given of [
    '',
    'api.github.com',
    '/api/v3',
    'http://api.github.com',
    'http://github.example.com/api/v3',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://0.0.0.0',
    'http://127.0.0.1.example.com',
    'ftp://api.github.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://user@api.github.com',
    'https://user:secret@api.github.com',
    'https://api.github.com?x=1',
    'https://api.github.com#x',
  ]) {
    it(`refuses "${given}"`, () => assert.throws(() => safeApiUrl(given), refuses('unsafeAddress')));
  }

  it('does not repeat what stands in an address', () => {
    assert.throws(
      () => safeApiUrl('http://alice:hunter2@github.example.com'),
      (error) => FirebreakError.is(error) && !error.message.includes('hunter2'),
    );
  });
});

describe('syncRepository', () => {
  const remote = (name: string, url: string) => ({ name, url });

  it('is the one that the setting names', () => {
    assert.deepEqual(
      syncRepository('acme/shop', [remote('origin', 'https://github.com/other/other.git')], githubApiUrl),
      {
        owner: 'acme',
        repo: 'shop',
      },
    );
  });

  it('refuses a setting that names none', () => {
    for (const setting of ['acme', 'acme/', 'acme/shop/x', '../shop', 'acme/..', 'https://github.com/acme/shop']) {
      assert.throws(() => syncRepository(setting, [], githubApiUrl), refuses('invalidInput'), setting);
    }
  });

  it('is upstream before origin before others', () => {
    const remotes = [
      remote('backup', 'git@github.com:backup/shop.git'),
      remote('origin', 'git@github.com:alice/shop.git'),
      remote('upstream', 'https://github.com/acme/shop'),
    ];
    assert.equal(syncRepository(undefined, remotes, githubApiUrl).owner, 'acme');
    assert.equal(syncRepository('', remotes.slice(0, 2), githubApiUrl).owner, 'alice');
    assert.equal(syncRepository(undefined, remotes.slice(0, 1), githubApiUrl).owner, 'backup');
  });

  it('is on the host that the API serves', () => {
    const remotes = [
      remote('origin', 'ssh://git@github.example.com:2222/acme/shop.git'),
      remote('mirror', 'https://github.com/acme/mirror'),
    ];
    assert.equal(syncRepository(undefined, remotes, githubApiUrl).repo, 'mirror');
    assert.equal(syncRepository(undefined, remotes, 'https://github.example.com/api/v3').repo, 'shop');
  });

  it('says so when no remote is there', () => {
    for (const url of [
      '/srv/git/shop.git',
      'https://gitlab.com/acme/shop.git',
      'https://github.com.evil.example/a/b',
    ]) {
      assert.throws(
        () => syncRepository(undefined, [remote('origin', url)], githubApiUrl),
        refuses('noRepository'),
        url,
      );
    }
  });
});
