import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import {
  commandLine,
  kindOfName,
  offeredIn,
  phasesOfKind,
  type RunnableAction,
} from '../../../src/core/runnableAction.ts';

const parameter = (name: string) => ({ name, title: name, default: undefined, options: [], required: true });
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !text.includes('\0')),
  fc.constantFrom(
    '',
    ' ',
    "'",
    '"',
    '$(touch x)',
    '`id`',
    '; rm -rf /',
    '-n',
    '\\',
    '$HOME',
    '$$',
    'a b',
    '*',
    '~',
    '#',
    '!',
    '\n',
    '${name}',
  ),
);

describe('The command line of an action', function () {
  this.timeout(60_000);

  it('hands each value to the program as it was typed, whatever is in it', () => {
    const action = {
      command: "printf '%s|' ${first} x${second}y",
      parameters: [parameter('first'), parameter('second')],
      source: 'policy',
    } as const;
    fc.assert(
      fc.property(value, value, (first, second) => {
        const line = commandLine(action, { first, second }, 'posix');
        assert.ok('command' in line && line.command !== undefined);
        assert.equal(execFileSync('sh', ['-c', line.command]).toString(), `${first}|x${second}y|`);
      }),
      { numRuns: 150 },
    );
  });

  it('hands it through make too, which expands what it is given once more', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'fb-make-'));
    try {
      writeFileSync(path.join(folder, 'Makefile'), 'show:\n\t@printf "%s" "$$name"\n');
      const action = {
        command: 'make --no-print-directory show name=${name}',
        parameters: [parameter('name')],
        source: 'make',
      } as const;
      // A line break ends a variable of make, and blanks before its value are no part of it.
      const line = value.filter(
        (text) =>
          text !== '' && !/[\r\n]|^\s/.test(text) && !text.endsWith('\\') && Buffer.from(text).toString() === text,
      );
      fc.assert(
        fc.property(line, (name) => {
          const made = commandLine(action, { name }, 'posix');
          assert.ok('command' in made && made.command !== undefined);
          assert.equal(execFileSync('sh', ['-c', made.command], { cwd: folder }).toString(), name);
        }),
        { numRuns: 60 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('leaves other variables to the shell, and an empty one of make to the Makefile', () => {
    const action = { command: 'echo ${HOME} ${what}', parameters: [parameter('what')], source: 'policy' } as const;
    assert.deepEqual(commandLine(action, { what: 'it' }, 'posix'), { command: 'echo ${HOME} it' });
    const make = {
      command: 'make x version=${version} to=${to}',
      parameters: [parameter('version'), parameter('to')],
      source: 'make',
    } as const;
    assert.deepEqual(commandLine(make, { version: '', to: 'b' }, 'posix'), { command: 'make x to=b' });
  });

  it('refuses what cmd.exe can’t be told safely', () => {
    const action = { command: 'deploy ${to}', parameters: [parameter('to')], source: 'policy' } as const;
    for (const to of ['a&b', '%PATH%', '"', 'a|b', 'a^b', '!x!', 'a\nb']) {
      assert.deepEqual(commandLine(action, { to }, 'cmd'), { refused: 'to' }, to);
    }
    assert.deepEqual(commandLine(action, { to: 'a b' }, 'cmd'), { command: 'deploy "a b"' });
  });
});

describe('Which actions are offered', () => {
  it('knows what the guide’s own commands are for', () => {
    for (const name of ['deploy-rollback', 'infra-scale', 'feature-flag', 'traffic-redirect']) {
      assert.equal(kindOfName(name), 'mitigation', name);
    }
    for (const name of ['health-check', 'alerts-active', 'test-smoke', 'metrics-check', 'customer-impact-check']) {
      assert.equal(kindOfName(name), 'check', name);
    }
    for (const name of ['build', 'clean', 'test', 'install', 'checkout-demo'])
      assert.equal(kindOfName(name), 'other', name);
  });

  it('has evidence before what could destroy it, then what fits the phase, the team’s own first, and the rest below', () => {
    const action = (id: string, kind: RunnableAction['kind'], source: RunnableAction['source']): RunnableAction => ({
      id,
      title: id,
      kind,
      source,
      phases: phasesOfKind(kind),
      freeze: undefined,
      command: id,
      cwd: '',
      risk: 'low',
      confirm: undefined,
      parameters: [],
      collect: [],
      timeout: null,
      behind: '',
    });
    const all = [
      action('make:build', 'other', 'make'),
      action('make:rollback', 'mitigation', 'make'),
      action('restart', 'mitigation', 'policy'),
      action('logs', 'evidence', 'policy'),
      action('make:health', 'check', 'make'),
    ];
    const offered = offeredIn('mitigate', all);
    const ids = (actions: readonly RunnableAction[]) => actions.map(({ id }) => id);
    assert.deepEqual(ids(offered.evidence), ['logs']);
    assert.deepEqual(ids(offered.now), ['restart', 'make:rollback']);
    assert.deepEqual(ids(offered.others), ['make:health', 'make:build']);
  });
});
