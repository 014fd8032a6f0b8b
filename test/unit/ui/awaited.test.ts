import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { hour, second } from '../../../src/core/time.ts';
import { Awaited } from '../../../src/ui/timeline/awaited.ts';

describe('an answer that is awaited', () => {
  let asked = 0;
  /** Somebody who asks, and goes on waiting. */
  const waiting = () => {
    const awaited: Awaited = new Awaited(() => {
      asked++;
      awaited.expect();
    });
    return awaited;
  };

  beforeEach(() => {
    asked = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => mock.timers.reset());

  it('is asked for after a while, ever less often, and no more once it came', () => {
    const awaited = waiting();
    awaited.expect();
    const times: number[] = [];
    for (let passed = 1; passed <= 62; passed++) {
      mock.timers.tick(second);
      if (asked > times.length) times.push(passed);
    }
    assert.deepEqual(times, [2, 6, 14, 30, 62]);
    awaited.end();
    mock.timers.tick(100 * hour);
    assert.equal(asked, 5);
    awaited.expect();
    mock.timers.tick(2 * second);
    assert.equal(asked, 6);
  });

  it('is asked for once an hour, however long it stays away', () => {
    const awaited = waiting();
    awaited.expect();
    for (let passed = 0; passed < 24; passed++) mock.timers.tick(hour);
    const day = asked;
    for (let passed = 0; passed < 24; passed++) mock.timers.tick(hour);
    assert.equal(asked - day, 24);
  });

  it('is not asked for while there is something new to answer to', () => {
    const awaited = waiting();
    for (let change = 0; change < 10; change++) {
      awaited.expect();
      mock.timers.tick(second);
    }
    assert.equal(asked, 0);
  });
});
