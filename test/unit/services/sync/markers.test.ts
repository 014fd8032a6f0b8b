import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  formatCommentMarker,
  formatIssueMarker,
  type IssueMarker,
  markedBody,
  parseCommentMarker,
  parseIssueBody,
  trimmedBody,
} from '../../../../src/services/sync/markers.ts';
import { syncedFields } from '../../../../src/services/sync/syncedField.ts';

const nasty = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.constantFrom('-->', '<!-- firebreak:uid=x -->', 'a b', 'a:b', 'a,b', '%', '\n', '01K5V7M3QZ8W4T2N6R0HXJ9DCA'),
);
const marker: fc.Arbitrary<IssueMarker> = fc.record({
  uid: nasty,
  fields: fc
    .subarray([...syncedFields])
    .chain((fields) =>
      fc.record(
        Object.fromEntries(fields.map((field) => [field, fc.record({ head: fc.option(nasty), value: fc.string() })])),
      ),
    ),
});

describe('Sync: markers', () => {
  it('look as the notes on sync say', () => {
    assert.equal(
      formatIssueMarker({
        uid: '01K5',
        fields: { phase: { head: '01K6', value: 'fix' }, type: { head: null, value: 'bug' } },
      }),
      '<!-- firebreak:uid=01K5 type=:bug phase=01K6:fix -->',
    );
    assert.equal(formatCommentMarker(['01K5', '01K6.1of2']), '<!-- firebreak:ev=01K5,01K6.1of2 -->');
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
      fc.property(fc.string(), fc.array(nasty, { minLength: 1 }), (text, keys) => {
        assert.deepEqual(parseCommentMarker(`${text}\n\n${formatCommentMarker(keys)}`), keys);
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
    const ours = formatCommentMarker(['01K5']);
    assert.deepEqual(parseCommentMarker(`text\n\n${ours}  \n`), ['01K5']);
    for (const body of [`${ours}\nmore`, `> ${ours}`, `text ${ours}`, '<!-- firebreak:ev= -->', '']) {
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
