import assert from 'node:assert/strict';
import type { PhaseSpanView } from '../../../src/protocol/timelineView.ts';
import { stretches } from '../../../webview/timeline/stretches.ts';
import { declaredAt, eventView } from '../protocol/builders.ts';

const minute = 60_000;

describe('the stretches of a timeline', () => {
  const spans: PhaseSpanView[] = [
    { phase: 'declared', title: 'Declared', from: declaredAt, to: declaredAt + 5 * minute },
    { phase: 'triage', title: 'Triage', from: declaredAt + 5 * minute, to: declaredAt + 5 * minute },
    { phase: 'mitigate', title: 'Mitigate', from: declaredAt + 5 * minute, to: null },
  ];
  const at = (id: string, minutes: number) => eventView({ id, at: declaredAt + minutes * minute });
  const shown = (events: Parameters<typeof stretches>[0], of = spans) =>
    stretches(events, of).map(({ span, continued, events: own }) => [
      span?.title,
      continued,
      own.map(({ id }) => id).join(''),
    ]);

  it('are the phases that the entries were in, a phase without a length left out', () => {
    assert.deepEqual(shown([at('a', -3), at('b', 0), at('c', 4), at('d', 5), at('e', 60)]), [
      [undefined, false, 'a'],
      ['Declared', false, 'bc'],
      ['Mitigate', false, 'de'],
    ]);
  });

  it('take what happened in the second of a step, and stands before it, for the phase before', () => {
    const step = (id: string) => ({ ...at(id, 5), kind: 'phase' as const });
    assert.deepEqual(shown([at('a', 1), at('b', 5), step('c'), at('d', 5), step('e'), at('f', 5), at('g', 6)]), [
      ['Declared', false, 'ab'],
      ['Triage', false, 'cd'],
      ['Mitigate', false, 'efg'],
    ]);
  });

  it('begin anew with each local day, and say that they go on', () => {
    assert.deepEqual(shown([at('a', 10), at('b', 11 + 1440), at('c', 12 + 2880)]), [
      ['Mitigate', false, 'a'],
      ['Mitigate', true, 'b'],
      ['Mitigate', true, 'c'],
    ]);
  });

  it('are days alone where no phase is on record, and none where nothing is', () => {
    assert.deepEqual(shown([at('a', 0), at('b', 1440)], []), [
      [undefined, false, 'a'],
      [undefined, true, 'b'],
    ]);
    assert.deepEqual(shown([]), []);
  });
});
