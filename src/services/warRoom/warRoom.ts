import { FirebreakError } from '../../core/errors.ts';
import { type Incident, isIncident, isOpenIncident } from '../../core/item.ts';
import type { AnnounceTarget } from '../../core/policy.ts';
import type { Files } from '../../core/ports/files.ts';
import {
  type ChatRooms,
  MessagingError,
  type Messengers,
  type SendPage,
  type SendToWebhook,
} from '../../core/ports/messaging.ts';
import { channelName, videoAddress } from '../../core/roomNames.ts';
import { minute, second } from '../../core/time.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import type { ServiceContext } from '../context.ts';
import { newEvent } from '../newEvent.ts';
import { purgesOf } from '../purges.ts';
import { writeEvents } from '../recordEvent.ts';
import { type ChatWork, chatNames, postMessages, prepareChannel } from './chatRoom.ts';
import { pagesToSend } from './pages.ts';
import { chatOrigin, eventsOfPins } from './pinnedMessages.ts';
import { dueAt, openingText, type RoomMessage, roomMessages, topicOf } from './roomMessages.ts';
import { type Failure, newRoom, type RoomState, readRoom, readRooms, writeRoom } from './roomState.ts';

export interface WarRoomOptions {
  readonly context: ServiceContext;
  readonly privateFiles: Files;
  /** What one process of all has at a time; undefined while another keeps it. */
  readonly lock: () => Promise<{ dispose(): Promise<void> } | undefined>;
}

/** What would be sent, for somebody to look at first. */
export interface RoomPreview {
  readonly channel: string;
  readonly topic: string;
  readonly invited: readonly string[];
  /** Names of the policy that no chat name is known of. */
  readonly uninvited: readonly string[];
  /** Markdown. */
  readonly opening: string;
  readonly video: string | undefined;
  /** Whether an update was posted here before: only the first asks. */
  readonly opened: RoomState | undefined;
  /** What the policy proposes for the severity. */
  readonly proposed: readonly AnnounceTarget[];
}

/** How a room stands, for those who look. */
export interface RoomStanding {
  readonly uid: string;
  readonly channel: { readonly name: string; readonly address: string | undefined } | undefined;
  /** How much was not sent yet. */
  readonly waiting: number;
  /** The failures that hold it up, by target. */
  readonly failures: readonly (Failure & { readonly target: AnnounceTarget })[];
}

export interface RoundReport {
  readonly standings: readonly RoomStanding[];
  /** When to come again, though nothing changes: epoch milliseconds; undefined for never. */
  readonly next: number | undefined;
}

/** How often pins are looked for while an incident is open. */
const pinInterval = minute;
const longestPause = 10 * minute;
/** What the server will not take now it will not take in a moment either. */
const refusedPause = 10 * minute;
const lockPause = 2 * second;
const targetOrder: readonly AnnounceTarget[] = ['pagerduty', 'slack', 'webhook'];

/**
 * The war rooms that were opened at this clone: who is told what of an incident. What has to be sent follows from the timeline and from
 * what was sent, so nothing can be lost from a queue; and nothing of a private incident is ever sent.
 */
export class WarRoom {
  readonly #options: WarRoomOptions;

  constructor(options: WarRoomOptions) {
    this.#options = options;
  }

