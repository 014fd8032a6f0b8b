import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { diff3Merge } from 'node-diff3';
import { hasMergeMarker, markedMerge, mergeText, undecidedPlaces } from '../../../src/core/mergeText.ts';

/** Few words, so that lines repeat: where alignments are hard. */
const text = fc
  .array(fc.constantFrom('', '', 'a', 'b', 'c', '- d'), { maxLength: 12 })
  .map((lines) => lines.join('\n'));

/** A base whose lines are all different, and two edits of it: there is one right way to align them. */
const distinct = fc
  .array(fc.constantFrom('keep', 'drop', 'replace', 'add'), { minLength: 1, maxLength: 14 })
  .chain((acts) =>
    fc.tuple(
      fc.constant(acts.map((_, index) => `line ${index}`)),
      fc.constant(edited(acts, 'ours')),
      fc
        .array(fc.constantFrom('keep', 'keep', 'keep', 'drop', 'replace', 'add'), {
          minLength: acts.length,
          maxLength: acts.length,
        })
        .map((others) => edited(others, 'theirs')),
    ),
  );

function edited(acts: readonly string[], who: string): string[] {
  return acts.flatMap((act, index) => {
    if (act === 'drop') return [];
    if (act === 'replace') return [`${who} ${index}`];
    return act === 'add' ? [`line ${index}`, `${who} after ${index}`] : [`line ${index}`];
  });
}

/** A text whose lines repeat, and two people who each edit it in a place or two. */
const line = fc.constantFrom('', '', 'a', 'b', 'c', '- d');
const edits = fc.array(fc.record({ at: fc.nat(20), remove: fc.nat(2), insert: fc.array(line, { maxLength: 2 }) }), {
  minLength: 1,
  maxLength: 2,
});
const repeating = fc
  .tuple(fc.array(line, { minLength: 3, maxLength: 18 }), edits, edits)
  .map(([base, ours, theirs]) => {
    const after = (changes: typeof ours) => {
      const lines = [...base];
      for (const { at, remove, insert } of changes) lines.splice(at % (lines.length + 1), remove, ...insert);
      return lines.join('\n');
    };
    return [base.join('\n'), after(ours), after(theirs)] as const;
  });

