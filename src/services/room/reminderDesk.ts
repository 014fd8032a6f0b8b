import { type Incident, isOpenIncident } from '../../core/item.ts';
import { isSamePerson } from '../../core/people.ts';
import type { Now } from '../../core/ports/environment.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import {
  type IncidentReminders,
  markDone,
  type ReminderMemory,
  readReminderMemory,
  remindAgain,
  snooze,
  type Turn,
  takeTurn,
} from '../../core/reminderMemory.ts';
import { incidentReminders, type RunningAction } from '../../core/reminders.ts';
import type { ServiceContext } from '../context.ts';

export interface ReminderDeskOptions {
  readonly context: ServiceContext;
  readonly privateFiles: Files;
  /** What one window of all has at a time, waited for a moment; undefined when another keeps it. */
  readonly lock: () => Promise<{ dispose(): Promise<void> } | undefined>;
  readonly now: Now;
  /** What runs now, by the uid of its incident. */
  readonly running?: () => Promise<ReadonlyMap<string, readonly RunningAction[]>>;
}

const memoryPath = 'reminders.json';

/** The reminders of this clone: what is due, and what was said of it, which all its windows share. */
export class ReminderDesk {
  readonly #options: ReminderDeskOptions;

  constructor(options: ReminderDeskOptions) {
    this.#options = options;
  }

  /**
   * What this window is to say now, and nobody else will. The memory is written before it is told, so that of two windows
   * one says it.
   * @returns undefined while another window has the memory: ask again in a moment
   * @throws FileError
   */
  async takeTurn(): Promise<Turn | undefined> {
    const { context, now } = this.#options;
    const mine = await this.#mine();
    const turnAfter = (memory: ReminderMemory) => takeTurn(mine, context.index.policy(), memory, now());
    // Mostly there is nothing to say: then nothing is written, and nobody is held off.
    const { text, memory } = await this.#read();
    const turn = turnAfter(memory);
    if (formatted(turn.memory) === (text ?? formatted({}))) return turn;
    return this.#change((current) => {
      const taken = turnAfter(current);
      return { memory: taken.memory, result: taken };
    });
  }

  /** Says nothing of an incident for so long, in milliseconds. @throws FileError */
  async snooze(uid: string, duration: number): Promise<void> {
    await this.#insist((memory) => snooze(memory, uid, this.#options.now(), duration));
  }

  /** An occasion that somebody has seen to is not spoken of again. @throws FileError */
  async markDone(uid: string, key: string): Promise<void> {
    await this.#insist((memory) => markDone(memory, uid, key));
  }

  /** Says again what is due, and what was snoozed. @throws FileError */
  async remindAgain(uid: string): Promise<void> {
    await this.#insist((memory) => remindAgain(memory, uid));
  }

  async #mine(): Promise<IncidentReminders[]> {
    const me = await this.#options.context.author();
    return dueReminders(this.#options.context, this.#options.now(), await this.#options.running?.()).filter(
      ({ incident }) => isForMe(this.#options.context, incident, me),
    );
  }

  async #insist(change: (memory: ReminderMemory) => ReminderMemory): Promise<void> {
    const done = await this.#change((memory) => ({ memory: change(memory), result: true }));
    if (!done) throw new FileError('failed', memoryPath);
  }

  async #change<T>(
    act: (memory: ReminderMemory) => { readonly memory: ReminderMemory; readonly result: T },
  ): Promise<T | undefined> {
    const lock = await this.#options.lock();
    if (!lock) return undefined;
    try {
      const { text, memory } = await this.#read();
      const { memory: after, result } = act(memory);
      const written = formatted(after);
      if (written !== text) await this.#options.privateFiles.write(memoryPath, written);
      return result;
    } finally {
      await lock.dispose();
    }
  }

  async #read(): Promise<{ readonly text: string | undefined; readonly memory: ReminderMemory }> {
    try {
      const text = new TextDecoder().decode(await this.#options.privateFiles.read(memoryPath));
      return { text, memory: readReminderMemory(parsed(text)) };
    } catch (error) {
      if (!FileError.is(error)) throw error;
      // Whatever is in its place: a reminder comes once more. Where nothing can be kept, writing says so.
      return { text: undefined, memory: {} };
    }
  }
}

/** What is due of each open incident, whoever is to be reminded. Their events are loaded. */
export function dueReminders(
  { index }: Pick<ServiceContext, 'index'>,
  now: number,
  running?: ReadonlyMap<string, readonly RunningAction[]>,
): IncidentReminders[] {
  const policy = index.policy();
  return index.items().flatMap((incident) => {
    if (!isOpenIncident(incident)) return [];
    const events = (index.loadedEvents(incident.uid) ?? []).map((stored) => stored.event);
    const input = {
      incident,
      events,
      policy,
      drafted: index.hasReview(incident),
      running: running?.get(incident.uid) ?? [],
    };
    return [{ incident, ...incidentReminders(input, now) }];
  });
}

/** Whether the reminders of an incident are this clone's: its commander's, or while there is none, whose it was declared in. */
export function isForMe(
  { index, origin }: Pick<ServiceContext, 'index' | 'origin'>,
  incident: Incident,
  me: string,
): boolean {
  const { commander } = incident.incident.roles;
  if (commander) return isSamePerson(commander, me, index.policy().people);
  const events = index.loadedEvents(incident.uid) ?? [];
  return events.find(({ event }) => event.kind === 'phase')?.event.origin === origin;
}

function formatted(memory: ReminderMemory): string {
  return `${JSON.stringify(memory)}\n`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
