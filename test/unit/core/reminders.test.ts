import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Incident, IncidentPart } from '../../../src/core/item.ts';
import { type Phase, phases } from '../../../src/core/phase.ts';
import { defaultPolicy, type Policy, type ReminderPolicy } from '../../../src/core/policy.ts';
import {
  markDone,
  type ReminderMemory,
  readReminderMemory,
  remindAgain,
  snooze,
  takeTurn,
} from '../../../src/core/reminderMemory.ts';
import {
  incidentReminders,
  type Reminder,
  type ReminderInput,
  type RunningAction,
} from '../../../src/core/reminders.ts';
import { type Severity, severities } from '../../../src/core/severity.ts';
import { day, formatInstant, hour, minute } from '../../../src/core/time.ts';
import type { TimelineEvent } from '../../../src/core/timelineEvent.ts';
import { anEvent, declaredAt, type EventChanges, outage } from '../support/documents.ts';

/** An event so many minutes after the declaration. */
const at = (minutes: number, changes: EventChanges = {}): TimelineEvent => {
  const instant = formatInstant(declaredAt + minutes * minute);
  return anEvent({ at: instant, recorded: instant, ...changes });
};
const step = (minutes: number, to: Phase) => at(minutes, { kind: 'phase', to, prev: null });
const declared = step(0, 'declared');
const acknowledged = at(2, { kind: 'acknowledge' });
const everyRole = { commander: '@alice', communications: '@bob' };

interface Changes extends Partial<IncidentPart> {
  readonly severity?: Severity;
  readonly status?: Incident['status'];
}

function incident({ severity = 'P0', status = 'doing', ...part }: Changes = {}): Incident {
  return {
    uid: outage.uid,
    uidInFile: true,
    id: outage.id,
    aliases: [],
    path: outage.path,
    title: 'Production API Down',
    type: 'bug',
    severity,
    status,
    owner: undefined,
    sprint: undefined,
    tags: [],
    created: declaredAt,
    github: undefined,
    private: false,
    duplicateOf: undefined,
    actionOf: undefined,
    body: '',
    conflicts: [],
    incident: {
      folder: outage.folder,
      phase: 'declared',
      started: undefined,
      detected: undefined,
      service: undefined,
      criteria: [],
      roles: everyRole,
      ...part,
    },
  };
}

const withReminders = (changes: Partial<ReminderPolicy>): Policy => ({
  ...defaultPolicy,
  reminders: { ...defaultPolicy.reminders, ...changes },
});

/** In the words of a test: `update soon`, `escalation Executive Escalation`, `role commander`. */
function words(reminder: Reminder): string {
  if (reminder.kind === 'escalation') return `escalation ${reminder.rung.title}`;
  if (reminder.kind === 'role') return `role ${reminder.role}`;
  if (reminder.kind === 'action') return `action ${reminder.action.title}`;
  return reminder.kind === 'quiet' ? 'quiet' : `${reminder.kind} ${reminder.stage}`;
}

const inputOf = (changes: Changes, events: readonly TimelineEvent[], more: Partial<ReminderInput> = {}) => ({
  incident: incident(changes),
  events: [declared, ...events],
  policy: defaultPolicy,
  ...more,
});

/** Each minute at which what is due is other than before, with what is due then. */
function course(input: ReminderInput, until: number): [number, string[]][] {
  const found: [number, string[]][] = [];
  let now = declaredAt - 1;
  for (;;) {
    const { due, next } = incidentReminders(input, now);
    const said = due.map(words);
    if (said.join() !== (found.at(-1)?.[1] ?? []).join()) found.push([(now - declaredAt) / minute, said]);
    if (next === null || next > declaredAt + until * minute) return found;
    assert.ok(next > now);
    now = next;
  }
}

