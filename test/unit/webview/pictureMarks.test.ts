import assert from 'node:assert/strict';
import type { EventView } from '../../../src/protocol/timelineView.ts';
import { pictureMarks, shortCount } from '../../../webview/timeline/pictureMarks.ts';
import { eventView } from '../protocol/builders.ts';

describe('the marks of the picture', () => {
  const at = (id: string, time: number, kind: EventView['kind'] = 'note') => eventView({ id, at: time, kind });
  const shown = (marks: ReturnType<typeof pictureMarks>) =>
    marks.map(({ lane, x, events }) => `${lane} ${x} ${events.map(({ id }) => id).join('')}`);

  it('stand where the entries happened, in the lane of their kind', () => {
    const events = [at('a', 0), at('b', 5, 'alert'), at('c', 40, 'status'), at('d', 100, 'command')];
    assert.deepEqual(shown(pictureMarks(events, (time) => time, 100)), [
      'words 0 a',
      'alerts 5 b',
      'updates 40 c',
      'actions 100 d',
    ]);
  });

  it('are one where entries of a lane are too near to be told apart', () => {
    const events = [at('a', 0), at('b', 10), at('c', 15), at('d', 16), at('e', 40)];
    assert.deepEqual(shown(pictureMarks(events, (time) => time, 100)), ['words 0 abc', 'words 16 d', 'words 40 e']);
  });

  it('are few for many entries, hold each of those in view once, and none beyond it', () => {
    const events = Array.from({ length: 10_000 }, (_, index) => at(`${index}`, index));
    const marks = pictureMarks(events, (time) => time / 10 - 100, 800);
    assert.ok(marks.length <= 51, String(marks.length));
    assert.equal(
      marks.reduce((sum, mark) => sum + mark.events.length, 0),
      8_001,
    );
  });

  it('count in few letters', () => {
    assert.deepEqual([7, 99, 420, 1_000, 12_345].map(shortCount), ['7', '99', '420', '1k', '12k']);
  });
});
