import type { Alert } from '../../core/alert.ts';
import { type AlertMemory, readAlertMemory, type SeenAlert } from '../../core/alertMemory.ts';
import { type Incident, isOpenIncident } from '../../core/item.ts';
import type { AlertReading, AlertSource } from '../../core/ports/alerts.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import type { SecretMask } from '../../core/ports/secretMask.ts';
import { formatInstant, minute, parseInstant, second } from '../../core/time.ts';
import type { AlertEvent, TimelineEvent } from '../../core/timelineEvent.ts';
import { absenceOf, type WatchedAlert, watchedAlerts } from '../../core/watchedAlerts.ts';
import type { ServiceContext } from '../context.ts';
import { newEvent } from '../newEvent.ts';
import { writeEvents } from '../recordEvent.ts';
import { attachedEvent, firingEvent, resolvedEvent, speakerOf } from './alertEvents.ts';

export interface AlertDeskOptions {
  readonly context: ServiceContext;
  readonly privateFiles: Files;
  readonly mask: SecretMask;
  /** What one window of all has at a time; undefined while another has it. */
  readonly lock: () => Promise<{ dispose(): Promise<void> } | undefined>;
}

const memoryPath = 'alerts.json';
/** Whoever sends alerts to an Alertmanager sends them again after it was started, within some minutes. */
const warmUp = 5 * minute;

/** The alerts of open incidents: what they do is written into the timelines, once in all windows and clones. */
export class AlertDesk {
  readonly #options: AlertDeskOptions;

  constructor(options: AlertDeskOptions) {
    this.#options = options;
  }

  /** Whether there is an open incident whose alerts are to be followed. */
  isNeeded(): boolean {
    return this.#watched().length > 0;
  }

  /**
   * Asks once, and records what changed since: that an alert fires again, that it has resolved.
   * @param url the address of the source: what was seen there counts for there alone
   * @returns the events that were written; undefined while another window looks
   * @throws what the source throws, and then nothing is changed; FirebreakError `readOnly`; FileError
   */
  async look(source: AlertSource, url: string): Promise<readonly AlertEvent[] | undefined> {
    const lock = await this.#options.lock();
    if (!lock) return undefined;
    try {
      const watched = this.#watched();
      if (watched.length === 0) return [];
      const { memory, text } = await this.#read();
      const names = watched.map(({ alert }) => memory[url]?.[alert.fingerprint]?.name);
      const reading = await source.active(names.every((name) => name !== undefined) ? [...new Set(names)] : []);
      const look = new Look(this.#options, source, reading, memory[url] ?? {});
      for (const { incident, events, alert } of watched) await look.at(incident, events, alert);
      await this.#write({ ...memory, [url]: look.seen }, text);
      return look.written;
    } finally {
      await lock.dispose();
    }
  }

  /**
   * Ties an alert to an incident: from now on its course is followed.
   * @throws FirebreakError `readOnly`
   */
  async attach(incident: Incident, alert: Alert, url: string, at: number): Promise<AlertEvent> {
    const { context, mask } = this.#options;
    const base = await newEvent(context, incident.uid);
    const event = await attachedEvent(base(), alert, mask);
    await writeEvents(context, incident, [event]);
    await this.saw(alert, url, at);
    return event;
  }

  /** Remembers that an alert was seen firing here. @param at by the monitoring system's clock */
  async saw(alert: Alert, url: string, at: number): Promise<void> {
    const lock = await this.#options.lock();
    try {
      await this.#remember(alert, url, at);
    } finally {
      await lock?.dispose();
    }
  }

  async #remember(alert: Alert, url: string, at: number): Promise<void> {
    const { memory, text } = await this.#read();
    const seen = { name: alert.name, seenAt: at };
    await this.#write({ ...memory, [url]: { ...memory[url], [alert.fingerprint]: seen } }, text);
  }

