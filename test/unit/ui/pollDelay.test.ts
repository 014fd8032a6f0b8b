import assert from 'node:assert/strict';
import { pollDelay } from '../../../src/ui/sync/pollDelay.ts';

const now = Date.UTC(2025, 8, 23, 14, 30);

describe('asking GitHub again', () => {
  it('happens each minute while somebody looks, and each five while nobody does', () => {
    assert.equal(pollDelay([], true, now), 60_000);
    assert.equal(pollDelay([], false, now), 300_000);
  });
  it('waits for the moment that something waits for, the first of several, whoever looks', () => {
    const waiting = [{ until: now + 600_000 }, { until: undefined }, { until: now + 90_000 }];
    assert.equal(pollDelay(waiting, true, now), 90_000);
    assert.equal(pollDelay(waiting, false, now), 90_000);
  });
  it('does not spin when that moment is past', () => {
    assert.equal(pollDelay([{ until: now - 5_000 }], true, now), 1_000);
  });
});
