import assert from 'node:assert/strict';
import { CommanderError } from 'commander';
import { CommandFailed, failureOf } from '../../../src/cli/failure.ts';
import { painter, paintSeverity, paintStanding } from '../../../src/cli/paint.ts';
import { plainLine, plainText } from '../../../src/cli/plainText.ts';
import { table } from '../../../src/cli/table.ts';
import { wantsColor } from '../../../src/cli/terminal.ts';
import { FirebreakError } from '../../../src/core/errors.ts';
import { TrackerError } from '../../../src/core/ports/issueTracker.ts';

describe('plain text', () => {
  it('makes one line, and lets nothing through that acts on a terminal', () => {
    assert.equal(plainLine('  a\r\n\tb  c '), 'a b c');
    assert.equal(plainLine('\u001b[31mred\u001b[0m \u009b1m \u202egnirts\u2066'), '�[31mred�[0m �1m �gnirts�');
    assert.equal(plainLine('Größe 測試 🔥 👩🏽‍🚒 e\u0301'), 'Größe 測試 🔥 👩🏽‍🚒 e\u0301');
  });

  it('keeps lines and tabs', () => {
    assert.equal(plainText('a\r\nb\rc\n\td\u0000\u007f'), 'a\nb\nc\n\td��');
  });
});

describe('table', () => {
  it('lines up columns, and leaves out those that only have a heading', () => {
    assert.equal(
      table([
        ['ID', 'OWNER', 'GITHUB', 'TITLE'],
        ['1', '@alice', '', 'x'],
        ['222', '', '', 'long one'],
      ]),
      'ID   OWNER   TITLE\n1    @alice  x\n222          long one',
    );
  });

  it('counts what a terminal shows, not what it is told', () => {
    const bold = painter(true);
    assert.equal(
      table(
        [
          ['測試', 'a'],
          ['e\u0301', 'b'],
          ['🔥x', 'c'],
        ],
        (cell, _row, column) => (column === 0 ? bold(cell, 'bold') : cell),
      ),
      '\u001b[1m測試\u001b[22m  a\n\u001b[1me\u0301\u001b[22m     b\n\u001b[1m🔥x\u001b[22m   c',
    );
  });

  it('is nothing without rows', () => assert.equal(table([]), ''));
});

describe('colours', () => {
  it('are for a terminal that takes them, and for people who want them', () => {
    assert.equal(wantsColor(true, {}), true);
    assert.equal(wantsColor(false, {}), false);
    assert.equal(wantsColor(true, { NO_COLOR: '1' }), false);
    assert.equal(wantsColor(true, { NO_COLOR: '' }), true);
    assert.equal(wantsColor(true, { TERM: 'dumb' }), false);
  });

  it('say nothing that the words do not', () => {
    const none = painter(false);
    const some = painter(true);
    assert.equal(paintSeverity(none, 'P0'), 'P0');
    assert.equal(paintSeverity(some, 'P0'), '\u001b[31mP0\u001b[39m');
    assert.equal(paintSeverity(some, 'P1'), '\u001b[33mP1\u001b[39m');
    assert.equal(paintSeverity(some, 'P2'), 'P2');
    assert.equal(paintStanding(some, 'overdue', 'late'), '\u001b[31mlate\u001b[39m');
    assert.equal(paintStanding(some, 'soon', 'soon'), '\u001b[33msoon\u001b[39m');
    assert.equal(paintStanding(some, 'running', 'fine'), 'fine');
  });
});

describe('failureOf', () => {
  it('tells whether the command line or the world is wrong', () => {
    assert.deepEqual(failureOf(new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'")), {
      code: 'usage',
      message: "unknown option '--x'",
      exitCode: 2,
    });
    assert.equal(failureOf(new FirebreakError('invalidInput', 'x')).exitCode, 2);
    assert.deepEqual(failureOf(new FirebreakError('readOnly', 'x')), { code: 'readOnly', message: 'x', exitCode: 1 });
    assert.equal(failureOf(new TrackerError('locked', 'x')).code, 'github.locked');
    assert.equal(failureOf(new CommandFailed('github.offline', 'x')).code, 'github.offline');
    const bug = failureOf(new Error('\u001b[2Jundefined is no function'));
    assert.deepEqual([bug.code, bug.exitCode], ['internal', 1]);
    assert.match(bug.message, /^this is a bug in Firebreak: �\[2Jundefined/);
    assert.equal(failureOf('odd').code, 'internal');
  });
});
