import assert from 'node:assert/strict';
import fc from 'fast-check';
import { taskInNote, tasksOf } from '../../../src/core/tasks.ts';
import type { TaskEvent, TimelineEvent } from '../../../src/core/timelineEvent.ts';

const at = '2025-09-23T14:30:00Z';
const base = { incident: 'u', at, recorded: at, by: '@alice', origin: 'a', body: 'Check the cache' };
const begun: TaskEvent = { ...base, id: '01', kind: 'task', owner: '@bob', state: 'open' };
const step = (id: string, prev: string, more: Partial<TaskEvent>): TaskEvent => ({
  ...base,
  id,
  kind: 'task',
  task: '01',
  prev,
  owner: '@bob',
  state: 'open',
  ...more,
});

describe('Tasks', () => {
  it('stand as the last step says, whatever the clocks and the order of the files', () => {
    const steps = [
      begun,
      step('02', '01', { owner: '@eve', at: '2030-01-01T00:00:00Z' }),
      step('03', '02', { state: 'done', owner: '@eve', at: '2020-01-01T00:00:00Z' }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(steps, { minLength: 3 }), (events) => {
        const [task, ...others] = tasksOf(events);
        assert.deepEqual([task?.owner, task?.state, task?.head.id, others.length], ['@eve', 'done', '03', 0]);
      }),
    );
  });

  it('that two people changed at once end up as one, in every clone the same', () => {
    const events = [begun, step('02', '01', { state: 'done' }), step('03', '01', { owner: '@eve' })];
    assert.deepEqual(tasksOf(events), tasksOf([...events].reverse()));
    assert.equal(tasksOf(events)[0]?.head.id, '03');
  });

  it('have the words of a correction, and are none when they were taken back', () => {
    const correction: TimelineEvent = {
      ...base,
      id: '05',
      kind: 'correction',
      replaces: '01',
      body: 'Check the queue',
    };
    assert.equal(tasksOf([begun, correction])[0]?.text, 'Check the queue');
    const retraction: TimelineEvent = { ...base, id: '06', kind: 'retraction', replaces: '01', body: '' };
    assert.deepEqual(tasksOf([begun, retraction]), []);
  });

  it('written by hand, with nothing but words, are open and nobody’s', () => {
    const [task] = tasksOf([{ ...base, id: '09', kind: 'task' }]);
    assert.deepEqual([task?.owner, task?.state], ['', 'open']);
  });

  it('are in notes that begin with a person, and in no others', () => {
    assert.deepEqual(taskInNote('@bob check the cache'), { owner: '@bob', text: 'check the cache' });
    assert.deepEqual(taskInNote(' @bob-2: check\nthe cache'), { owner: '@bob-2', text: 'check\nthe cache' });
    for (const note of ['bob check', '@bob', '@ bob', 'told @bob to check', '@bob,@eve look', 'mail@bob x']) {
      assert.equal(taskInNote(note), undefined, note);
    }
  });
});
