import { type Incident, isOpenIncident } from '../../core/item.ts';
import type { AnnounceTarget, Policy } from '../../core/policy.ts';
import type { ServiceContext } from '../context.ts';
import type { IsWithheld } from '../exits.ts';
import { purgesOf } from '../purges.ts';
import { privateNames } from '../sync/privateNames.ts';
import { isToChange, isToSeek } from './changeMessages.ts';
import { isUnsaid } from './chatRoom.ts';
import { pagesToSend, type RoomPage } from './pages.ts';
import { chatOrigin } from './pinnedMessages.ts';
import { dueAt, type OpenedRoom, openingText, type RoomMessage, roomMessages } from './roomMessages.ts';
import { type RoomState, type SlackState, sentKey } from './roomState.ts';
import { amendmentsOf, type HeldWords, type RoomTimeline } from './saidWords.ts';

export interface RoomViewOptions {
  readonly context: ServiceContext;
  /** What stays inside, as the settings say now. @throws FirebreakError `invalidInput` where they mean nothing */
  readonly withheld: () => IsWithheld;
}

/** What of an incident may be told, and what of it was told. Made anew for each look: everything may have changed. */
export class RoomView {
  readonly #context: ServiceContext;
  readonly #namesWithheld: (text: string) => boolean;
  /** As it is told: words of its own that name what stays inside are its id. */
  readonly incident: Incident;
  readonly timeline: RoomTimeline;
  readonly policy: Policy;

  private constructor({ context, withheld }: RoomViewOptions, incident: Incident, timeline: RoomTimeline) {
    this.#context = context;
    this.#namesWithheld = privateNames(context.index.items(), withheld());
    this.timeline = timeline;
    this.policy = context.index.policy();
    const title = this.#namesWithheld(incident.title) ? incident.id : incident.title;
    const { service } = incident.incident;
    const named = service !== undefined && this.#namesWithheld(service);
    this.incident = {
      ...incident,
      title,
      incident: { ...incident.incident, ...(named ? { service: undefined } : {}) },
    };
  }

  static async of(options: RoomViewOptions, incident: Incident): Promise<RoomView> {
    const { context } = options;
    const stored = await context.index.events(incident.uid);
    // Pins say nothing new to the chat that they come from.
    const events = stored.map(({ event }) => event).filter(({ origin }) => origin !== chatOrigin);
    return new RoomView(options, incident, { events, purged: new Set(purgesOf(context, incident).keys()) });
  }

  /** What the room begins with; undefined where it names what stays inside. */
  opening(): string | undefined {
    const text = openingText(this.incident, this.timeline, this.policy);
    return this.#namesWithheld(text) ? undefined : text;
  }

  /** @param held what a message that was sent holds, by its key */
  messages(room: OpenedRoom, held: (key: string) => HeldWords | undefined): RoomMessage[] {
    return this.#all(room, held).filter(({ text }) => !this.#namesWithheld(text));
  }

  chatMessages(room: OpenedRoom, state: SlackState): RoomMessage[] {
    return this.messages(room, (key) => state.held?.[key]);
  }

  /** Of a receiver that can't be asked what it has: the clone whose word it is tells it. */
  webhookMessages(room: RoomState): RoomMessage[] {
    const own = this.#context.origin;
    return this.messages(room, () => undefined).filter(
      ({ key, origin, withdrawn }) =>
        !withdrawn && (origin === undefined || origin === own) && !room.webhook.includes(key),
    );
  }

  pages(room: RoomState): RoomPage[] {
    return pagesToSend(this.incident, this.timeline, room.pages, room.slack.address).map((paged) => {
      const { impact } = paged.page.details;
      if (impact === undefined || !this.#namesWithheld(impact)) return paged;
      // Whoever is on call is called all the same.
      const { impact: _inside, ...details } = paged.page.details;
      return { page: { ...paged.page, details }, sources: [], amended: [] };
    });
  }

  /** How many messages stay inside, since they name what does. */
  withheld(room: RoomState): number {
    const told = (key: string) => room.slack.held?.[key];
    return this.#all(room, told).filter(
      ({ key, text, withdrawn }) =>
        !withdrawn && this.#namesWithheld(text) && room.slack.posted[key] === undefined && !room.webhook.includes(key),
    ).length;
  }

  /** What a target was not told yet: for each, when it is due (epoch milliseconds). */
  dues(target: AnnounceTarget, room: RoomState): number[] {
    if (target === 'pagerduty') return this.pages(room).map(() => 0);
    if (target === 'webhook') return this.webhookMessages(room).map(() => 0);
    const { slack } = room;
    const { now, origin } = this.#context;
    if (slack.channel === undefined && !isOpenIncident(this.incident)) return [];
    return this.chatMessages(room, slack).flatMap((message) => {
      if (isUnsaid(message, slack)) return [dueAt(message, origin, now())];
      return isToChange(message, slack, this.timeline) ? [0] : [];
    });
  }

  /** Whether another clone may have posted what counts no more: looked for, and nothing that waits. */
  mustSeek(room: RoomState): boolean {
    const { origin } = this.#context;
    const { slack } = room;
    return (
      slack.channel !== undefined && this.chatMessages(room, slack).some((message) => isToSeek(message, slack, origin))
    );
  }

  /** What was sent to a target that can't take it back, by what it was: what is known of its words now, where that is more. */
  beyondReach(target: 'webhook' | 'pagerduty', room: RoomState): (readonly string[])[] {
    const found: (readonly string[])[] = [];
    for (const [key, held] of Object.entries(room.sent ?? {})) {
      if (!key.startsWith(sentKey(target, ''))) continue;
      const amended = amendmentsOf(held, this.timeline);
      if (amended.some((mark) => !held.amended.includes(mark))) found.push(amended);
    }
    return found;
  }

  /** The room once somebody took care of what can't be changed from here. */
  settled(room: RoomState): RoomState {
    const { unchangeable = {}, ...slack } = room.slack;
    const current = (held: HeldWords): HeldWords => ({ ...held, amended: amendmentsOf(held, this.timeline) });
    const held = Object.entries(slack.held ?? {}).map(([key, words]) => [
      key,
      unchangeable[key] === undefined ? words : current(words),
    ]);
    const sent = Object.entries(room.sent ?? {}).map(([key, words]) => [key, current(words)]);
    return { ...room, sent: Object.fromEntries(sent), slack: { ...slack, held: Object.fromEntries(held) } };
  }

  #all(room: OpenedRoom, held: (key: string) => HeldWords | undefined): RoomMessage[] {
    return roomMessages(this.incident, this.timeline, this.policy, room, this.#context.origin, held);
  }
}
