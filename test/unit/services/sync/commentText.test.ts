import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TimelineEvent } from '../../../../src/core/timelineEvent.ts';
import { commentDrafts, mostCharacters } from '../../../../src/services/sync/commentText.ts';
import { parseCommentMarker } from '../../../../src/services/sync/markers.ts';

const base = {
  incident: '01K5V7Z0000000000000000000',
  at: '2025-09-23T14:32:10Z',
  recorded: '2025-09-23T14:33:02Z',
  by: '@alice',
  origin: '4f9a2c',
};
const note = (id: string, body: string): TimelineEvent => ({ ...base, id, kind: 'note', body });
const none: ReadonlySet<string> = new Set();

describe('Sync: what comments say', () => {
  it('gathers small events into a list that markdown shows as one, and pings nobody by their own act', () => {
    const events: TimelineEvent[] = [
      { ...base, id: 'a', kind: 'phase', to: 'mitigate', prev: null, body: 'Rolling back' },
      { ...base, id: 'b', kind: 'role', role: 'scribe', to: '@bob', prev: null, body: '' },
      { ...base, id: 'c', kind: 'role', role: 'scribe', to: '', prev: 'b', body: '' },
      { ...base, id: 'd', kind: 'command', exit: 1, body: '```sh\nmake deploy-rollback\n```' },
      { ...base, id: 'e', kind: 'unknown', writtenKind: 'poll', body: 'line one\n\nline two' },
      { ...base, id: 'f', kind: 'retraction', replaces: 'e', body: 'wrong incident' },
    ];
    const [draft, ...more] = commentDrafts(events, none);
    assert.deepEqual(more, []);
    assert.deepEqual(draft?.keys, ['a', 'b', 'c', 'd', 'e', 'f']);
    assert.equal(
      draft?.body,
      [
        '- **2025-09-23 14:32:10 UTC** · alice · phase → **mitigate**: Rolling back',
        '- **2025-09-23 14:32:10 UTC** · alice · scribe → **bob**',
        '- **2025-09-23 14:32:10 UTC** · alice · scribe given back',
        '- **2025-09-23 14:32:10 UTC** · alice · command (exit 1):',
        '',
        '  ```sh',
        '  make deploy-rollback',
        '  ```',
        '- **2025-09-23 14:32:10 UTC** · alice · note: line one',
        '',
        '  line two',
        '- **2025-09-23 14:32:10 UTC** · alice · an earlier entry is taken back: wrong incident',
        '',
        '<!-- firebreak:ev=a,b,c,d,e,f -->',
      ].join('\n'),
    );
  });

  it('leaves out what is posted', () => {
    assert.deepEqual(commentDrafts([note('a', 'x'), note('b', 'y')], new Set(['a']))[0]?.keys, ['b']);
    assert.deepEqual(commentDrafts([note('a', 'x')], new Set(['a'])), []);
  });

  it('keeps every comment within GitHub’s limit, and every event in exactly one, whatever their sizes', function () {
    this.timeout(30_000);
    const sizes = fc.array(fc.oneof(fc.nat(200), fc.integer({ min: 30_000, max: 200_000 })), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const events = lengths.map((length, index) => note(`event${index}`, '✓'.repeat(length)));
        const drafts = commentDrafts(events, none);
        const keys = drafts.flatMap((draft) => draft.keys);
        assert.equal(new Set(keys).size, keys.length);
        for (const draft of drafts) {
          assert.ok([...draft.body].length <= mostCharacters);
          assert.deepEqual(parseCommentMarker(draft.body), draft.keys);
        }
        const text = drafts.map((draft) => draft.body).join('');
        assert.equal(
          text.split('✓').length - 1,
          lengths.reduce((sum, length) => sum + length, 0),
        );
        assert.deepEqual(commentDrafts(events, new Set(keys)), []);
      }),
      { numRuns: 15 },
    );
  });
});
