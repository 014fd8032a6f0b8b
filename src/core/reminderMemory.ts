import type { Incident } from './item.ts';
import type { Policy } from './policy.ts';
import { type Reminder, type Reminders, repeatAfter } from './reminders.ts';

/** What this clone has said, and was told about it. By the uid of the incident; instants are epoch milliseconds. */
export interface ReminderMemory {
  readonly [uid: string]: IncidentMemory;
}

export interface IncidentMemory {
  /** When each reminder was last said, by its key. */
  readonly said: Readonly<Record<string, number>>;
  /** The keys of those that somebody has seen to: they are not said again. */
  readonly done: readonly string[];
  readonly snoozed: Snooze | null;
}

interface Snooze {
  readonly from: number;
  readonly until: number;
}

export const nothingSaid: IncidentMemory = { said: {}, done: [], snoozed: null };

/** The reminders of one incident, for the commander at this clone. */
export interface IncidentReminders extends Reminders {
  readonly incident: Incident;
}

export interface Saying {
  readonly incident: Incident;
  readonly reminder: Reminder;
}

export interface Turn {
  /** What is to be said now, the most urgent first. */
  readonly say: readonly Saying[];
  /** All that is due and not seen to, whether said or not: what a badge counts. */
  readonly standing: readonly Saying[];
  /** With all of `say` as said. */
  readonly memory: ReminderMemory;
  /** When there may be something to say next; null: when something changes. */
  readonly next: number | null;
}

/**
 * What is to be said now. What was said comes again after the policy's `repeat`; what is snoozed waits. A clock that was
 * set back finds instants that are still to come: they count as now, so that nothing is said twice at once, and nothing
 * waits until the old time comes round again.
 */
export function takeTurn(all: readonly IncidentReminders[], policy: Policy, before: ReminderMemory, now: number): Turn {
  const say: Saying[] = [];
  const standing: Saying[] = [];
  const memory: Record<string, IncidentMemory> = {};
  const instants: number[] = [];
  for (const { incident, due, next } of all) {
    const known = asOf(before[incident.uid] ?? nothingSaid, now);
    const said: Record<string, number> = {};
    if (next !== null) instants.push(next);
    if (known.snoozed) instants.push(known.snoozed.until);
    for (const reminder of due) {
      if (known.done.includes(reminder.key)) continue;
      standing.push({ incident, reminder });
      const last = known.said[reminder.key];
      const repeat = repeatAfter(reminder.kind, incident.severity, policy);
      const isAgain = last !== undefined && repeat !== null && now >= last + repeat;
      if ((last === undefined || isAgain) && !known.snoozed) {
        say.push({ incident, reminder });
        said[reminder.key] = now;
        if (repeat !== null) instants.push(now + repeat);
      } else if (last !== undefined) {
        said[reminder.key] = last;
        if (repeat !== null && last + repeat > now) instants.push(last + repeat);
      }
    }
    // What gave way may come back (a role is given back): that it was said is kept while its incident is open.
    const after: IncidentMemory = { ...known, said: { ...known.said, ...said } };
    if (Object.keys(after.said).length > 0 || after.done.length > 0 || after.snoozed) memory[incident.uid] = after;
  }
  const byUrgency = (left: Saying, right: Saying) =>
    left.incident.severity < right.incident.severity ? -1 : left.incident.severity > right.incident.severity ? 1 : 0;
  return {
    say: say.sort(byUrgency),
    standing: standing.sort(byUrgency),
    memory,
    next: instants.length > 0 ? Math.min(...instants) : null,
  };
}

/** Says nothing of an incident for a while. */
export function snooze(memory: ReminderMemory, uid: string, now: number, duration: number): ReminderMemory {
  const known = memory[uid] ?? nothingSaid;
  return { ...memory, [uid]: { ...known, snoozed: { from: now, until: now + duration } } };
}

/** Marks an occasion as seen to. */
export function markDone(memory: ReminderMemory, uid: string, key: string): ReminderMemory {
  const known = memory[uid] ?? nothingSaid;
  return known.done.includes(key) ? memory : { ...memory, [uid]: { ...known, done: [...known.done, key] } };
}

/** Forgets what was said of an incident: all that is due is said again. */
export function remindAgain(memory: ReminderMemory, uid: string): ReminderMemory {
  const { [uid]: _, ...others } = memory;
  return others;
}

function asOf(known: IncidentMemory, now: number): IncidentMemory {
  const said = Object.fromEntries(Object.entries(known.said).map(([key, at]) => [key, Math.min(at, now)]));
  const { snoozed } = known;
  if (!snoozed) return { ...known, said };
  const shift = Math.max(0, snoozed.from - now);
  const moved = { from: snoozed.from - shift, until: snoozed.until - shift };
  return { ...known, said, snoozed: moved.until > now ? moved : null };
}

/** Reads what was kept. What can't be read was never said: a reminder comes once more, and that is all. */
export function readReminderMemory(value: unknown): ReminderMemory {
  const memory: Record<string, IncidentMemory> = {};
  for (const [uid, entry] of entriesOf(value)) {
    const { said, done, snoozed } = Object.fromEntries(entriesOf(entry));
    const { from, until } = Object.fromEntries(entriesOf(snoozed));
    memory[uid] = {
      said: Object.fromEntries(entriesOf(said).filter((one): one is [string, number] => isInstant(one[1]))),
      done: Array.isArray(done) ? done.filter((key): key is string => typeof key === 'string') : [],
      snoozed: isInstant(from) && isInstant(until) && until > from ? { from, until } : null,
    };
  }
  return memory;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