  /** @throws FirebreakError `privateItem` */
  async preview(incident: Incident): Promise<RoomPreview> {
    requirePublic(incident);
    const { context, privateFiles } = this.#options;
    const policy = context.index.policy();
    const { warRoom, people } = policy;
    const opened = await readRoom(privateFiles, incident.uid);
    return {
      channel: opened?.slack.name ?? channelName(warRoom.channel, incident),
      topic: topicOf(incident, policy),
      invited: warRoom.invite.filter((name) => chatNames([name], people).length > 0),
      uninvited: warRoom.invite.filter((name) => chatNames([name], people).length === 0),
      opening: openingText(incident, await this.#events(incident), policy),
      video: warRoom.video && videoAddress(warRoom.video, incident),
      opened,
      proposed: targetOrder.filter((target) => warRoom.announce[target].includes(incident.severity)),
    };
  }

  /**
   * Opens the room: from now on these are told, by this and every later round. What failed before is tried anew.
   * @throws FirebreakError `privateItem`, `alreadyClosed`, `syncBusy`
   */
  async open(incident: Incident, targets: readonly AnnounceTarget[]): Promise<void> {
    requirePublic(incident);
    const { id, uid } = incident;
    if (!isOpenIncident(incident)) throw new FirebreakError('alreadyClosed', `${id} is closed: it needs no war room.`);
    const { context, privateFiles } = this.#options;
    const done = await this.#locked(async () => {
      const before = await readRoom(privateFiles, uid);
      const room = before ?? newRoom(uid, context.now(), targets);
      // A channel that is gone is made anew once somebody asks for it, and not by itself.
      const isGone = room.failures.slack?.reason === 'noChannel';
      const slack = isGone ? newRoom(room.uid, room.openedAt, targets).slack : room.slack;
      await writeRoom(privateFiles, { ...room, slack, targets, failures: {} });
      return true;
    });
    if (!done) throw new FirebreakError('syncBusy', 'Another window is busy with the war room: try again in a moment.');
  }

  /** Something was changed that failures may have come from (a token, a setting): nothing of them is waited for any longer. */
  async retry(): Promise<void> {
    const { privateFiles } = this.#options;
    await this.#locked(async () => {
      for (const room of (await readRooms(privateFiles)).values()) {
        if (Object.keys(room.failures).length > 0) await writeRoom(privateFiles, { ...room, failures: {} });
      }
    });
  }

  /**
   * Sends what waits, most severe incidents first, and takes in what people pinned. Failures hold up nothing but their own target.
   * @throws FileError when what was sent can't be kept: then nothing more is sent
   */
  async round(messengers: Messengers, signal?: AbortSignal): Promise<RoundReport> {
    const { context, privateFiles } = this.#options;
    const report = await this.#locked(async () => {
      const rooms = await this.#rooms();
      const blocked = new Set(heldUntil(rooms, context.now()).keys());
      for (const { room, incident } of rooms) {
        for (const target of targetOrder) {
          if (signal?.aborted) break;
          if (room.targets.includes(target)) await this.#turn(incident.uid, target, messengers, blocked);
        }
      }
      return this.#report(messengers);
    });
    if (report) return report;
    const now = context.now();
    const hasRooms = (await readRooms(privateFiles)).size > 0;
    return { standings: (await this.#report(messengers)).standings, next: hasRooms ? now + lockPause : undefined };
  }

  /** How the rooms stand: nothing is sent. */
  async standing(messengers: Messengers): Promise<readonly RoomStanding[]> {
    return (await this.#report(messengers)).standings;
  }

  /** P0 first, then those that wait longest. */
  async #rooms(): Promise<{ readonly room: RoomState; readonly incident: Incident }[]> {
    const { context, privateFiles } = this.#options;
    const found = [...(await readRooms(privateFiles)).values()].flatMap((room) => {
      const incident = context.index.item(room.uid);
      return incident && isIncident(incident) && !incident.private ? [{ room, incident }] : [];
    });
    return found.sort(
      (left, right) =>
        left.incident.severity.localeCompare(right.incident.severity) || left.room.openedAt - right.room.openedAt,
    );
  }

  async #turn(
    uid: string,
    target: AnnounceTarget,
    messengers: Messengers,
    blocked: Set<AnnounceTarget>,
  ): Promise<void> {
    const { context, privateFiles } = this.#options;
    const room = await readRoom(privateFiles, uid);
    const messenger = messengers[target];
    const earlier = room?.failures[target];
    const isTooEarly = earlier !== undefined && isInForce(earlier, context.now());
    if (!room || !messenger || isTooEarly || blocked.has(target)) return;
    const turn = new Turn(this.#options, room);
    try {
      if (target === 'slack' && messengers.slack) await turn.chat(messengers.slack);
      else if (target === 'webhook' && messengers.webhook) await turn.webhook(messengers.webhook);
      else if (target === 'pagerduty' && messengers.pagerduty) await turn.pages(messengers.pagerduty);
      if (earlier) await turn.keep({ failures: { ...turn.room.failures, [target]: undefined } });
    } catch (error) {
      if (!MessagingError.is(error)) throw error;
      const failure = failureOf(error, earlier?.tries ?? 0, context.now());
      await turn.keep({ failures: { ...turn.room.failures, [target]: failure } });
      if (isServerWide(failure)) blocked.add(target);
    }
  }

  async #report(messengers: Messengers): Promise<RoundReport> {
    const { context } = this.#options;
    const now = context.now();
    const standings: RoomStanding[] = [];
    let next: number | undefined;
    const wake = (at: number) => {
      next = Math.min(next ?? at, at);
    };
    const rooms = await this.#rooms();
    const held = heldUntil(rooms, now);
    for (const { room, incident } of rooms) {
      const events = await this.#events(incident);
      const failures: (Failure & { target: AnnounceTarget })[] = [];
      let waiting = 0;
      for (const target of room.targets) {
        const dues = waitingFor(target, room, incident, events, context);
        const count = dues.length;
        waiting += count;
        const failure = room.failures[target];
        if (count > 0 && !messengers[target]) {
          failures.push({ target, reason: 'switchedOff', message: '', tries: 0, until: 0 });
        } else if (failure) {
          failures.push({ target, ...failure });
          wake(Math.max(now + second, Math.min(failure.until, now + longestPause)));
        } else if (count > 0)
          wake(held.get(target) ?? Math.max(now + lockPause, Math.min(...dues, now + longestPause)));
      }
      const listens =
        room.targets.includes('slack') && messengers.slack && room.slack.channel && isOpenIncident(incident);
      if (listens && !room.failures.slack) wake(Math.max(now + second, (room.slack.pinsReadAt ?? now) + pinInterval));
      if (!isOpenIncident(incident) && waiting === 0) continue;
      const { name, address } = room.slack;
      standings.push({ uid: room.uid, channel: name === undefined ? undefined : { name, address }, waiting, failures });
    }
    return { standings, next };
  }

  async #events(incident: Incident): Promise<TimelineEvent[]> {
    return unpurged(this.#options.context, incident);
  }

  async #locked<T>(act: () => Promise<T>): Promise<T | undefined> {
    const lock = await this.#options.lock();
    if (!lock) return undefined;
    try {
      return await act();
    } finally {
      await lock.dispose();
    }
  }
}

