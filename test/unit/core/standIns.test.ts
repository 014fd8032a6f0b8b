import assert from 'node:assert/strict';
import { withStandIns } from '../../../src/core/standIns.ts';
import type { StoredEvent, TimelineEvent } from '../../../src/core/timelineEvent.ts';

const base = {
  incident: '01K5V7Z0000000000000000000',
  at: '2025-09-23T14:00:00Z',
  by: '@manager',
  origin: 'github',
} as const;
const note: TimelineEvent = { ...base, id: 'c1', recorded: '2025-09-23T14:00:00Z', kind: 'note', body: 'Said' };
const edit = (id: string, recorded: string): TimelineEvent => ({
  ...base,
  id,
  recorded,
  kind: 'correction',
  replaces: 'c1',
  body: id,
});
const gone: TimelineEvent = {
  ...base,
  id: 'c1-gone',
  recorded: '2025-09-23T16:00:00Z',
  kind: 'retraction',
  replaces: 'c1',
  body: '',
};
const stored = (...events: TimelineEvent[]): StoredEvent[] =>
  events.map((event) => ({ event, path: `${event.id}.md`, missing: false }));
const seen = (...events: TimelineEvent[]) =>
  withStandIns(stored(...events)).map(({ event }) => [
    event.id,
    event.kind,
    'replaces' in event ? event.replaces : undefined,
  ]);

describe('Corrections of an event that is not here', () => {
  const first = edit('c1-a', '2025-09-23T15:00:00Z');
  const second = edit('c1-b', '2025-09-23T15:30:00Z');

  it('the first stands in for it, and the rest is about that', () => {
    assert.deepEqual(seen(second, gone, first), [
      ['c1-b', 'correction', 'c1-a'],
      ['c1-gone', 'retraction', 'c1-a'],
      ['c1-a', 'note', undefined],
    ]);
  });

  it('are corrections again as soon as it is here', () => {
    assert.deepEqual(seen(note, first, second), [
      ['c1', 'note', undefined],
      ['c1-a', 'correction', 'c1'],
      ['c1-b', 'correction', 'c1'],
    ]);
  });

  it('leave a retraction of what is not here as it is', () => {
    assert.deepEqual(seen(gone), [['c1-gone', 'retraction', 'c1']]);
  });
});
