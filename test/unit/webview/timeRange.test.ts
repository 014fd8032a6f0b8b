import assert from 'node:assert/strict';
import { panned, ticks, wholeRange, zoomed } from '../../../webview/timeline/timeRange.ts';
import { declaredAt, eventView, timelineView } from '../protocol/builders.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('the time that the picture of an incident shows', () => {
  const minutes = ({ from, to }: { from: number; to: number }) =>
    [from, to].map((time) => Math.round((time - declaredAt) / minute));
  const events = [
    eventView({ id: 'a', at: declaredAt - 10 * minute }),
    eventView({ id: 'b', at: declaredAt + 20 * minute }),
  ];
  const due = (dueAt: number, stoppedAt: number | null = null) =>
    ({
      kind: 'resolve',
      label: 'Resolve',
      startedAt: declaredAt,
      dueAt: declaredAt + dueAt * minute,
      stoppedAt: stoppedAt === null ? null : declaredAt + stoppedAt * minute,
    }) as const;

  it('goes from the first entry to now, or to the last entry of an incident that is over', () => {
    const now = declaredAt + 90 * minute;
    assert.deepEqual(minutes(wholeRange(timelineView({ events, clocks: [] }), now)), [-12, 92]);
    assert.deepEqual(minutes(wholeRange(timelineView({ events, clocks: [], finished: true }), now)), [-11, 21]);
  });

  it('takes limits in that are near, and leaves those that are far or were met', () => {
    const now = declaredAt + 90 * minute;
    assert.deepEqual(minutes(wholeRange(timelineView({ events, clocks: [due(120)] }), now)), [-13, 124]);
    assert.deepEqual(minutes(wholeRange(timelineView({ events, clocks: [due(240)] }), now)), [-12, 92]);
    assert.deepEqual(minutes(wholeRange(timelineView({ events, clocks: [due(120, 30)] }), now)), [-12, 92]);
  });

  it('stays the same for a while as time goes on, and never ends before now', () => {
    const ends = new Set<number>();
    for (let passed = 30; passed <= 60; passed += 0.25) {
      const now = declaredAt + passed * minute;
      const { from, to } = wholeRange(timelineView({ events, clocks: [] }), now);
      assert.ok(to > now && to - now < 0.06 * (to - from), `${to - now} of ${to - from}`);
      ends.add(to);
    }
    assert.ok(ends.size <= 32, String(ends.size));
  });

  it('is never empty, whatever the clocks say', () => {
    for (const now of [declaredAt - 24 * hour, declaredAt]) {
      const { from, to } = wholeRange(timelineView({ events: [], phases: [], clocks: [] }), now);
      assert.ok(to > from);
    }
  });

  it('is zoomed around an instant that stays in its place, to ten seconds at the least', () => {
    const range = { from: 0, to: 100 * minute };
    assert.deepEqual(zoomed(range, 0.5, 20 * minute), { from: 10 * minute, to: 60 * minute });
    const { from, to } = zoomed(range, 1e-9, 50 * minute);
    assert.equal(to - from, 10_000);
    assert.ok(zoomed(range, 1e12, 0).to < 11 * 365 * 24 * hour);
  });

  it('is moved, but never away from all that there is', () => {
    const within = { from: 0, to: 100 };
    assert.deepEqual(panned({ from: 40, to: 60 }, 0.5, within), { from: 50, to: 70 });
    assert.deepEqual(panned({ from: 40, to: 60 }, 50, within), { from: 98, to: 118 });
    assert.deepEqual(panned({ from: 40, to: 60 }, -50, within), { from: -18, to: 2 });
  });

  it('has round ticks, no more than asked', () => {
    const { step, at } = ticks({ from: declaredAt + 1, to: declaredAt + 61 * minute }, 7);
    assert.equal(step, 10 * minute);
    assert.deepEqual(
      at.map((time) => (time - declaredAt) / minute),
      [10, 20, 30, 40, 50, 60],
    );
    for (const length of [15_000, hour, 40 * hour, 90 * 24 * hour, 3_000 * 24 * hour]) {
      assert.ok(ticks({ from: declaredAt, to: declaredAt + length }, 8).at.length <= 9, String(length));
    }
  });
});
