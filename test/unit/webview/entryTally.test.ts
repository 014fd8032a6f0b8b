import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EventView } from '../../../src/protocol/timelineView.ts';
import { EntryTally } from '../../../webview/timeline/entryTally.ts';
import { eventView } from '../protocol/builders.ts';

describe('the tally of entries', () => {
  const entry: fc.Arbitrary<EventView> = fc
    .record({
      kind: fc.constantFrom('note' as const, 'status' as const, 'alert' as const),
      by: fc.constantFrom('@a', '@b'),
      pinned: fc.boolean(),
      missing: fc.boolean(),
    })
    .map((parts) => eventView(parts));

  const shown = ({ kinds, people, pinned, missing }: EntryTally) => ({
    kinds: [...kinds].sort(),
    people: [...people].sort(),
    pinned,
    missing,
  });

  it('is the same whether it was kept by changes or counted anew', () => {
    const step = fc.record({ gone: fc.nat(3), come: fc.array(entry, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(entry), fc.array(step), (first, steps) => {
        const kept = new EntryTally();
        kept.restart(first);
        let entries = first;
        for (const { gone, come } of steps) {
          kept.take({ removed: entries.slice(0, gone), put: come });
          entries = [...entries.slice(gone), ...come];
        }
        const anew = new EntryTally();
        anew.restart([eventView({ by: '@before' })]);
        anew.restart(entries);
        assert.deepEqual(shown(kept), shown(anew));
      }),
    );
  });

  it('counts kinds, people, what is pinned and what has no file', () => {
    const tally = new EntryTally();
    tally.restart([
      eventView({ by: '@a', pinned: true }),
      eventView({ by: '@b', kind: 'status', missing: true }),
      eventView({ by: '@b' }),
    ]);
    assert.deepEqual(shown(tally), {
      kinds: [
        ['note', 2],
        ['status', 1],
      ],
      people: [
        ['@a', 1],
        ['@b', 2],
      ],
      pinned: 1,
      missing: 1,
    });
  });
});
