import assert from 'node:assert/strict';
import { escalationLadder } from '../../../src/core/escalation.ts';
import { defaultPolicy, type Policy } from '../../../src/core/policy.ts';
import { hour, minute } from '../../../src/core/time.ts';

const climbed = (policy: Policy, severity: 'P0' | 'P1' | 'P4') =>
  escalationLadder(policy, severity).map(({ after, title, who }) => [after, title, who]);

describe('escalationLadder', () => {
  it("is the guide's contacts at multiples of the acknowledge limit", () => {
    assert.deepEqual(climbed(defaultPolicy, 'P0'), [
      [15 * minute, 'On-Call Engineer', ['See PagerDuty']],
      [30 * minute, 'Incident Commander Pool', ['@incident-commanders']],
      [45 * minute, 'Executive Escalation', ['@cto', '@vp-engineering']],
    ]);
    assert.deepEqual(
      escalationLadder(defaultPolicy, 'P1').map(({ after }) => after / hour),
      [4, 8, 12],
    );
    assert.deepEqual(escalationLadder(defaultPolicy, 'P4'), []);
  });

  it('has the times of the policy for a P0, stretched for what is less urgent', () => {
    const policy: Policy = {
      ...defaultPolicy,
      escalation: [
        { after: hour, to: ['@a', '@b'] },
        { after: 5 * minute, to: 'security team' },
      ],
    };
    assert.deepEqual(climbed(policy, 'P0'), [
      [5 * minute, 'Security Team', ['@security']],
      [hour, '@a, @b', ['@a', '@b']],
    ]);
    assert.deepEqual(
      escalationLadder(policy, 'P1').map(({ after }) => after / minute),
      [80, 16 * 60],
    );
    const noLimit = { ...policy.severities.P0, acknowledge: null };
    const other: Policy = { ...policy, severities: { ...policy.severities, P0: noLimit } };
    assert.deepEqual(escalationLadder(other, 'P0'), []);
    assert.equal(escalationLadder(other, 'P1')[0]?.after, 5 * minute);
  });
});
