import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TimelineEvent } from '../../../../src/core/timelineEvent.ts';
import { eventEntries } from '../../../../src/services/sync/commentEntries.ts';
import { parseComment, parseCommentMarker } from '../../../../src/services/sync/commentMarker.ts';
import { isUntouched, placesOf, readEntry } from '../../../../src/services/sync/commentPlaces.ts';
import { commentDrafts, mostCharacters } from '../../../../src/services/sync/commentText.ts';

const base = {
  incident: '01K5V7Z0000000000000000000',
  at: '2025-09-23T14:32:10Z',
  recorded: '2025-09-23T14:33:02Z',
  by: '@alice',
  origin: '4f9a2c',
};
const note = (id: string, body: string): TimelineEvent => ({ ...base, id, kind: 'note', body });
/** @param others events of other clones */
const draftsOf = (
  events: readonly TimelineEvent[],
  posted: Readonly<Record<string, number>> = {},
  others: readonly TimelineEvent[] = [],
) =>
  commentDrafts(
    eventEntries(events, [...others, ...events], { posted }).filter(({ comment }) => comment === undefined),
  ).filter(({ keys }) => !keys.every((key) => Object.hasOwn(posted, key)));

describe('Sync: what comments say', function () {
  this.timeout(30_000);

  it('leaves what programs printed in the repository, whatever is in it', () => {
    const printed = 'customer 4711\n```\nmore of it';
    const events: TimelineEvent[] = [
      {
        ...base,
        id: 'a',
        kind: 'action',
        exit: 0,
        body: `**It**: succeeded.\n\n\`\`\`sh\nmake it\n\`\`\`\n\n\`\`\`\`text\n${printed}\n\`\`\`\``,
      },
      { ...base, id: 'b', kind: 'command', exit: 1, body: `\`\`\`\`console\n$ make it\n${printed}\n\`\`\`\`` },
      {
        ...base,
        id: 'c',
        kind: 'check',
        exit: 1,
        body: '**It**: failed.\n\n```text\ncustomer 4711\n```\n\n| File |\n|---|',
      },
    ];
    const body = draftsOf(events)
      .map((draft) => draft.body)
      .join('');
    assert.doesNotMatch(body, /4711|more of it/);
    assert.match(body, /make it/);
    assert.match(body, /\| File \|/);
    assert.equal(body.split('What it printed is in the repository').length, 4);
  });

  it('gathers small events into a list that markdown shows as one, and pings nobody by their own act', () => {
    const events: TimelineEvent[] = [
      { ...base, id: 'a', kind: 'phase', to: 'mitigate', prev: null, body: 'Rolling back' },
      { ...base, id: 'b', kind: 'role', role: 'scribe', to: '@bob', prev: null, body: '' },
      { ...base, id: 'c', kind: 'role', role: 'scribe', to: '', prev: 'b', body: '' },
      { ...base, id: 'd', kind: 'command', exit: 1, body: '```sh\nmake deploy-rollback\n```' },
      { ...base, id: 'e', kind: 'unknown', writtenKind: 'poll', body: 'line one\n\nline two' },
      { ...base, id: 'f', kind: 'retraction', replaces: 'x', body: 'wrong incident' },
    ];
    const [draft, ...more] = draftsOf(events, {}, [{ ...note('x', 'elsewhere'), by: '@bob' }]);
    assert.deepEqual(more, []);
    assert.deepEqual(draft?.keys, ['a', 'b', 'c', 'd', 'e', 'f']);
    assert.equal(
      draft?.body.replace(/[0-9a-f]{8}(?:,[0-9a-f]{8}){5} -->$/, ''),
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
        '- **2025-09-23 14:32:10 UTC** · alice · the entry of bob, 2025-09-23 14:32:10 UTC is taken back: wrong incident',
        '',
        '<!-- firebreak:ev=a,b,c,d,e,f h=',
      ].join('\n'),
    );
  });

  it('leaves out what is posted', () => {
    assert.deepEqual(draftsOf([note('a', 'x'), note('b', 'y')], { a: 1 })[0]?.keys, ['b']);
    assert.deepEqual(draftsOf([note('a', 'x')], { a: 1 }), []);
  });

  it('waits with what is about an entry that is not here, as on an old branch', () => {
    const taken: TimelineEvent = { ...base, id: 'f', kind: 'retraction', replaces: 'x', body: 'wrong incident' };
    assert.deepEqual(draftsOf([taken, note('b', 'y')])[0]?.keys, ['b']);
    assert.deepEqual(draftsOf([taken, note('b', 'y')], {}, [note('x', 'elsewhere')])[0]?.keys, ['f', 'b']);
  });

  it('keeps every comment within GitHub’s limit, and every event in exactly one, whatever their sizes', function () {
    this.timeout(120_000);
    const sizes = fc.array(fc.oneof(fc.nat(200), fc.integer({ min: 30_000, max: 200_000 })), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const events = lengths.map((length, index) => note(`event${index}`, '✓'.repeat(length)));
        const drafts = draftsOf(events);
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
        assert.deepEqual(draftsOf(events, Object.fromEntries(keys.map((key) => [key, 1]))), []);
      }),
      { numRuns: 15 },
    );
  });

  describe('with corrections', () => {
    const later = { ...base, recorded: '2025-09-23T14:40:00Z', at: '2025-09-23T14:40:00Z' };
    const correction = (id: string, replaces: string, body: string, at = later.recorded): TimelineEvent => ({
      ...later,
      at,
      id,
      kind: 'correction',
      replaces,
      body,
    });
    const retraction = (id: string, replaces: string, body = ''): TimelineEvent => ({
      ...later,
      id,
      kind: 'retraction',
      replaces,
      body,
    });
    const text = (...events: TimelineEvent[]) => parseComment(draftsOf(events)[0]?.body ?? '')?.text;

    it('shows the corrected words in the place of the wrong ones', () => {
      const draft = draftsOf([note('a', 'wrong'), note('b', 'other'), correction('c', 'a', 'right')])[0];
      assert.deepEqual(draft?.keys, ['a', 'c', 'b']);
      assert.match(draft?.body ?? '', /^- .* · note \(corrected\): right\n- .* · note: other\n\n<!-- /);
    });

    it('shows the corrected time; a correction made without one leaves it', () => {
      const at = '2025-09-23T14:05:00Z';
      assert.match(text(note('a', 'x'), correction('c', 'a', '', at)) ?? '', /^- \*\*2025-09-23 14:05:00 UTC.*: x$/);
      assert.match(text(note('a', 'x'), correction('c', 'a', 'y')) ?? '', /^- \*\*2025-09-23 14:32:10 UTC.*: y$/);
    });

    it('posts nothing of what was taken back before anybody saw it', () => {
      assert.deepEqual(draftsOf([note('a', 'a secret'), retraction('r', 'a')]), []);
      assert.deepEqual(draftsOf([note('a', 'a secret'), retraction('r', 'a'), note('b', 'y')])[0]?.keys, ['b']);
    });

    it('gives an entry back whose correction was taken back', () => {
      const draft = draftsOf([note('a', 'first'), correction('c', 'a', 'second'), retraction('r', 'c')])[0];
      assert.match(draft?.body ?? '', /· note: first\n\n<!-- firebreak:ev=a\+c\+r\+a /);
      assert.deepEqual(draft?.keys, ['a', 'c', 'r']);
    });

    it('names the entry of somebody else that it is about', () => {
      const theirs: TimelineEvent = { ...note('t', 'x'), by: '@bob', origin: 'other' };
      const own = [correction('c', 't', 'better')];
      const [draft] = commentDrafts(eventEntries(own, [theirs, ...own], undefined));
      assert.match(draft?.body ?? '', /· alice · correction of the entry of bob, 2025-09-23 14:32:10 UTC: better\n/);
    });
  });

  it('can be parted again into what each entry says', () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\n\r]/g, ' '));
    const body = fc
      .array(
        fc.oneof(
          line,
          fc.constantFrom('', '- a', '```', '> q', '- **2025-09-23 14:32:10 UTC** · a · note: b', '| x |'),
        ),
      )
      .map((lines) => lines.join('\n').trim());
    const kinds = fc.constantFrom('note', 'status', 'decision', 'command');
    fc.assert(
      fc.property(fc.array(fc.tuple(body, kinds), { minLength: 1, maxLength: 5 }), (bodies) => {
        const events = bodies.map(
          ([text, kind], index): TimelineEvent => ({ ...note(`e${index}`, text), kind: kind as 'note' }),
        );
        for (const draft of draftsOf(events)) {
          const comment = parseComment(draft.body);
          assert.ok(comment && isUntouched(comment));
          const said = placesOf(comment)?.map((place) => readEntry(place)?.body);
          const written = draft.keys.map((key) =>
            events
              .find(({ id }) => id === key)
              ?.body.replaceAll('\0', '')
              .trim()
              .replace(/\n[ \t]+(?=\n)/g, '\n'),
          );
          assert.deepEqual(
            said?.map((text) => text?.replace(/\n[ \t]+(?=\n)/g, '\n')),
            written,
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
