import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Clock,
  type ClockKind,
  clockStanding,
  incidentClocks,
  nextDue,
  phaseSpans,
} from '../../../src/core/clocks.ts';
import { type Phase, phases } from '../../../src/core/phase.ts';
import { defaultPolicy } from '../../../src/core/policy.ts';
import { severities } from '../../../src/core/severity.ts';
import { day, formatInstant, hour, minute } from '../../../src/core/time.ts';
import type { TimelineEvent } from '../../../src/core/timelineEvent.ts';
import { anEvent, declaredAt, type EventChanges } from '../support/documents.ts';

const P0 = defaultPolicy.severities.P0;

/** An event so many minutes after the declaration. */
const at = (minutes: number, changes: EventChanges = {}): TimelineEvent =>
  anEvent({ at: formatInstant(declaredAt + minutes * minute), ...changes });
const step = (minutes: number, to: Phase) => at(minutes, { kind: 'phase', to, prev: null });
const declared = step(0, 'declared');

function clock(kind: ClockKind, events: readonly TimelineEvent[], limits = P0, open = true): Clock {
  const found = incidentClocks([declared, ...events], limits, open).find((one) => one.kind === kind);
  assert.ok(found, kind);
  return found;
}

const stopped = (kind: ClockKind, ...events: TimelineEvent[]) => {
  const { stoppedAt } = clock(kind, events);
  return stoppedAt === null ? null : (stoppedAt - declaredAt) / minute;
};

describe("the guide's limits", function () {
  this.timeout(20_000);

  // Guide, "Incident Severity Classification": Response Time, Resolution Target, Post-Incident.
  for (const [severity, acknowledge, update, mitigate, resolve, rca] of [
    ['P0', 15 * minute, 30 * minute, 30 * minute, 4 * hour, 48 * hour],
    ['P1', 4 * hour, null, null, 24 * hour, 48 * hour],
    ['P2', 2 * day, null, null, 7 * day, null],
    ['P3', 7 * day, null, null, null, null],
    ['P4', null, null, null, null, null],
  ] as const) {
    it(`of ${severity}`, () => {
      const clocks = incidentClocks([declared, step(10, 'closed')], defaultPolicy.severities[severity]);
      const due = (kind: ClockKind) => {
        const found = clocks.find((one) => one.kind === kind);
        return found === undefined || found.dueAt === null ? null : found.dueAt - found.startedAt;
      };
      assert.deepEqual(
        [due('acknowledge'), due('update'), due('mitigate'), due('resolve'), due('rca')],
        [acknowledge, update, mitigate, resolve, rca],
      );
    });
  }

  it('has a review for those that owe one, from when they are resolved', () => {
    assert.equal(clock('rca', [step(100, 'rca')]).startedAt, declaredAt + 100 * minute);
    for (const severity of ['P2', 'P3', 'P4'] as const) {
      const kinds = incidentClocks([declared, step(100, 'rca')], defaultPolicy.severities[severity]).map(
        ({ kind }) => kind,
      );
      assert.deepEqual(kinds, ['acknowledge', 'update', 'mitigate', 'resolve']);
    }
    assert.deepEqual(
      incidentClocks([declared], P0).map(({ kind }) => kind),
      ['acknowledge', 'update', 'mitigate', 'resolve'],
    );
  });
});

