import assert from 'node:assert/strict';
import { eventMarks } from '../../../src/core/eventMarks.ts';
import type { EventView } from '../../../src/protocol/timelineView.ts';
import { eventView } from '../protocol/builders.ts';

let made = 0;
const note = (id: string): EventView => eventView({ id, recorded: ++made });
const correction = (id: string, replaces: string): EventView =>
  eventView({ id, kind: 'correction', replaces, recorded: ++made });
const retraction = (id: string, replaces: string): EventView =>
  eventView({ id, kind: 'retraction', replaces, recorded: ++made });

/** `{ N1: 'corrected C1' }` */
const marks = (...events: EventView[]): Record<string, string> =>
  Object.fromEntries([...eventMarks(events)].map(([id, mark]) => [id, `${mark.kind} ${mark.by.id}`]));

describe('marks of corrections and retractions', () => {
  it('are none where nothing was replaced', () => {
    assert.deepEqual(marks(note('N1'), note('N2')), {});
  });

  it('name the last correction made, whatever the order of display', () => {
    const [first, second] = [correction('C1', 'N1'), correction('C2', 'N1')];
    assert.deepEqual(marks(second, first, note('N1')), { N1: 'corrected C2' });
  });

  it('let a retraction outweigh corrections, also later ones', () => {
    assert.deepEqual(marks(note('N1'), retraction('R1', 'N1'), correction('C1', 'N1')), { N1: 'retracted R1' });
  });

  it('let a retracted correction count for nothing', () => {
    assert.deepEqual(marks(note('N1'), correction('C1', 'N1'), retraction('R1', 'C1')), { C1: 'retracted R1' });
  });

  it('let a retracted retraction give the entry back', () => {
    assert.deepEqual(marks(note('N1'), retraction('R1', 'N1'), retraction('R2', 'R1')), { R1: 'retracted R2' });
  });

  it('show a corrected correction in its corrected words', () => {
    assert.deepEqual(marks(note('N1'), correction('C1', 'N1'), correction('C2', 'C1')), {
      N1: 'corrected C2',
      C1: 'corrected C2',
    });
  });

  it('mark an entry that is not here too: it may come with the next pull', () => {
    assert.deepEqual(marks(correction('C1', 'N9')), { N9: 'corrected C1' });
  });

  it('come to an end in the rings of broken files', () => {
    assert.deepEqual(marks(correction('C1', 'C1')), {});
    assert.deepEqual(Object.keys(marks(correction('C1', 'C2'), correction('C2', 'C1'))).sort(), ['C1', 'C2']);
    assert.doesNotThrow(() => marks(retraction('R1', 'R2'), retraction('R2', 'R3'), retraction('R3', 'R1')));
  });
});