/** One target's turn with one incident. Everything is kept as soon as it is known. */
class Turn {
  readonly #options: WarRoomOptions;
  room: RoomState;

  constructor(options: WarRoomOptions, room: RoomState) {
    this.#options = options;
    this.room = room;
  }

  async keep(change: Partial<RoomState>): Promise<void> {
    this.room = { ...this.room, ...change };
    await writeRoom(this.#options.privateFiles, this.room);
  }

  async chat(rooms: ChatRooms): Promise<void> {
    const { context } = this.#options;
    const incident = this.#incident();
    const events = await unpurged(context, incident);
    const isDone = this.#messages(incident, events).every(({ key }) => this.room.slack.posted[key] !== undefined);
    if (isDone && !isOpenIncident(incident)) return;
    const work: ChatWork = {
      rooms,
      incident,
      events,
      policy: context.index.policy(),
      origin: context.origin,
      openedAt: this.room.openedAt,
      now: context.now(),
      keep: (slack) => this.keep({ slack }),
    };
    // An incident that is over before its channel was made needs none.
    if (this.room.slack.channel === undefined && !isOpenIncident(incident)) return;
    const ready = await prepareChannel(work, this.room.slack);
    await this.#noteChannel(incident, events);
    this.#incident();
    await postMessages(work, ready, this.#messages(incident, events));
    if (isOpenIncident(incident)) await this.#takePins(rooms, incident);
  }

  async webhook(send: SendToWebhook): Promise<void> {
    const { context } = this.#options;
    const incident = this.#incident();
    const events = await unpurged(context, incident);
    for (const message of this.#messages(incident, events)) {
      if (this.room.webhook.includes(message.key) || !isOwn(message, context.origin)) continue;
      const { id, title, severity } = this.#incident();
      const { phase } = incident.incident;
      await send({ ...message, incident: { id, title, severity, phase } });
      await this.keep({ webhook: [...this.room.webhook, message.key] });
    }
  }

  async pages(send: SendPage): Promise<void> {
    const incident = this.#incident();
    const events = await unpurged(this.#options.context, incident);
    for (const page of pagesToSend(incident, events, this.room.pages, this.room.slack.address)) {
      this.#incident();
      await send(page);
      await this.keep({ pages: [...this.room.pages, page.action] });
    }
    if (this.room.pages.includes('trigger')) await this.#note(incident, events, 'paged', 'Paged through PagerDuty.');
  }

  #messages(incident: Incident, events: readonly TimelineEvent[]): RoomMessage[] {
    return roomMessages(incident, events, this.#options.context.index.policy(), this.room.openedAt);
  }

  async #noteChannel(incident: Incident, events: readonly TimelineEvent[]): Promise<void> {
    const { channel, name, address } = this.room.slack;
    if (channel === undefined || this.room.noted.includes(`room-${channel}`)) return;
    if (events.some((event) => 'room' in event && event.room === channel)) return;
    const { video } = this.#options.context.index.policy().warRoom;
    const call = video === undefined ? '' : ` Video: ${videoAddress(video, incident)}`;
    const body = `War room: ${address === undefined ? `#${name}` : `[#${name}](${address})`}.${call}`;
    await this.#note(incident, events, `room-${channel}`, body, channel);
  }

  /** Says once in the timeline what was done. */
  async #note(
    incident: Incident,
    events: readonly TimelineEvent[],
    key: string,
    body: string,
    channel?: string,
  ): Promise<void> {
    const { context } = this.#options;
    if (this.room.noted.includes(key) || events.some((event) => event.body === body)) return;
    const base = await newEvent(context, incident.uid);
    await writeEvents(context, incident, [
      { ...base(), kind: 'note', body, ...(channel === undefined ? {} : { room: channel }) },
    ]);
    await this.keep({ noted: [...this.room.noted, key] });
  }

  async #takePins(rooms: ChatRooms, incident: Incident): Promise<void> {
    const { context } = this.#options;
    const { channel, posted, pinsReadAt } = this.room.slack;
    const now = context.now();
    if (channel === undefined) return;
    if (pinsReadAt !== undefined && now >= pinsReadAt && now < pinsReadAt + pinInterval) return;
    const pins = await rooms.pins(channel);
    const events = (await context.index.events(incident.uid)).map(({ event }) => event);
    const { people } = context.index.policy();
    const news = eventsOfPins(incident, channel, pins, events, people, new Set(Object.values(posted)));
    if (news.length > 0) await writeEvents(context, incident, news);
    await this.keep({ slack: { ...this.room.slack, pinsReadAt: now } });
  }

