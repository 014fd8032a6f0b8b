import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatInstant } from '../../../../src/core/time.ts';
import {
  formatCommentMarker,
  type MarkedEntry,
  markedComment,
  parseComment,
  parseCommentMarker,
} from '../../../../src/services/sync/commentMarker.ts';
import {
  formatIssueMarker,
  type IssueMarker,
  markedBody,
  parseIssueBody,
  trimmedBody,
} from '../../../../src/services/sync/markers.ts';
import { syncedFields } from '../../../../src/services/sync/syncedField.ts';

const nasty = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.constantFrom('-->', '<!-- firebreak:uid=x -->', 'a b', 'a:b', 'a,b', '%', '\n', '01K5V7M3QZ8W4T2N6R0HXJ9DCA'),
);
const entries = { head: fc.option(nasty), value: fc.string() };
const marked = fc.record(entries);
const marker: fc.Arbitrary<IssueMarker> = fc.record({
  uid: nasty,
  fields: fc.subarray([...syncedFields]).chain((fields) =>
    fc.record(
      Object.fromEntries(
        fields.map((field) => [
          field,
          fc.oneof(
            marked,
            fc.record({
              ...entries,
              asOf: fc.integer({ min: 1, max: 4_102_444_799 }).map((seconds) => formatInstant(seconds * 1000)),
            }),
          ),
        ]),
      ),
    ),
  ),
});

const entry: fc.Arbitrary<MarkedEntry> = fc.record({
  keys: fc.array(nasty, { minLength: 1 }),
  hash: fc.stringMatching(/^[0-9a-f]{8}$/),
});

describe('Sync: markers', () => {
  it('look as the notes on sync say', () => {
    assert.equal(
      formatIssueMarker({
        uid: '01K5',
        fields: {
          phase: { head: '01K6', value: 'fix', asOf: '2025-09-23T14:30:00Z' },
          type: { head: null, value: 'bug' },
        },
      }),
      '<!-- firebreak:uid=01K5 type=:bug phase=01K6:fix@1758637800 -->',
    );
    const entries: MarkedEntry[] = [
      { keys: ['01K5', '01K7'], hash: '1a2b3c4d' },
      { keys: ['01K6.1of2'], hash: '5e6f7a8b' },
    ];
    assert.equal(formatCommentMarker(entries), '<!-- firebreak:ev=01K5+01K7,01K6.1of2 h=1a2b3c4d,5e6f7a8b -->');
  });

  it('are read back whatever they hold, below whatever text', () => {
    fc.assert(
      fc.property(fc.string(), marker, (text, given) => {
        fc.pre(!text.includes('firebreak:uid='));
        const parsed = parseIssueBody(markedBody(text, given));
        assert.deepEqual(parsed.marker, structuredClone(given));
        assert.equal(parsed.text, trimmedBody(text));
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string(), fc.array(entry, { minLength: 1 }), (text, entries) => {
        assert.deepEqual(parseComment(markedComment(text, entries)), {
          text: text.trimEnd(),
          entries: structuredClone(entries),
        });
      }),
      { numRuns: 500 },
    );
  });

  it('are stable: a body that was parted and put together again is the same', () => {
    fc.assert(
      fc.property(fc.string(), marker, (text, given) => {
        fc.pre(!text.includes('firebreak:uid='));
        const body = markedBody(text, given);
        assert.equal(markedBody(parseIssueBody(body).text, given), body);
      }),
    );
  });

  it('count at the end of a comment, and nowhere else', () => {
    const ours = formatCommentMarker([{ keys: ['01K5'], hash: '1a2b3c4d' }]);
    assert.deepEqual(parseCommentMarker(`text\n\n${ours}  \n`), ['01K5']);
    assert.deepEqual(parseCommentMarker('<!-- firebreak:ev=01K5,01K6 -->'), ['01K5', '01K6']);
    const none = '<!-- firebreak:ev=, -->';
    for (const body of [`${ours}\nmore`, `> ${ours}`, `text ${ours}`, '<!-- firebreak:ev= -->', none, '']) {
      assert.equal(parseCommentMarker(body), undefined, body);
    }
  });

  it('of which the last counts, and none stays in the text', () => {
    const one = formatIssueMarker({ uid: 'one', fields: {} });
    const two = formatIssueMarker({ uid: 'two', fields: {} });
    const parsed = parseIssueBody(`a\n\n${one}\n\nb\n\n${two}`);
    assert.equal(parsed.marker?.uid, 'two');
    assert.ok(!parsed.text.includes('firebreak'));
  });
});