describe('clocks', function () {
  this.timeout(20_000);

  it('are started by the declaration, not by what was noted before it', () => {
    const detected = step(-30, 'detected');
    for (const { startedAt } of incidentClocks([at(-40), detected, declared], P0)) assert.equal(startedAt, declaredAt);
    assert.deepEqual(incidentClocks([at(0), detected], P0), []);
    assert.deepEqual(incidentClocks([], P0), []);
    // Whoever skips `declared` declares by it.
    assert.equal(incidentClocks([detected, step(5, 'mitigate')], P0)[0]?.startedAt, declaredAt + 5 * minute);
  });

  it('acknowledge: stops at an acknowledgement, or at the first commander', () => {
    assert.equal(stopped('acknowledge', at(3, { kind: 'acknowledge' }), at(9, { kind: 'acknowledge' })), 3);
    assert.equal(stopped('acknowledge', at(4, { kind: 'role', role: 'commander', to: '@alice', prev: null })), 4);
    assert.equal(stopped('acknowledge', at(4, { kind: 'role', role: 'scribe', to: '@alice', prev: null })), null);
    assert.equal(stopped('acknowledge', at(4, { kind: 'role', role: 'commander', to: '', prev: null })), null);
    assert.equal(stopped('acknowledge', at(4), at(5, { kind: 'status' })), null);
    assert.equal(stopped('acknowledge', step(50, 'closed')), 50);
  });

  it('update: starts again at each status update, and runs until it is resolved', () => {
    assert.equal(clock('update', []).startedAt, declaredAt);
    const { startedAt, dueAt, stoppedAt } = clock('update', [
      at(40, { kind: 'status' }),
      at(20, { kind: 'status' }),
      at(50),
    ]);
    assert.deepEqual([startedAt, dueAt, stoppedAt], [declaredAt + 40 * minute, declaredAt + 70 * minute, null]);
    assert.equal(stopped('update', at(40, { kind: 'status' }), step(60, 'rca')), 60);
    assert.equal(clock('update', [at(-10, { kind: 'status' })]).startedAt, declaredAt);
  });

  it('mitigate: stops on leaving `mitigate` forward', () => {
    assert.equal(stopped('mitigate', step(5, 'mitigate')), null);
    assert.equal(stopped('mitigate', step(5, 'mitigate'), step(20, 'investigate')), 20);
    assert.equal(stopped('mitigate', step(5, 'triage'), step(25, 'verify')), 25, 'skipping counts');
    assert.equal(stopped('mitigate', step(5, 'mitigate'), step(20, 'respond')), null, 'back is not forward');
    assert.equal(stopped('mitigate', step(20, 'fix'), step(30, 'mitigate')), null, 'it runs again');
    assert.equal(stopped('mitigate', step(20, 'fix'), step(30, 'mitigate'), step(45, 'fix'), step(50, 'verify')), 45);
  });

  it('resolve: stops on leaving `verify` forward', () => {
    assert.equal(stopped('resolve', step(60, 'verify')), null);
    assert.equal(stopped('resolve', step(60, 'verify'), step(90, 'rca'), step(200, 'closed')), 90);
    assert.equal(stopped('resolve', step(90, 'rca'), step(95, 'verify')), null);
    assert.equal(stopped('resolve', step(90, 'closed')), 90);
  });

  it('rca: runs from resolved until the review is done', () => {
    assert.equal(stopped('rca', step(90, 'rca')), null);
    assert.equal(stopped('rca', step(90, 'rca'), step(500, 'closed')), 500);
    assert.equal(clock('rca', [step(90, 'rca')]).dueAt, declaredAt + 90 * minute + 48 * hour);
  });

  it('move their limits with the severity, and not their starts', () => {
    const before = incidentClocks([declared], P0);
    const after = incidentClocks(
      [declared, at(20, { kind: 'severity', to: 'P1', prev: null })],
      defaultPolicy.severities.P1,
    );
    assert.deepEqual(
      after.map(({ startedAt }) => startedAt),
      before.map(({ startedAt }) => startedAt),
    );
    assert.equal(after[0]?.dueAt, declaredAt + 4 * hour);
  });

  it('stand still for an incident that was cancelled or merged away', () => {
    const clocks = incidentClocks([declared, at(10)], P0, false);
    for (const { stoppedAt } of clocks) assert.equal(stoppedAt, declaredAt + 10 * minute);
    assert.equal(nextDue(clocks), undefined);
  });

  it('are ordered by when things happened, not by the order in which they are given', () => {
    const events = fc.array(
      fc
        .tuple(
          fc.integer({ min: -60, max: 600 }),
          fc.constantFrom<EventChanges>(
            { kind: 'acknowledge' },
            { kind: 'status' },
            { kind: 'note' },
            ...phases.map((to) => ({ kind: 'phase' as const, to, prev: null })),
          ),
        )
        .map(([minutes, changes]) => at(minutes, changes)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(events, fc.constantFrom(...severities), fc.boolean(), (all, severity, open) => {
        const limits = defaultPolicy.severities[severity];
        const clocks = incidentClocks(all, limits, open);
        assert.deepEqual(incidentClocks([...all].reverse(), limits, open), clocks);
        for (const { kind, startedAt, dueAt } of clocks) {
          const limit = limits[kind];
          assert.equal(dueAt, limit === null ? null : startedAt + limit);
        }
        if (!open) assert.equal(nextDue(clocks), undefined);
      }),
    );
  });
});

describe('the standing of a clock', function () {
  this.timeout(20_000);

  const running: Clock = { kind: 'update', startedAt: 0, dueAt: 30 * minute, stoppedAt: null };

  it('turns amber in the last fifth, and red when it is due', () => {
    for (const [minutes, standing] of [
      [0, 'running'],
      [23, 'running'],
      [24, 'soon'],
      [29, 'soon'],
      [30, 'overdue'],
      [99, 'overdue'],
      [-5, 'running'],
    ] as const) {
      assert.equal(clockStanding(running, minutes * minute), standing, `after ${minutes} minutes`);
    }
  });

  it('is met or missed once it has stopped, whatever the time', () => {
    for (const [minutes, standing] of [
      [29, 'met'],
      [30, 'met'],
      [31, 'missed'],
    ] as const) {
      assert.equal(clockStanding({ ...running, stoppedAt: minutes * minute }, 0), standing);
    }
    assert.equal(clockStanding({ ...running, dueAt: null }, day), 'unlimited');
    assert.equal(clockStanding({ ...running, dueAt: null, stoppedAt: day }, day), 'met');
  });
});

describe('nextDue', function () {
  this.timeout(20_000);

  it('is the running clock with a limit that is due first', () => {
    assert.equal(nextDue(incidentClocks([declared], P0))?.kind, 'acknowledge');
    assert.equal(nextDue(incidentClocks([declared, at(1, { kind: 'acknowledge' })], P0))?.kind, 'update');
    assert.equal(
      nextDue(incidentClocks([declared, at(1, { kind: 'acknowledge' }), at(20, { kind: 'status' })], P0))?.kind,
      'mitigate',
    );
    assert.equal(nextDue(incidentClocks([declared], defaultPolicy.severities.P4)), undefined);
    assert.equal(nextDue([]), undefined);
  });
});

describe('phaseSpans', function () {
  this.timeout(20_000);

  it('are the time in each phase, the last one open until it is closed', () => {
    const spans = (events: TimelineEvent[]) =>
      phaseSpans(events).map(({ phase, from, to }) => [
        phase,
        (from - declaredAt) / minute,
        to === null ? null : (to - declaredAt) / minute,
      ]);
    assert.deepEqual(spans([step(20, 'mitigate'), declared, at(5), step(10, 'triage')]), [
      ['declared', 0, 10],
      ['triage', 10, 20],
      ['mitigate', 20, null],
    ]);
    assert.deepEqual(spans([declared, step(30, 'closed')]), [
      ['declared', 0, 30],
      ['closed', 30, 30],
    ]);
    assert.deepEqual(spans([]), []);
  });
});