describe('mergeText', function () {
  this.timeout(60_000);

  it('takes changes of different places', () => {
    assert.equal(mergeText('a\nb\nc\nd\ne', 'A\nb\nc\nd\ne', 'a\nb\nc\nd\nE'), 'A\nb\nc\nd\nE');
  });
  it('takes the same change once', () => {
    assert.equal(mergeText('a\nb\nc\nd', 'a\nX\nc\nd', 'a\nX\nc\nd\ne'), 'a\nX\nc\nd\ne');
  });
  it('leaves two changes of one place, or of neighbouring lines, to a person', () => {
    assert.equal(mergeText('mitigated', 'resolved', 'mitigated\nresolved'), undefined);
    assert.equal(mergeText('a\nb', 'A\nb', 'a\nB'), undefined);
    assert.equal(mergeText('a\nb', 'a\nours\nb', 'a\ntheirs\nb'), undefined);
  });
  it('takes a deletion beside an edit elsewhere', () => {
    assert.equal(mergeText('a\nb\nc\nd', 'a\nc\nd', 'a\nb\nc\nD'), 'a\nc\nD');
  });
  it('gives up on two rewrites without taking minutes', () => {
    const lines = (word: string) => Array.from({ length: 6_000 }, (_, index) => `${word} ${index}`).join('\n');
    assert.equal(mergeText(lines('base'), lines('ours'), lines('theirs')), undefined);
  });

  it('takes the lines of one side where both changed one place, if asked to, and still both elsewhere', () => {
    const [base, ours, theirs] = ['a\nb\nc\nd', 'a\nB\nc\nd\nours', 'A\nb!\nc\nd'];
    assert.equal(mergeText(base, ours, theirs), undefined);
    assert.equal(mergeText(base, ours, theirs, 'ours'), 'a\nB\nc\nd\nours');
    assert.equal(mergeText(base, ours, theirs, 'theirs'), 'A\nb!\nc\nd\nours');
  });

  it('shows both sides between markers where both changed one place, as git does', () => {
    const marked = markedMerge(
      'a\nb\nc\nd',
      { name: 'one', text: 'a\nB\nc\nd\nours' },
      { name: 'two', text: 'A\nb!\nc\nd' },
    );
    assert.equal(marked, '<<<<<<< one\na\nB\n=======\nA\nb!\n>>>>>>> two\nc\nd\nours');
    assert.ok(hasMergeMarker(marked));
    assert.ok(!hasMergeMarker('a\n=======\n<<<<<<<< b\n > >>>>>>> c'));
  });

  it('counts the places of a conflict that a decided text leaves as they were', () => {
    const [base, ours, theirs] = ['a\nb\nc\nd\ne\nf\ng', 'a\nB\nc\nd\ne\nF\ng', 'a\nb!\nc\nd\ne\nf!\nG'];
    assert.equal(undecidedPlaces(base, ours, theirs, base), 2);
    assert.equal(undecidedPlaces(base, ours, theirs, 'a\nB\nc\nd\ne\nf\ng'), 1);
    assert.equal(undecidedPlaces(base, ours, theirs, 'a\nb, or B\nc\nd\ne\ng'), 0);
    assert.equal(undecidedPlaces(base, ours, base, base), 0);
  });

  it('leaves nothing undecided in either side, whatever the texts', () => {
    fc.assert(
      fc.property(distinct, ([base, ours, theirs]) => {
        const texts = [base, ours, theirs].map((lines) => lines.join('\n')) as [string, string, string];
        assert.equal(undecidedPlaces(...texts, mergeText(...texts, 'ours')), 0);
        assert.equal(undecidedPlaces(...texts, mergeText(...texts, 'theirs')), 0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is an identity when one side did nothing', () => {
    fc.assert(
      fc.property(text, text, (base, side) => {
        assert.equal(mergeText(base, side, base), side);
        assert.equal(mergeText(base, base, side), side);
        assert.equal(mergeText(base, side, side), side);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same from both sides', () => {
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        assert.equal(mergeText(base, ours, theirs), mergeText(base, theirs, ours));
      }),
      { numRuns: 2_000 },
    );
  });

  it('makes no line that neither side has, and none more often than both together', () => {
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        const merged = mergeText(base, ours, theirs)?.split('\n');
        if (!merged) return;
        for (const line of new Set(merged)) {
          const count = (lines: string) => lines.split('\n').filter((candidate) => candidate === line).length;
          // A line that both moved, each to another place, is in both places, as git has it: no tighter bound is true.
          const most = count(ours) + count(theirs);
          assert.ok(merged.filter((candidate) => candidate === line).length <= most, line);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps a line that both moved, each elsewhere, in both places, as git does', () => {
    assert.equal(mergeText('\n\na\nb', 'a\n\n\nb', '\n\nb\na'), 'a\n\n\nb\na');
  });

  it('decides as node-diff3 does where lines can be told apart', () => {
    let clean = 0;
    fc.assert(
      fc.property(distinct, ([base, ours, theirs]) => {
        const expected = diff3Merge(ours, base, theirs, { excludeFalseConflicts: true });
        const conflict = expected.some((region) => region.conflict !== undefined);
        const merged = mergeText(base.join('\n'), ours.join('\n'), theirs.join('\n'));
        if (conflict) assert.equal(merged, undefined);
        else {
          clean += 1;
          assert.equal(merged, expected.flatMap((region) => region.ok ?? []).join('\n'));
        }
      }),
      { numRuns: 2_000 },
    );
    assert.ok(clean > 100, `only ${clean} clean merges were compared`);
  });

  it('takes every change of both, and nothing else, each in its order', () => {
    let clean = 0;
    fc.assert(
      fc.property(distinct, ([base, ours, theirs]) => {
        const merged = mergeText(base.join('\n'), ours.join('\n'), theirs.join('\n'))?.split('\n');
        if (!merged) return;
        clean += 1;
        const wanted = [
          ...base.filter((one) => ours.includes(one) && theirs.includes(one)),
          ...[...ours, ...theirs].filter((one) => !base.includes(one)),
        ];
        // Texts without a line are one empty line.
        assert.deepEqual(merged.filter((one) => one !== '').sort(), wanted.sort());
        for (const side of [ours, theirs]) {
          const shared: string[] = merged.filter((one) => side.includes(one));
          assert.deepEqual(
            shared,
            side.filter((one) => shared.includes(one)),
          );
        }
      }),
      { numRuns: 2_000 },
    );
    assert.ok(clean > 100, `only ${clean} clean merges were looked at`);
  });

  it('decides as git merge-file does where lines can be told apart', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'firebreak-merge-'));
    let clean = 0;
    try {
      fc.assert(
        fc.property(distinct, ([base, ours, theirs]) => {
          const files = { ours, base, theirs };
          for (const [name, lines] of Object.entries(files)) {
            writeFileSync(path.join(folder, name), lines.map((line) => `${line}\n`).join(''));
          }
          const git = spawnSync('git', ['merge-file', '-p', 'ours', 'base', 'theirs'], {
            cwd: folder,
            encoding: 'utf8',
          });
          const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
          const merged = mergeText(text(base), text(ours), text(theirs));
          for (const side of ['ours', 'theirs'] as const) {
            const preferring = spawnSync('git', ['merge-file', '-p', `--${side}`, 'ours', 'base', 'theirs'], {
              cwd: folder,
              encoding: 'utf8',
            });
            assert.equal(mergeText(text(base), text(ours), text(theirs), side), preferring.stdout);
          }
          if (git.status !== 0) assert.equal(merged, undefined);
          else {
            clean += 1;
            assert.equal(merged, git.stdout);
          }
        }),
        { numRuns: 150 },
      );
      assert.ok(clean > 10, `only ${clean} clean merges were compared`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('decides nearly always as git merge-file does where lines repeat, and more than one answer is right', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'firebreak-merge-'));
    const counts = { same: 0, clean: 0, cleanAndSame: 0, all: 0 };
    try {
      fc.assert(
        fc.property(repeating, (texts) => {
          const [base, ours, theirs] = texts.map((text) => `${text}\n`) as [string, string, string];
          for (const [name, text] of Object.entries({ ours, base, theirs }))
            writeFileSync(path.join(folder, name), text);
          const git = spawnSync('git', ['merge-file', '-p', 'ours', 'base', 'theirs'], {
            cwd: folder,
            encoding: 'utf8',
          });
          const expected = git.status === 0 ? git.stdout : undefined;
          const merged = mergeText(base, ours, theirs);
          counts.all += 1;
          if (merged === expected) counts.same += 1;
          if (merged === undefined || expected === undefined) return;
          counts.clean += 1;
          if (merged === expected) counts.cleanAndSame += 1;
        }),
        // Always the same ones, since they are counted.
        { numRuns: 250, seed: 3 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
    assert.ok(counts.clean > 100, JSON.stringify(counts));
    assert.ok(counts.same >= counts.all * 0.95, JSON.stringify(counts));
    assert.ok(counts.cleanAndSame >= counts.clean * 0.98, JSON.stringify(counts));
  });
});
