import { type Incident, isIncident, isOpenIncident } from '../../core/item.ts';
import type { Files } from '../../core/ports/files.ts';
import { type ChatRooms, MessagingError, type SendPage, type SendToWebhook } from '../../core/ports/messaging.ts';
import { videoAddress } from '../../core/roomNames.ts';
import { minute } from '../../core/time.ts';
import { newEvent } from '../newEvent.ts';
import { writeEvents } from '../recordEvent.ts';
import { changeMessages } from './changeMessages.ts';
import { type ChatWork, postMessages, prepareChannel } from './chatRoom.ts';
import { insideChannel } from './enterChannel.ts';
import { eventsOfPins } from './pinnedMessages.ts';
import { type RoomState, sentKey, writeRoom } from './roomState.ts';
import { RoomView, type RoomViewOptions } from './roomView.ts';
import type { HeldWords } from './saidWords.ts';

/** How often pins are looked for while an incident is open. */
export const pinInterval = minute;

export interface RoomTurnOptions extends RoomViewOptions {
  readonly privateFiles: Files;
}

/** One target's turn with one incident. Everything is kept as soon as it is known. */
export class RoomTurn {
  readonly #options: RoomTurnOptions;
  room: RoomState;

  constructor(options: RoomTurnOptions, room: RoomState) {
    this.#options = options;
    this.room = room;
  }

  async keep(change: Partial<RoomState>): Promise<void> {
    this.room = { ...this.room, ...change };
    await writeRoom(this.#options.privateFiles, this.room);
  }

  /** @throws MessagingError */
  async chat(rooms: ChatRooms): Promise<void> {
    const { context } = this.#options;
    const view = await this.#view();
    const isOpen = isOpenIncident(view.incident);
    // An incident that is over before its channel was made needs none.
    const isDone = view.dues('slack', this.room).length === 0 && !view.mustSeek(this.room);
    if (!isOpen && isDone && !this.room.slack.cameBack) return;
    const work: ChatWork = {
      rooms,
      incident: view.incident,
      timeline: view.timeline,
      messages: (state) => view.chatMessages(this.room, state),
      policy: view.policy,
      origin: context.origin,
      openedAt: this.room.openedAt,
      now: context.now(),
      keep: (slack) => this.keep({ slack }),
    };
    const ready = await prepareChannel(work, this.room.slack);
    await this.#noteChannel(view);
    this.#incident();
    await changeMessages(work, await postMessages(work, ready));
    if (isOpen) await this.#takePins(rooms, view);
  }

  /** @throws MessagingError */
  async webhook(send: SendToWebhook): Promise<void> {
    const view = await this.#view();
    for (const message of view.webhookMessages(this.room)) {
      this.#incident();
      const { id, title, severity } = view.incident;
      const { phase } = view.incident.incident;
      await this.#keepSent(sentKey('webhook', message.key), message);
      const { key, kind, text } = message;
      await send({ key, kind, text, incident: { id, title, severity, phase } });
      await this.keep({ webhook: [...this.room.webhook, message.key] });
    }
  }

  /** @throws MessagingError */
  async pages(send: SendPage): Promise<void> {
    const view = await this.#view();
    for (const paged of view.pages(this.room)) {
      this.#incident();
      await this.#keepSent(sentKey('pagerduty', paged.page.action), paged);
      await send(paged.page);
      await this.keep({ pages: [...this.room.pages, paged.page.action] });
    }
    if (this.room.pages.includes('trigger')) await this.#note(view, 'paged', 'Paged through PagerDuty.');
  }

  /** Before it is sent: an answer may get lost, and the words are out all the same. */
  async #keepSent(key: string, { amended, sources }: HeldWords): Promise<void> {
    if (sources.length > 0) await this.keep({ sent: { ...this.room.sent, [key]: { sources, amended } } });
  }

  async #noteChannel(view: RoomView): Promise<void> {
    const { channel, name, address } = this.room.slack;
    if (channel === undefined || this.room.noted.includes(`room-${channel}`)) return;
    if (view.timeline.events.some((event) => 'room' in event && event.room === channel)) return;
    const { video } = view.policy.warRoom;
    const call = video === undefined ? '' : ` Video: ${videoAddress(video, view.incident)}`;
    const body = `War room: ${address === undefined ? `#${name}` : `[#${name}](${address})`}.${call}`;
    await this.#note(view, `room-${channel}`, body, channel);
  }

  /** Says once in the timeline what was done. */
  async #note({ incident, timeline }: RoomView, key: string, body: string, channel?: string): Promise<void> {
    const { context } = this.#options;
    if (this.room.noted.includes(key) || timeline.events.some((event) => event.body === body)) return;
    const base = await newEvent(context, incident.uid);
    await writeEvents(context, this.#incident(), [
      { ...base(), kind: 'note', body, ...(channel === undefined ? {} : { room: channel }) },
    ]);
    await this.keep({ noted: [...this.room.noted, key] });
  }

  async #takePins(rooms: ChatRooms, { incident, policy }: RoomView): Promise<void> {
    const { context } = this.#options;
    const { channel, posted, pinsReadAt } = this.room.slack;
    const now = context.now();
    if (channel === undefined) return;
    if (pinsReadAt !== undefined && now >= pinsReadAt && now < pinsReadAt + pinInterval) return;
    const pins = await insideChannel(rooms, channel, () => rooms.pins(channel));
    const events = (await context.index.events(incident.uid)).map(({ event }) => event);
    const news = eventsOfPins(incident, channel, pins, events, policy.people, new Set(Object.values(posted)));
    if (news.length > 0) await writeEvents(context, this.#incident(), news);
    await this.keep({ slack: { ...this.room.slack, pinsReadAt: now } });
  }

  #view(): Promise<RoomView> {
    return RoomView.of(this.#options, this.#incident());
  }

  /** As it is now: it may be kept inside since the last request. @throws MessagingError */
  #incident(): Incident {
    const { context, withheld } = this.#options;
    const incident = context.index.item(this.room.uid);
    if (!incident || !isIncident(incident) || withheld()(incident)) {
      throw new MessagingError('refused', 'It is private, excluded, or not here any more');
    }
    return incident;
  }
}