describe('what the commander is reminded of', () => {
  it('of a P0 that nobody acknowledges: the ladder, one step after the other, and the clocks', () => {
    assert.deepEqual(course(inputOf({}, []), 50), [
      [10, ['acknowledge soon']],
      [15, ['escalation On-Call Engineer']],
      [20, ['escalation On-Call Engineer', 'quiet']],
      [25, ['escalation On-Call Engineer', 'update soon', 'mitigate soon', 'quiet']],
      [30, ['escalation Incident Commander Pool', 'update due', 'mitigate due', 'quiet']],
      [45, ['escalation Executive Escalation', 'update due', 'mitigate due', 'quiet']],
    ]);
  });

  it('of the next update, before and after it is due, and anew after each', () => {
    const policy = withReminders({ quiet: null });
    const events = [acknowledged, step(10, 'investigate')];
    assert.deepEqual(course(inputOf({ phase: 'investigate' }, events, { policy }), 60), [
      [25, ['update soon']],
      [30, ['update due']],
    ]);
    const key = (minutes: number, more: TimelineEvent[]) =>
      incidentReminders(inputOf({}, [...events, ...more], { policy }), declaredAt + minutes * minute).due[0]?.key;
    const update = at(31, { kind: 'status' });
    assert.equal(key(40, [update]), undefined);
    assert.notEqual(key(62, [update]), key(35, []));
    const retraction = at(33, { kind: 'retraction', replaces: update.id });
    assert.equal(key(40, [update, retraction]), key(35, []), 'one that was taken back was none');
  });

  it('of roles that nobody has, the commander only once it was acknowledged without one', () => {
    const policy = withReminders({ quiet: null, before: null });
    const dueAfter = (minutes: number, changes: Changes, events: TimelineEvent[]) =>
      incidentReminders(inputOf(changes, events, { policy }), declaredAt + minutes * minute).due.map(words);
    assert.deepEqual(dueAfter(9, { roles: {} }, [acknowledged]), []);
    assert.deepEqual(dueAfter(10, { roles: {} }, [acknowledged]), ['role commander', 'role communications']);
    assert.deepEqual(dueAfter(10, { roles: {} }, []), ['role communications']);
    assert.deepEqual(dueAfter(10, { roles: { commander: '@a', communications: '@b' } }, []), []);
    assert.deepEqual(dueAfter(10, { roles: {}, phase: 'rca' }, [acknowledged, step(9, 'rca')]), []);
    const all: Policy = { ...policy, requiredRoles: ['scribe'] };
    assert.deepEqual(
      incidentReminders(inputOf({}, [acknowledged], { policy: all }), declaredAt + 10 * minute).due.map(words),
      ['role scribe'],
    );
  });

  it('of a pause in which nothing was written down, but not while something runs', () => {
    const since = (events: TimelineEvent[], minutes: number, running: RunningAction[] = []) =>
      incidentReminders(inputOf({}, [acknowledged, ...events], { running }), declaredAt + minutes * minute)
        .due.map(words)
        .includes('quiet');
    assert.equal(since([], 21), false);
    assert.equal(since([], 22), true);
    assert.equal(since([at(10)], 29), false);
    assert.equal(since([at(10)], 30), true);
    assert.equal(
      since([at(-30, { recorded: formatInstant(declaredAt + 12 * minute) })], 31),
      false,
      'written down late',
    );
    assert.equal(since([at(500)], 22), true, 'written down by a clock that was wrong');
    assert.equal(since([], 25, [{ id: 'r', title: 'Rollback', startedAt: declaredAt, timeout: hour }]), false);
  });

  it('of an action that runs too long by its own limit, or by the policy', () => {
    const running: RunningAction[] = [
      { id: '1', title: 'Rollback', startedAt: declaredAt + minute, timeout: null },
      { id: '2', title: 'Scale', startedAt: declaredAt + minute, timeout: 3 * minute },
    ];
    const dueAfter = (minutes: number) =>
      incidentReminders(inputOf({}, [acknowledged], { running }), declaredAt + minutes * minute)
        .due.filter(({ kind }) => kind === 'action')
        .map(words);
    assert.deepEqual(dueAfter(3), []);
    assert.deepEqual(dueAfter(4), ['action Scale']);
    assert.deepEqual(dueAfter(16), ['action Scale', 'action Rollback']);
  });

  it('of the review: its draft within a day, and itself, each for a fifth of its time before', () => {
    const events = [acknowledged, step(60, 'rca')];
    const hours = (drafted: boolean) =>
      course(inputOf({ phase: 'rca' }, events, { drafted }), 4 * 24 * 60).map(([minutes, said]) => [
        (minutes - 60) / 60,
        said,
      ]);
    assert.deepEqual(hours(false), [
      [19.2, ['draft soon']],
      [24, ['draft due']],
      [38.4, ['draft due', 'rca soon']],
      [48, ['rca due', 'draft due']],
    ]);
    assert.deepEqual(hours(true), [
      [38.4, ['rca soon']],
      [48, ['rca due']],
    ]);
  });

  it('later where there is more time: a P1 has sixteen times as long to acknowledge', () => {
    assert.deepEqual(course(inputOf({ severity: 'P1', roles: {} }, []), 25 * 60), [
      [160, ['role communications']],
      [192, ['acknowledge soon', 'role communications']],
      [240, ['escalation On-Call Engineer', 'role communications']],
      [320, ['escalation On-Call Engineer', 'role communications', 'quiet']],
      [480, ['escalation Incident Commander Pool', 'role communications', 'quiet']],
      [720, ['escalation Executive Escalation', 'role communications', 'quiet']],
      [1360, ['escalation Executive Escalation', 'role communications', 'resolve soon', 'quiet']],
      [1440, ['escalation Executive Escalation', 'resolve due', 'role communications', 'quiet']],
    ]);
    assert.deepEqual(course(inputOf({ severity: 'P4', roles: {} }, []), 60 * 24 * 60), []);
  });

  it('of nothing once it is closed, cancelled or merged away, and before it is declared', () => {
    for (const changes of [{ phase: 'closed' }, { status: 'declined' }, { status: 'duplicate' }] as const) {
      assert.deepEqual(course(inputOf(changes, []), 9999), []);
    }
    const detected = { ...inputOf({ phase: 'detected' }, []), events: [step(0, 'detected')] };
    assert.deepEqual(course(detected, 9999), []);
  });

  it('of nothing that the policy turns off', () => {
    const policy: Policy = {
      ...withReminders({ before: null, role: null, quiet: null, action: null }),
      escalation: [],
      requiredRoles: ['scribe'],
    };
    const running: RunningAction[] = [{ id: '1', title: 'Rollback', startedAt: declaredAt, timeout: null }];
    assert.deepEqual(course(inputOf({ roles: {} }, [], { policy, running }), 29), [[15, ['acknowledge due']]]);
  });

  it('at each step of two that come at the same time', () => {
    const policy: Policy = {
      ...defaultPolicy,
      escalation: [
        { after: 15 * minute, to: ['@a'] },
        { after: 15 * minute, to: ['@b'] },
        { after: 20 * minute, to: ['@c'] },
      ],
    };
    assert.deepEqual(
      course(inputOf({}, [], { policy: { ...policy, reminders: withReminders({ quiet: null }).reminders } }), 22),
      [
        [10, ['acknowledge soon']],
        [15, ['escalation @a', 'escalation @b']],
        [20, ['escalation @c']],
      ],
    );
  });
});

