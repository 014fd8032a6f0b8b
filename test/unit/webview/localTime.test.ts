import assert from 'node:assert/strict';
import { hour, minute, second } from '../../../src/core/time.ts';
import { countdown, stopwatch, utcTime } from '../../../webview/localTime.ts';

describe('times on the timeline', () => {
  it('count the last ten minutes in seconds', () => {
    assert.equal(countdown(0), '0s');
    assert.equal(countdown(59 * second), '59s');
    assert.equal(countdown(61 * second), '1m 01s');
    assert.equal(countdown(10 * minute - 1), '9m 59s');
    assert.equal(countdown(10 * minute), '10m');
    assert.equal(countdown(3 * hour + 5 * minute), '3h 5m');
  });

  it('show the age of an incident ticking, and in days when it is old', () => {
    assert.equal(stopwatch(-5), '00:00:00');
    assert.equal(stopwatch(hour + 2 * minute + 3 * second), '01:02:03');
    assert.equal(stopwatch(48 * hour - 1), '47:59:59');
    assert.equal(stopwatch(50 * hour), '2d 02h');
  });

  it('name the universal time whole', () => {
    assert.equal(utcTime(Date.UTC(2025, 8, 23, 14, 32, 10, 999)), '2025-09-23 14:32:10 UTC');
  });
});
