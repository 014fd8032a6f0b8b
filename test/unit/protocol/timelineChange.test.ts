import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  applyChange,
  changeBetween,
  compareEntries,
  parseTimelineChange,
} from '../../../src/protocol/timelineChange.ts';
import { TimelineCopy } from '../../../src/protocol/timelineCopy.ts';
import { TimelineFeed } from '../../../src/protocol/timelineFeed.ts';
import { parseToWebview, type ToWebview, type ViewMessage } from '../../../src/protocol/timelineMessages.ts';
import type { EventView, TimelineView } from '../../../src/protocol/timelineView.ts';
import { declaredAt, eventView, timelineView } from './builders.ts';

const minute = 60_000;

/** What a message is after it crossed the border. */
function crossed(message: ToWebview): ViewMessage {
  const read = parseToWebview(JSON.parse(JSON.stringify(message)));
  assert.ok(read && 'revision' in read);
  return read;
}

/** What happens to an incident between two views. Numbers choose among the entries, whatever their count. */
type Step =
  | { readonly act: 'add'; readonly minutes: number; readonly body: string }
  | { readonly act: 'correct' | 'retract'; readonly entry: number; readonly minutes: number }
  | { readonly act: 'pin' | 'purge' | 'miss'; readonly entry: number }
  | { readonly act: 'checkout'; readonly from: number; readonly count: number }
  | { readonly act: 'head'; readonly head: Partial<TimelineView> };

const minutes = fc.integer({ min: -50, max: 50 });
const entry = fc.nat();
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('add'), minutes, body: fc.string({ maxLength: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('correct', 'retract'), entry, minutes }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('pin', 'purge', 'miss'), entry }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('checkout'), from: entry, count: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('head'),
      head: fc.constantFrom<Partial<TimelineView>>(
        { severity: 'P1' },
        { service: null, problems: 3 },
        { github: null, roles: [] },
        { phases: [{ phase: 'fix', title: 'Fix', from: declaredAt, to: null }], phase: 'fix', phaseTitle: 'Fix' },
        {},
      ),
    }),
  },
);

function happened(view: TimelineView, next: Step, id: string): TimelineView {
  const { events } = view;
  const shown = (entries: readonly EventView[]) => ({ ...view, events: [...entries].sort(compareEntries) });
  const changed = (index: number, parts: (was: EventView) => Partial<EventView>) =>
    shown(events.map((was, at) => (at === index % events.length ? { ...was, ...parts(was) } : was)));
  switch (next.act) {
    case 'add':
      return shown([...events, eventView({ id, at: declaredAt + next.minutes * minute, body: next.body })]);
    case 'correct':
    case 'retract': {
      const chosen = events[next.entry % events.length];
      if (!chosen) return view;
      const at = declaredAt + next.minutes * minute;
      const kind = next.act === 'correct' ? 'correction' : 'retraction';
      const moved = next.act === 'correct' ? { at, writtenAt: chosen.at } : {};
      const others = events.map((was) => (was === chosen ? { ...was, ...moved } : was));
      return shown([...others, eventView({ id, kind, replaces: chosen.id, at })]);
    }
    case 'pin':
      return changed(next.entry, (was) => ({ pinned: !was.pinned }));
    case 'purge':
      return changed(next.entry, () => ({ body: '' }));
    case 'miss':
      return changed(next.entry, (was) => ({ missing: !was.missing, hasFile: was.missing }));
    case 'checkout': {
      const from = next.from % (events.length + 1);
      return shown(events.filter((_, index) => index < from || index >= from + next.count));
    }
    case 'head':
      return { ...view, ...next.head };
  }
}

