import { FirebreakError } from '../../core/errors.ts';
import { type Incident, isIncident, isOpenIncident } from '../../core/item.ts';
import type { AnnounceTarget } from '../../core/policy.ts';
import type { Files } from '../../core/ports/files.ts';
import { MessagingError, type Messengers } from '../../core/ports/messaging.ts';
import { channelName, videoAddress } from '../../core/roomNames.ts';
import { second } from '../../core/time.ts';
import { requireMayLeave } from '../exits.ts';
import { invitees } from './chatRoom.ts';
import { failureOf, heldUntil, isInForce, isServerWide, longestPause } from './roomFailures.ts';
import { topicOf } from './roomMessages.ts';
import { noticesOf, type RoomNotice } from './roomNotices.ts';
import {
  type Failure,
  newChat,
  newRoom,
  type RoomState,
  readRoom,
  readRooms,
  targetOrder,
  writeRoom,
} from './roomState.ts';
import { pinInterval, RoomTurn, type RoomTurnOptions } from './roomTurn.ts';
import { RoomView } from './roomView.ts';

export interface WarRoomOptions extends RoomTurnOptions {
  /** What one process of all has at a time; undefined while another keeps it. */
  readonly lock: () => Promise<{ dispose(): Promise<void> } | undefined>;
}

/** What would be sent, for somebody to look at first. */
export interface RoomPreview {
  readonly channel: string;
  readonly topic: string;
  readonly invited: readonly string[];
  /** Names of the policy that no chat id is known of. */
  readonly uninvited: readonly string[];
  /** Markdown; undefined where it names what stays inside, and is not sent. */
  readonly opening: string | undefined;
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
  /** What does not wait, and is not as it should be. */
  readonly notices: readonly RoomNotice[];
}

export interface RoundReport {
  readonly standings: readonly RoomStanding[];
  /** When to come again, though nothing changes: epoch milliseconds; undefined for never. */
  readonly next: number | undefined;
}

const lockPause = 2 * second;

/**
 * The war rooms that were opened at this clone: who is told what of an incident. What has to be sent follows from the timeline and from
 * what was sent, so nothing can be lost from a queue; and nothing of an incident that is private or excluded is ever sent.
 */
export class WarRoom {
  readonly #options: WarRoomOptions;

  constructor(options: WarRoomOptions) {
    this.#options = options;
  }

