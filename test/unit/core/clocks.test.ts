import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Clock,
  type ClockKind,
  clockStanding,
  incidentClocks,
  nextDue,
  nextVisibleChange,
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

  it('draft: runs for a day from resolved, until there is a draft or the review is done', () => {
    const resolved = step(90, 'rca');
    assert.equal(clock('draft', [resolved]).dueAt, declaredAt + 90 * minute + 24 * hour);
    assert.equal(clock('draft', [resolved], { ...P0, rca: 6 * hour }).dueAt, declaredAt + 90 * minute + 6 * hour);
    const kinds = (events: TimelineEvent[], drafted: boolean) =>
      incidentClocks([declared, ...events], P0, true, drafted).map(({ kind }) => kind);
    assert.ok(kinds([resolved], false).includes('draft'));
    assert.ok(!kinds([resolved], true).includes('draft'));
    assert.ok(!kinds([resolved, step(500, 'closed')], false).includes('draft'));
  });

  it('count what was corrected when it happened, and nothing that was taken back', () => {
    // Written down later than all that it is about.
    const recorded = formatInstant(declaredAt + 3 * hour);
    const update = at(40, { kind: 'status', id: 'A' });
    const correction = at(25, { kind: 'correction', replaces: 'A', id: 'B', body: '', recorded });
    const retraction = at(50, { kind: 'retraction', replaces: 'A', id: 'C', body: '' });
    assert.equal(clock('update', [update, correction]).startedAt, declaredAt + 25 * minute);
    assert.equal(clock('update', [update, correction, retraction]).startedAt, declaredAt);
    const wordsAlone = { ...correction, at: recorded };
    assert.equal(clock('update', [update, wordsAlone]).startedAt, declaredAt + 40 * minute, 'it says no other time');
    const mistaken = at(3, { kind: 'acknowledge', id: 'D' });
    assert.equal(stopped('acknowledge', mistaken, at(4, { kind: 'retraction', replaces: 'D', body: '' })), null);
    const late = { ...step(90, 'rca'), id: 'E' };
    assert.equal(stopped('resolve', late, at(80, { kind: 'correction', replaces: 'E', body: '', recorded })), 80);
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
          const limit = kind === 'draft' ? 24 * hour : limits[kind];
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

describe('nextVisibleChange', function () {
  this.timeout(20_000);

  /** All that a clock shows. */
  const shown = (clocks: readonly Clock[], now: number) =>
    clocks.map((one) => {
      const elapsed = Math.floor((now - one.startedAt) / minute);
      const left = one.dueAt === null ? null : one.dueAt - now;
      // Read in seconds near its limit, and there it may be ten seconds old.
      const text = left === null || Math.abs(left) <= minute ? null : Math.ceil(left / minute);
      return `${one.kind} ${elapsed} ${text} ${clockStanding(one, now)}`;
    });
  const running = fc
    .tuple(fc.integer({ min: -60 * 60, max: 0 }), fc.option(fc.integer({ min: 1, max: 14 * 24 * 60 * 60 })))
    .map(([from, limit]): Clock => {
      const startedAt = declaredAt + from * 1000;
      return { kind: 'resolve', startedAt, dueAt: limit === null ? null : startedAt + limit * 1000, stoppedAt: null };
    });

  it('leaves nothing unseen: until then everything reads the same', () => {
    fc.assert(
      fc.property(
        fc.array(running, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 21 * 24 * 60 * 60_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (clocks, after, part) => {
          const now = declaredAt + after;
          const next = nextVisibleChange(clocks, now);
          assert.ok(next !== undefined && next > now && next - now <= minute);
          const between = now + Math.floor((next - 1 - now) * part);
          assert.deepEqual(shown(clocks, between), shown(clocks, now));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('passes weeks by some wake-ups a minute, and meets each turn to amber and red', () => {
    const clocks = incidentClocks([declared, at(3, { kind: 'acknowledge' })], P0);
    const wanted = clocks.flatMap(({ kind, startedAt, dueAt, stoppedAt }) =>
      dueAt === null || stoppedAt !== null
        ? []
        : [
            [kind, 'soon', dueAt - 0.2 * (dueAt - startedAt)],
            [kind, 'overdue', dueAt],
          ],
    );
    const met: unknown[] = [];
    let standings = clocks.map((one) => clockStanding(one, declaredAt));
    let wakeUps = 0;
    const end = declaredAt + 21 * day;
    for (let now = declaredAt; now < end; wakeUps++) {
      now = nextVisibleChange(clocks, now) ?? end;
      const after = clocks.map((one) => clockStanding(one, now));
      for (const [index, one] of clocks.entries()) {
        if (after[index] !== standings[index]) met.push([one.kind, after[index], now]);
      }
      standings = after;
    }
    const byTime = (left: unknown[], right: unknown[]) => Number(left[2]) - Number(right[2]);
    assert.deepEqual(new Set(met.map(String)), new Set(wanted.sort(byTime).map(String)));
    assert.ok(wakeUps < (21 * day) / minute + 60, String(wakeUps));
  });

  it('is not asked for again by clocks that stand still', () => {
    assert.equal(nextVisibleChange(incidentClocks([declared, at(1)], P0, false), declaredAt + day), undefined);
    assert.equal(nextVisibleChange([], declaredAt), undefined);
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