describe('the changes of a timeline', () => {
  it('add up to what is sent whole, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const feed = new TimelineFeed();
        const copy = new TimelineCopy();
        let view = timelineView();
        for (const [index, next] of [undefined, ...steps].entries()) {
          if (next) view = happened(view, next, `E${index}`);
          const message = feed.next(view);
          if (message) copy.take(crossed(message));
          assert.deepEqual(copy.view, view);
        }
      }),
    );
  });

  it('that are lost, late or told twice cost a whole view, and the page is right again', () => {
    const lot = fc.constantFrom(
      'arrives',
      'arrives',
      'arrives',
      'is lost',
      'comes twice',
      'comes late',
      'reloads',
      'gone',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(step, lot, fc.boolean()), { maxLength: 60 }), fc.nat(3), (steps, unheard) => {
        const feed = new TimelineFeed({ first: 2, more: 3 });
        let copy = new TimelineCopy();
        let view = timelineView();
        let late: ViewMessage[] = [];
        const arrive = (message: ViewMessage | undefined, isAnswerLost = false): void => {
          if (!message) return;
          const { kind } = copy.take(crossed(message));
          if (isAnswerLost) return;
          if (kind === 'missed') feed.restart();
          else feed.shown(copy.revision);
          if (kind === 'missed' || (feed.hasMore && !feed.question())) arrive(feed.next(view));
        };
        feed.begin([]);
        arrive(feed.next(view));
        for (const [index, [next, what, isAnswerLost]] of steps.entries()) {
          view = happened(view, next, `E${index}`);
          if (what === 'reloads') {
            copy = new TimelineCopy();
            feed.begin([]);
          }
          const message = feed.next(what === 'gone' ? undefined : view);
          if (what === 'comes late' && message?.type === 'changed') late.push(message);
          else if (what !== 'is lost') {
            arrive(message, isAnswerLost);
            if (what === 'comes twice') arrive(message, isAnswerLost);
            for (const waiting of late) arrive(waiting);
            late = [];
            if (message && what !== 'gone' && !isAnswerLost) assert.deepEqual(copy.view, view);
          }
        }
        // It is back, if it was gone. Whatever was lost, this last one too, the page is asked for its answer until that comes.
        feed.next(view);
        for (let asked = 0; asked < unheard; asked++) arrive(feed.question(), true);
        arrive(feed.question());
        assert.deepEqual(copy.view, view);
        assert.equal(feed.question(), undefined);
      }),
    );
  });

  it('come in portions to a page that begins: the newest first, and what it needs', () => {
    const all = Array.from({ length: 12 }, (_, index) =>
      eventView({ id: `E${String(index).padStart(2, '0')}`, at: declaredAt + index * minute }),
    );
    const feed = new TimelineFeed({ first: 3, more: 4 });
    const copy = new TimelineCopy();
    const arrives = (events: readonly EventView[]) => {
      const message = feed.next(timelineView({ events }));
      assert.ok(message);
      copy.take(crossed(message));
      const ids = copy.view?.events.map(({ id }) => id) ?? [];
      return `${ids[0]} to ${ids.at(-1)}, ${ids.length} and ${copy.earlier}${feed.hasMore ? ' …' : ''}`;
    };
    feed.begin([]);
    assert.equal(arrives(all.slice(0, 11)), 'E08 to E10, 3 and 8 …');
    // What comes in meanwhile is told with the next portion.
    assert.equal(arrives(all), 'E05 to E11, 7 and 5 …');
    assert.equal(arrives(all), 'E01 to E11, 11 and 1 …');
    assert.equal(arrives(all), 'E00 to E11, 12 and 0');
    assert.equal(feed.next(timelineView({ events: all })), undefined);
    feed.begin(['E04', 'gone', 'E06']);
    assert.equal(arrives(all), 'E04 to E11, 8 and 4 …');
    feed.restart();
    assert.equal(arrives(all), 'E00 to E11, 12 and 0');
    // Files that go meanwhile: nothing of what is shown is other, but no more is to come than was told.
    feed.begin(['E05']);
    assert.equal(arrives(all), 'E05 to E11, 7 and 5 …');
    assert.equal(arrives(all.slice(4)), 'E04 to E11, 8 and 0');
    feed.begin([]);
    assert.equal(arrives(all.slice(0, 3)), 'E00 to E02, 3 and 0');
  });

  it('are as large as what changed, and leave all else the very same objects', () => {
    const events = Array.from({ length: 10_000 }, (_, index) =>
      eventView({ id: `E${String(index).padStart(5, '0')}`, at: declaredAt + index * minute }),
    );
    const before = timelineView({ events });
    const late = eventView({ id: 'X', at: declaredAt + 4_999.5 * minute });
    const view = {
      ...before,
      problems: 2,
      events: events
        .toSpliced(5_000, 0, late)
        .with(3, eventView({ id: 'E00003', at: events[3]?.at ?? 0, pinned: true })),
    };
    const change = changeBetween(before, view);
    assert.ok(change);
    assert.deepEqual(
      change.edits.map(({ at, removed, put }) => [at, removed, put.map(({ id }) => id)]),
      [
        [3, ['E00003'], ['E00003']],
        [5_000, [], ['X']],
      ],
    );
    assert.deepEqual(change.head, { problems: 2 });
    assert.ok(JSON.stringify(change).length < 1_500);
    const applied = applyChange(before, change);
    assert.deepEqual(applied?.view, view);
    assert.deepEqual(applied.removed, [events[3]]);
    assert.deepEqual(
      applied.put.map(({ id }) => id),
      ['E00003', 'X'],
    );
    assert.ok(applied.view.events.every((one) => one.id === 'X' || one.id === 'E00003' || events.includes(one, 0)));
    assert.equal(changeBetween(view, { ...view, events: [...view.events] }), undefined);
  });

  it('are refused by a view that they were not made for', () => {
    const events = ['A', 'B', 'C'].map((id, index) => eventView({ id, at: declaredAt + index }));
    const view = timelineView({ events });
    const refused = (...edits: { at: number; removed: string[]; put: EventView[] }[]) =>
      assert.equal(applyChange(view, { head: {}, edits }), undefined, JSON.stringify(edits));
    refused({ at: 1, removed: ['C'], put: [] });
    refused({ at: 2, removed: ['C', 'D'], put: [] });
    refused({ at: 4, removed: [], put: [] });
    refused({ at: 2, removed: ['C'], put: [] }, { at: 0, removed: ['A'], put: [] });
    const kept = applyChange(view, { head: {}, edits: [{ at: 3, removed: [], put: [eventView({ id: 'D' })] }] });
    assert.deepEqual(
      kept?.view.events.map(({ id }) => id),
      ['A', 'B', 'C', 'D'],
    );
  });

  it('are refused when any part of them is not as declared', () => {
    const good = { head: { severity: 'P1' }, edits: [{ at: 0, removed: ['A'], put: [eventView()] }] };
    assert.deepEqual(parseTimelineChange(good), good);
    assert.deepEqual(parseTimelineChange({ ...good, head: { html: '<b>', title: 'x' } })?.head, { title: 'x' });
    for (const odd of [
      undefined,
      {},
      { head: {} },
      { edits: [] },
      { ...good, head: [] },
      { ...good, head: { severity: 'P9' } },
      { ...good, head: { title: undefined } },
      { ...good, edits: [{ at: -1, removed: [], put: [] }] },
      { ...good, edits: [{ at: 0.5, removed: [], put: [] }] },
      { ...good, edits: [{ at: 0, removed: [''], put: [] }] },
      { ...good, edits: [{ at: 0, removed: [], put: [{ id: 'A' }] }] },
      { ...good, edits: [{ at: 0, removed: [] }] },
      { ...good, edits: { at: 0, removed: [], put: [] } },
    ]) {
      assert.equal(parseTimelineChange(odd), undefined, JSON.stringify(odd));
    }
    const change = { type: 'changed', revision: 2, change: good, earlier: 0 };
    assert.deepEqual(parseToWebview(change), change);
    for (const odd of [{ revision: undefined }, { revision: '2' }, { earlier: undefined }, { earlier: -1 }]) {
      assert.equal(parseToWebview({ ...change, ...odd }), undefined, JSON.stringify(odd));
    }
    assert.equal(parseToWebview({ type: 'incident', incident: timelineView(), earlier: 0 }), undefined);
  });
});