  /** @throws FirebreakError `privateItem`, `excludedItem` */
  async preview(item: Incident): Promise<RoomPreview> {
    const { privateFiles, withheld } = this.#options;
    requireMayLeave(item, withheld());
    const view = await RoomView.of(this.#options, item);
    const { incident, policy } = view;
    const { warRoom } = policy;
    const opened = await readRoom(privateFiles, incident.uid);
    const people = invitees(policy);
    return {
      channel: opened?.slack.name ?? channelName(warRoom.channel, incident),
      topic: topicOf(incident, policy),
      invited: people.filter(({ chat }) => chat !== undefined).map(({ name }) => name),
      uninvited: people.filter(({ chat }) => chat === undefined).map(({ name }) => name),
      opening: view.opening(),
      video: warRoom.video && videoAddress(warRoom.video, incident),
      opened,
      proposed: targetOrder.filter((target) => warRoom.announce[target].includes(incident.severity)),
    };
  }

  /**
   * Opens the room: from now on these are told, by this and every later round. What failed before is tried anew.
   * @throws FirebreakError `privateItem`, `excludedItem`, `alreadyClosed`, `syncBusy`
   */
  async open(incident: Incident, targets: readonly AnnounceTarget[]): Promise<void> {
    const { context, privateFiles, withheld } = this.#options;
    requireMayLeave(incident, withheld());
    const { id, uid } = incident;
    if (!isOpenIncident(incident)) throw new FirebreakError('alreadyClosed', `${id} is closed: it needs no war room.`);
    await this.#keptAlone(async () => {
      const before = await readRoom(privateFiles, uid);
      const said = (await context.index.events(uid)).filter(({ event }) => event.kind === 'status');
      const known = said.map(({ event }) => event.id);
      const room = before ?? newRoom(uid, context.now(), known, targets);
      // A channel that is gone is made anew once somebody asks for it, and not by itself.
      const isGone = room.failures.slack?.reason === 'noChannel';
      const slack = isGone ? newChat : room.slack;
      await writeRoom(privateFiles, { ...triedAnew({ ...room, slack }), targets, silent: false });
    });
  }

  /** Something was changed that failures may have come from (a token, a setting): nothing of them is waited for any longer. */
  async retry(): Promise<void> {
    const { privateFiles } = this.#options;
    await this.#locked(async () => {
      for (const room of (await readRooms(privateFiles)).values()) {
        const anew = triedAnew(room);
        if (JSON.stringify(anew) !== JSON.stringify(room)) await writeRoom(privateFiles, anew);
      }
    });
  }

  /**
   * Somebody took care of what can't be taken back from here: it is told no more.
   * @throws FirebreakError `syncBusy`
   */
  async settle(incident: Incident): Promise<void> {
    const { privateFiles } = this.#options;
    const view = await RoomView.of(this.#options, incident);
    await this.#keptAlone(async () => {
      const room = await readRoom(privateFiles, incident.uid);
      if (room) await writeRoom(privateFiles, view.settled(room));
    });
  }

  /**
   * Sends what waits, most severe incidents first, and takes in what people pinned. Failures hold up nothing but their own target.
   * @throws FileError when what was sent can't be kept: then nothing more is sent
   */
  async round(messengers: Messengers, signal?: AbortSignal): Promise<RoundReport> {
    const { context, privateFiles } = this.#options;
    const report = await this.#locked(async () => {
      await this.#silence();
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

  /** Another branch may be from before somebody said that it stays inside, and must not let it out again. */
  async #silence(): Promise<void> {
    const { context, privateFiles, withheld } = this.#options;
    const isWithheld = withheld();
    for (const room of (await readRooms(privateFiles)).values()) {
      const incident = context.index.item(room.uid);
      if (incident && isWithheld(incident) && !room.silent) await writeRoom(privateFiles, { ...room, silent: true });
    }
  }

  /** P0 first, then those that wait longest. */
  async #rooms(): Promise<{ readonly room: RoomState; readonly incident: Incident }[]> {
    const { context, privateFiles, withheld } = this.#options;
    const isWithheld = withheld();
    const found = [...(await readRooms(privateFiles)).values()].flatMap((room) => {
      const incident = context.index.item(room.uid);
      if (room.silent || !incident || !isIncident(incident) || isWithheld(incident)) return [];
      return [{ room, incident }];
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
    const turn = new RoomTurn(this.#options, room);
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
      const view = await RoomView.of(this.#options, incident);
      const failures: (Failure & { target: AnnounceTarget })[] = [];
      let waiting = 0;
      for (const target of room.targets) {
        const dues = view.dues(target, room);
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
      const notices = noticesOf(view, room);
      if (!isOpenIncident(incident) && waiting === 0 && !notices.some(({ lasting }) => lasting)) continue;
      const { name, address } = room.slack;
      const channel = name === undefined ? undefined : { name, address };
      standings.push({ uid: room.uid, channel, waiting, failures, notices });
    }
    return { standings, next };
  }

  /** @throws FirebreakError `syncBusy` */
  async #keptAlone(act: () => Promise<void>): Promise<void> {
    const done = await this.#locked(async () => {
      await act();
      return true;
    });
    if (!done) throw new FirebreakError('syncBusy', 'Another window is busy with the war room: try again in a moment.');
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

/** A room without what failed, or was refused for good: somebody may have mended it. */
function triedAnew(room: RoomState): RoomState {
  const { unchangeable: _refused, invited = {}, ...slack } = room.slack;
  const joined = Object.fromEntries(Object.entries(invited).filter(([, refusal]) => refusal === ''));
  return { ...room, failures: {}, slack: { ...slack, invited: joined } };
}

/** For those who can't keep anything. @throws FirebreakError `readOnly` */
export function requireState(files: Files | undefined): Files {
  if (files) return files;
  throw new FirebreakError('readOnly', 'There is no place to remember what was sent: make the git folder writable.');
}
