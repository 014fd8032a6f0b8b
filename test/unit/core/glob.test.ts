import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FirebreakError } from '../../../src/core/errors.ts';
import { compileGlob } from '../../../src/core/glob.ts';

describe('Patterns for paths', () => {
  for (const [pattern, yes, no] of [
    ['backlog/secret.md', ['backlog/secret.md', 'Backlog/SECRET.md'], ['backlog/secret.md2', 'x/backlog/secret.md']],
    ['backlog/legal', ['backlog/legal/a.md', 'backlog/legal/b/c.md'], ['backlog/legal-not.md', 'backlog']],
    ['backlog/legal/', ['backlog/legal/a.md'], ['backlog/other/a.md']],
    ['backlog/*', ['backlog/a.md', 'backlog/a/b.md'], ['incidents/a.md', 'backlog']],
    ['*secret*', ['backlog/my-secret-1.md', 'secret', 'a/secrets/b/c.md'], ['backlog/open.md']],
    ['/top.md', ['top.md'], ['backlog/top.md']],
    ['./top.md', ['top.md'], ['backlog/top.md']],
    ['**/legal/**', ['legal/a', 'a/b/legal/c/d'], ['illegal/a', 'a/legally/b']],
    ['incidents/**/incident.md', ['incidents/incident.md', 'incidents/a/b/incident.md'], ['incidents/a/other.md']],
    ['**', ['a', 'a/b'], ['']],
    ['incidents/BUG-P?-*', ['incidents/BUG-P0-20250923-1430/incident.md'], ['incidents/BUG-P10/incident.md']],
    ['{backlog,incidents}/{a,b{1,2}}*', ['backlog/a9.md', 'incidents/b2.md'], ['backlog/b3.md', 'sprints/a.md']],
    ['a/[a-c][!0-9]', ['a/bx', 'A/CX'], ['a/dx', 'a/b1', 'a/b/']],
    ['a/[]x]', ['a/]', 'a/x'], ['a/[']],
    ['Größe.md', ['a/GRÖSSE.md'.replace('SS', 'ß'), 'größe.md'], ['groesse.md']],
  ] as const) {
    it(`${pattern} holds for what it names`, () => {
      const check = compileGlob(pattern);
      for (const path of yes) assert.ok(check(path), path);
      for (const path of no) assert.ok(!check(path), path);
    });
  }

  for (const pattern of [
    '',
    '  ',
    'a\\b',
    '!a',
    'a/../b',
    '../a',
    'a//b',
    '//a',
    '/',
    'a/./b',
    '**a',
    'a/b**/c',
    '[ab',
    'a[]',
    'a[!]',
    '[z-a]',
    '{a,b',
    'a}',
    'a/{b',
    Array.from({ length: 9 }, () => '{a,b}').join(''),
  ]) {
    it(`${JSON.stringify(pattern)} is refused, and it is said which it was`, () => {
      assert.throws(
        () => compileGlob(pattern),
        (error) => FirebreakError.is(error, 'invalidInput') && error.message.startsWith(`"${pattern}" is no pattern`),
      );
    });
  }

  it('without special characters, each path holds for itself and what is below it, and for nothing else', () => {
    const name = fc.stringMatching(/^[a-z0-9._-]{1,6}$/).filter((text) => !/^\.+$/.test(text));
    const path = fc.array(name, { minLength: 2, maxLength: 4 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(path, path, (first, second) => {
        const check = compileGlob(first);
        assert.equal(check(second), second === first || second.startsWith(`${first}/`));
        assert.ok(check(first) && check(`${first}/x`) && !check(`x/${first}`));
      }),
    );
  });

  it('agrees with a regular expression for stars and question marks', () => {
    const pattern = fc
      .stringMatching(/^[ab*?/]{1,8}$/)
      .filter((text) => !/\*\*|\/\/|^\/|\/$/.test(text) && text.includes('/'));
    fc.assert(
      fc.property(pattern, fc.stringMatching(/^[ab/]{1,10}$/), (glob, path) => {
        const expression = glob.replaceAll('*', '[^/]*').replaceAll('?', '[^/]');
        assert.equal(compileGlob(glob)(path), new RegExp(`^${expression}(?:/.*)?$`).test(path), `${glob} ${path}`);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes no time that grows with anything but pattern and path', () => {
    const steps = 60;
    const check = compileGlob(`${'*a'.repeat(steps)}b`);
    assert.equal(check('a'.repeat(5_000)), false);
  });
});