const event = fc
  .tuple(
    fc.integer({ min: 0, max: 3 * 24 * 60 }),
    fc.constantFrom<EventChanges>(
      { kind: 'acknowledge' },
      { kind: 'status' },
      { kind: 'note' },
      ...phases.map((to) => ({ kind: 'phase' as const, to, prev: null })),
    ),
  )
  .map(([minutes, changes]) => at(minutes, changes));
const input = fc
  .record({
    events: fc.array(event, { maxLength: 8 }),
    severity: fc.constantFrom(...severities),
    phase: fc.constantFrom(...phases),
    roles: fc.constantFrom({}, { commander: '@alice' }, everyRole),
    drafted: fc.boolean(),
  })
  .map(({ events, drafted, ...changes }) => inputOf(changes, events, { drafted }));

describe('reminders over weeks', function () {
  this.timeout(60_000);

  it('change at the instants that were told, and at no other', () => {
    fc.assert(
      fc.property(
        input,
        fc.integer({ min: 0, max: 21 * day }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (one, after, part) => {
          const now = declaredAt + after;
          const { due, next } = incidentReminders(one, now);
          const until = next ?? now + 30 * day;
          const between = now + Math.floor((until - now) * part);
          const keys = (reminders: readonly Reminder[]) =>
            reminders.filter(({ kind }) => kind !== 'quiet').map(({ key }) => key);
          assert.deepEqual(keys(incidentReminders(one, between).due), keys(due));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are all said, the first time when they become due, and none twice before its time', () => {
    fc.assert(
      fc.property(input, (one) => {
        const said = new Map<string, number>();
        let memory = {};
        let now = declaredAt;
        const end = declaredAt + 14 * day;
        for (let turns = 0; now < end; turns++) {
          assert.ok(turns < 20_000);
          const reminders = incidentReminders(one, now);
          const turn = takeTurn([{ incident: one.incident, ...reminders }], one.policy, memory, now);
          memory = turn.memory;
          for (const { reminder } of turn.say) {
            const last = said.get(reminder.key);
            if (last === undefined)
              assert.ok(now === reminder.since || now === declaredAt || reminder.kind === 'quiet');
            else assert.ok(now - last >= 10 * minute);
            said.set(reminder.key, now);
          }
          for (const { key } of reminders.due) assert.ok(said.has(key), key);
          assert.ok(turn.next === null || turn.next > now);
          now = turn.next ?? end;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are neither doubled nor lost by a clock that is set back, or by a sleep', () => {
    fc.assert(
      fc.property(
        input,
        fc.integer({ min: 0, max: 5 * day }),
        fc.integer({ min: 0, max: 5 * day }),
        (one, after, back) => {
          const turnAt = (instant: number, memory: unknown) =>
            takeTurn(
              [{ incident: one.incident, ...incidentReminders(one, instant) }],
              one.policy,
              readReminderMemory(memory),
              instant,
            );
          const keys = (turn: ReturnType<typeof turnAt>) => turn.say.map(({ reminder }) => reminder.key);
          const now = declaredAt + after;
          const first = turnAt(now, {});
          assert.deepEqual(keys(turnAt(now, first.memory)), [], 'said once');
          const earlier = turnAt(now - back, first.memory);
          const before = new Set(keys(first));
          assert.ok(keys(earlier).every((key) => !before.has(key)));
          // At the latest a day on, whatever is due by then was said.
          const later = turnAt(now - back + day, earlier.memory);
          const told = new Set([...keys(earlier), ...keys(later)]);
          for (const { reminder } of later.standing) assert.ok(told.has(reminder.key) || before.has(reminder.key));
        },
      ),
    );
  });
});

describe('what was said', () => {
  const one = inputOf({ phase: 'investigate' }, [acknowledged, step(10, 'investigate')], {
    policy: withReminders({ quiet: null }),
  });
  const turn = (minutes: number, memory: ReminderMemory) => {
    const now = declaredAt + minutes * minute;
    const taken = takeTurn([{ incident: one.incident, ...incidentReminders(one, now) }], one.policy, memory, now);
    return {
      ...taken,
      words: taken.say.map(({ reminder }) => words(reminder)),
      nextMinute: taken.next === null ? null : (taken.next - declaredAt) / minute,
    };
  };

  it('comes again after the policy’s time', () => {
    const first = turn(30, {});
    assert.deepEqual([first.words, first.nextMinute], [['update due'], 40]);
    const second = turn(35, first.memory);
    assert.deepEqual([second.words, second.standing.length, second.nextMinute], [[], 1, 40]);
    assert.deepEqual(turn(40, second.memory).words, ['update due']);
  });

  it('waits while it is snoozed, and is still there', () => {
    const now = declaredAt + 31 * minute;
    const memory = snooze(turn(30, {}).memory, outage.uid, now, 15 * minute);
    const waiting = turn(41, memory);
    assert.deepEqual([waiting.words, waiting.standing.length, waiting.nextMinute], [[], 1, 46]);
    assert.deepEqual(turn(46, waiting.memory).words, ['update due']);
  });

  it('is snoozed for no longer when the clock is set back', () => {
    const memory = snooze({}, outage.uid, declaredAt + 5 * hour, 15 * minute);
    const back = turn(31, memory);
    assert.deepEqual([back.words, back.nextMinute], [[], 46]);
  });

  it('is over when somebody saw to it, and all is said again on request', () => {
    const first = turn(30, {});
    const key = first.say[0]?.reminder.key ?? '';
    const memory = markDone(first.memory, outage.uid, key);
    assert.deepEqual([turn(99, memory).words, turn(99, memory).standing], [[], []]);
    assert.deepEqual(turn(31, remindAgain(memory, outage.uid)).words, ['update due']);
  });

  it('comes no more when the policy says so', () => {
    const now = declaredAt + 30 * minute;
    const policy = withReminders({ repeat: null, quiet: null });
    const reminders = [{ incident: one.incident, ...incidentReminders(one, now) }];
    const first = takeTurn(reminders, policy, {}, now);
    assert.equal(first.say.length, 1);
    const later = takeTurn(reminders, policy, first.memory, now + 5 * hour);
    assert.deepEqual([later.say.length, later.standing.length], [0, 1]);
  });

  it('is read from whatever stands in the file', () => {
    const { memory } = turn(30, {});
    assert.deepEqual(readReminderMemory(JSON.parse(JSON.stringify(memory))), memory);
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, inner) => {
        takeTurn([], defaultPolicy, readReminderMemory(value), declaredAt);
        turn(30, readReminderMemory({ [outage.uid]: inner }));
        turn(30, readReminderMemory({ [outage.uid]: { said: inner, done: inner, snoozed: inner } }));
      }),
    );
  });
});