  #watched() {
    const { index } = this.#options.context;
    return index.items().flatMap((incident) => {
      if (!isOpenIncident(incident)) return [];
      const events = (index.loadedEvents(incident.uid) ?? []).map(({ event }) => event);
      return watchedAlerts(events).map((alert) => ({ incident, events, alert }));
    });
  }

  async #read(): Promise<{ readonly memory: AlertMemory; readonly text: string | undefined }> {
    try {
      const text = new TextDecoder().decode(await this.#options.privateFiles.read(memoryPath));
      return { memory: readAlertMemory(parsed(text)), text };
    } catch (error) {
      if (!FileError.is(error)) throw error;
      // Whatever is in its place: what fires now is seen again.
      return { memory: {}, text: undefined };
    }
  }

  async #write(memory: AlertMemory, before: string | undefined): Promise<void> {
    const text = `${JSON.stringify(memory)}\n`;
    if (text !== before) await this.#options.privateFiles.write(memoryPath, text);
  }
}

/** One look at all alerts that are followed, with what it found out. */
class Look {
  readonly #options: AlertDeskOptions;
  readonly #source: AlertSource;
  readonly #before: Readonly<Record<string, SeenAlert>>;
  readonly #active: ReadonlyMap<string, Alert>;
  readonly #now: number;
  /** What of the memory goes on; alerts that nobody follows any more are forgotten. */
  readonly seen: Record<string, SeenAlert> = {};
  readonly written: AlertEvent[] = [];
  #upSince: Promise<number | undefined> | undefined;

  constructor(
    options: AlertDeskOptions,
    source: AlertSource,
    reading: AlertReading,
    before: Readonly<Record<string, SeenAlert>>,
  ) {
    this.#options = options;
    this.#source = source;
    this.#before = before;
    this.#active = new Map(reading.alerts.map((alert) => [alert.fingerprint, alert]));
    this.#now = reading.at ?? options.context.now();
  }

  async at(incident: Incident, events: readonly TimelineEvent[], watched: WatchedAlert): Promise<void> {
    const { fingerprint, state, last } = watched;
    const alert = this.#active.get(fingerprint);
    const seen = this.#before[fingerprint];
    if (alert) {
      this.seen[fingerprint] = { name: alert.name, seenAt: seen?.seenAt ?? this.#now };
      if (state === 'resolved') await this.#fires(incident, events, alert, last);
      return;
    }
    // Where it was never seen, that it is not there says nothing: this may be another Alertmanager.
    if (!seen) return;
    const missingSince = Math.min(seen.missingSince ?? this.#now, this.#now);
    this.seen[fingerprint] = { ...seen, missingSince };
    if (state === 'resolved' || this.#now - missingSince < absenceOf(watched, this.#now)) return;
    if (await this.#isWarmingUp(seen)) return;
    const since = parseInstant(last.at) ?? 0;
    const facts = { fingerprint, name: seen.name };
    // Whatever the clocks say, it ended after it began.
    const at = Math.max(missingSince, since + second);
    const { mask } = this.#options;
    await this.#record(incident, await resolvedEvent(incident.uid, speakerOf(events), facts, mask, since, at));
  }

  async #fires(incident: Incident, events: readonly TimelineEvent[], alert: Alert, last: AlertEvent): Promise<void> {
    const resolved = parseInstant(last.at) ?? 0;
    const isNew = formatInstant(alert.startsAt) > last.at;
    // One that fires on since before it "resolved" was away for a while: it is back now.
    const [since, at] = isNew ? [alert.startsAt, alert.startsAt] : [resolved, Math.max(this.#now, resolved)];
    const { mask } = this.#options;
    await this.#record(incident, await firingEvent(incident.uid, speakerOf(events), alert, mask, since, at));
  }

  /** An Alertmanager that was started since the alert was seen has forgotten it, until it is sent again. */
  async #isWarmingUp(seen: SeenAlert): Promise<boolean> {
    this.#upSince ??= this.#source.upSince();
    const upSince = await this.#upSince;
    return upSince !== undefined && upSince > seen.seenAt && this.#now - upSince < warmUp;
  }

  async #record(incident: Incident, event: AlertEvent): Promise<void> {
    const { context } = this.#options;
    // A window that was faster, or a pull, may have brought it; one that was taken back is not brought back.
    if ((await context.index.events(incident.uid)).some((stored) => stored.event.id === event.id)) return;
    await writeEvents(context, incident, [event]);
    this.written.push(event);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