  /** As it is now: it may have become private since the last request. @throws MessagingError */
  #incident(): Incident {
    const incident = this.#options.context.index.item(this.room.uid);
    if (!incident || !isIncident(incident) || incident.private) {
      throw new MessagingError('refused', 'It is private, or not here any more');
    }
    return incident;
  }
}

/** A receiver that can't be asked what it has is told by the clone whose word it is. */
function isOwn({ origin }: RoomMessage, own: string): boolean {
  return origin === undefined || origin === own;
}

/** What a target was not told yet: for each, when it is due (epoch milliseconds). */
function waitingFor(
  target: AnnounceTarget,
  room: RoomState,
  incident: Incident,
  events: readonly TimelineEvent[],
  context: ServiceContext,
): number[] {
  if (target === 'pagerduty') return pagesToSend(incident, events, room.pages, undefined).map(() => 0);
  const messages = roomMessages(incident, events, context.index.policy(), room.openedAt);
  if (target === 'slack') {
    if (room.slack.channel === undefined && !isOpenIncident(incident)) return [];
    const unposted = messages.filter(({ key }) => room.slack.posted[key] === undefined);
    return unposted.map((message) => dueAt(message, context.origin, context.now()));
  }
  return messages
    .filter((message) => isOwn(message, context.origin) && !room.webhook.includes(message.key))
    .map(() => 0);
}

/** Words that were purged go nowhere, not even as a stub; pins say nothing new to the chat. */
async function unpurged(context: ServiceContext, incident: Incident): Promise<TimelineEvent[]> {
  const purged = purgesOf(context, incident);
  return (await context.index.events(incident.uid))
    .map(({ event }) => event)
    .filter((event) => !purged.has(event.id) && event.origin !== chatOrigin);
}

/** What is about the server and not about one incident holds for all of them. */
function isServerWide({ reason }: Failure): boolean {
  return ['notSent', 'maybeSent', 'limited', 'server', 'badToken'].includes(reason);
}

/** Servers that are not to be asked now, and until when. */
function heldUntil(rooms: readonly { readonly room: RoomState }[], now: number): Map<AnnounceTarget, number> {
  const held = new Map<AnnounceTarget, number>();
  for (const { room } of rooms) {
    for (const target of targetOrder) {
      const failure = room.failures[target];
      if (!failure || !isServerWide(failure) || !isInForce(failure, now)) continue;
      held.set(target, Math.max(held.get(target) ?? 0, failure.until));
    }
  }
  return held;
}

/** A clock that was set back must not make anybody wait for longer than they were told. */
function isInForce({ until }: Failure, now: number): boolean {
  return now < until && until - now <= longestPause;
}

function failureOf(error: MessagingError, tries: number, now: number): Failure {
  const { reason, message, wait } = error;
  const backoff = Math.min(longestPause, 5 * second * 2 ** Math.min(tries, 10));
  const lasting = ['refused', 'badToken', 'noChannel', 'archived', 'notInChannel'].includes(reason);
  const pause = lasting ? refusedPause : wait === undefined ? backoff : Math.max(second, Math.min(wait, longestPause));
  return { reason, message, tries: tries + 1, until: now + pause };
}

function requirePublic(incident: Incident): void {
  if (!incident.private) return;
  throw new FirebreakError('privateItem', `${incident.id} is private: nothing of it is sent anywhere.`);
}

/** For those who can't keep anything. @throws FirebreakError `readOnly` */
export function requireState(files: Files | undefined): Files {
  if (files) return files;
  throw new FirebreakError('readOnly', 'There is no place to remember what was sent: make the git folder writable.');
}
