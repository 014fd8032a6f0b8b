import assert from 'node:assert/strict';
import fc from 'fast-check';
import { authorName, loginOf } from '../../../src/core/people.ts';
import type { Person } from '../../../src/core/policy.ts';

const nobody: Person = { name: undefined, email: undefined, github: undefined, chat: undefined };
const people: Person[] = [
  { ...nobody, name: 'Alice', email: 'Alice@Example.org', github: 'alice' },
  { ...nobody, name: 'Bob', email: 'bob@example.org' },
  { ...nobody, github: 'carol', chat: '@carol.chat' },
];

describe('the author of what is recorded', function () {
  this.timeout(20_000);

  for (const [who, identity, written] of [
    ['a person of the policy, by e-mail', { name: 'A. Liddell', email: 'alice@example.ORG' }, '@alice'],
    ['a person without a login, by name', { name: 'Robert', email: 'bob@example.org' }, 'Bob'],
    ["GitHub's no-reply address", { name: 'Dave', email: '12345+dave-1@users.noreply.github.com' }, '@dave-1'],
    ["GitHub's old no-reply address", { name: 'Dave', email: 'dave@users.noreply.github.com' }, '@dave'],
    ["somebody else, by git's name", { name: 'Eve', email: 'eve@example.org' }, 'Eve'],
    ['somebody without a name', { name: undefined, email: 'eve@example.org' }, 'eve@example.org'],
    ['nobody that git knows', { name: undefined, email: undefined }, 'unknown'],
    [
      'an address that only looks like it',
      { name: 'Mallory', email: 'alice@users.noreply.github.com.example.org' },
      'Mallory',
    ],
  ] as const) {
    it(`is ${who}`, () => {
      assert.equal(authorName(identity, people), written);
    });
  }

  it('is never empty, and the same for any case of the address', () => {
    const text = fc.option(fc.constantFrom('Alice', 'bob@example.org', 'x@users.noreply.github.com', 'Émile'), {
      nil: undefined,
    });
    fc.assert(
      fc.property(text, text, (name, email) => {
        const written = authorName({ name, email }, people);
        assert.notEqual(written, '');
        if (email !== undefined && name !== undefined)
          assert.equal(authorName({ name, email: email.toUpperCase() }, people), written);
      }),
    );
  });
});

describe('the login of a written name', function () {
  this.timeout(20_000);

  for (const [written, login] of [
    ['@alice', 'alice'],
    ['@someone-else', 'someone-else'],
    ['Alice', 'alice'],
    ['Alice@Example.org', 'alice'],
    ['alice@example.org', 'alice'],
    ['@carol.chat', 'carol'],
    ['@erin_acme', 'erin_acme'],
    ['@renovate[bot]', 'renovate[bot]'],
    ['@renovate[x]', undefined],
    ['Bob', undefined],
    ['alice', undefined],
    ['@acme/on-call', undefined],
    ['@', undefined],
    ['@-x', undefined],
    ['', undefined],
  ] as const) {
    it(`${JSON.stringify(written)} is ${login ?? 'none'}`, () => {
      assert.equal(loginOf(written, people), login);
    });
  }

  it('gives back the login of whoever is written by it', () => {
    for (const person of people) {
      if (person.email === undefined || person.github === undefined) continue;
      assert.equal(loginOf(authorName({ name: 'x', email: person.email }, people), people), person.github);
    }
  });
});
