import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatIssueLink, parseIssueLink, parseRepositoryName, repositoryOfRemote } from '../../../src/core/github.ts';

const owner = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,20}$/);
const repo = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}$/).filter((name) => !name.endsWith('.git'));

describe('the name of a repository', function () {
  this.timeout(20_000);

  it('is an owner and a name', () => {
    assert.deepEqual(parseRepositoryName('acme/shop'), { owner: 'acme', repo: 'shop' });
    assert.deepEqual(parseRepositoryName(' a-1/.github '), { owner: 'a-1', repo: '.github' });
    fc.assert(
      fc.property(owner, repo, (who, what) =>
        assert.deepEqual(parseRepositoryName(`${who}/${what}`), { owner: who, repo: what }),
      ),
    );
  });

  for (const text of [
    '',
    'acme',
    'acme/',
    '/shop',
    'acme/shop/',
    'acme/shop/issues',
    'acme/..',
    'acme/.',
    '-acme/shop',
    'ac me/shop',
    'acme/sh op',
    'acme/shop#1',
    'acme\\shop',
    'https://github.com/acme/shop',
    '../shop',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.equal(parseRepositoryName(text), undefined);
    });
  }
});

describe('a link to an issue', function () {
  this.timeout(20_000);

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(owner, repo, fc.integer({ min: 1, max: 2_147_483_647 }), (who, what, number) => {
        const link = { owner: who, repo: what, number };
        assert.deepEqual(parseIssueLink(formatIssueLink(link)), link);
      }),
    );
    assert.equal(formatIssueLink({ owner: 'acme', repo: 'shop', number: 41 }), 'acme/shop#41');
  });

  for (const text of [
    '',
    '41',
    '#41',
    'acme#41',
    'acme/shop',
    'acme/shop#',
    'acme/shop#0',
    'acme/shop#-1',
    'acme/shop#041',
    'acme/shop#4.1',
    'acme/shop#41a',
    'acme/shop#99999999999',
    'a/b/c#1',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.equal(parseIssueLink(text), undefined);
    });
  }
});

describe("a remote's repository", function () {
  this.timeout(20_000);

  for (const url of [
    'https://github.com/acme/shop',
    'https://github.com/acme/shop.git',
    'https://GitHub.com/acme/shop.git/',
    'https://alice:token@github.com/acme/shop.git',
    'http://github.com:8080/acme/shop',
    'ssh://git@github.com/acme/shop.git',
    'ssh://git@ssh.github.com:443/acme/shop.git',
    'git@github.com:acme/shop.git',
    'git@ssh.github.com:acme/shop.git',
    'github.com:acme/shop',
    'git@github.com:/acme/shop.git',
    'git://github.com/acme/shop.git',
  ]) {
    it(`is read from ${url}`, () => {
      assert.deepEqual(repositoryOfRemote(url), { host: 'github.com', owner: 'acme', repo: 'shop' });
    });
  }

  for (const url of [
    '',
    '/srv/git/shop.git',
    '../shop',
    './shop.git',
    'C:/repos/acme/shop',
    'C:\\repos\\shop',
    'file:///srv/acme/shop',
    'https://github.com/acme',
    'https://github.com/acme/shop/wiki',
    'git@github.com:shop.git',
    'https://github.com/',
    'ftp://github.com/acme/shop',
    'ext::sh -c evil',
  ]) {
    it(`is none in ${JSON.stringify(url)}`, () => {
      assert.equal(repositoryOfRemote(url), undefined);
    });
  }

  it('has the host of its own server', () => {
    assert.equal(repositoryOfRemote('git@GHE.example.org:acme/shop.git')?.host, 'ghe.example.org');
    assert.equal(repositoryOfRemote('https://ssh.github.example.org/acme/shop')?.host, 'ssh.github.example.org');
  });

  it('is the same however it is written', () => {
    fc.assert(
      fc.property(owner, repo, fc.constantFrom('', '.git'), (who, what, ending) => {
        const expected = { host: 'github.com', owner: who, repo: what };
        for (const url of [
          `https://github.com/${who}/${what}${ending}`,
          `git@github.com:${who}/${what}${ending}`,
          `ssh://git@github.com:22/${who}/${what}${ending}/`,
        ]) {
          assert.deepEqual(repositoryOfRemote(url), expected, url);
        }
      }),
    );
  });
});
