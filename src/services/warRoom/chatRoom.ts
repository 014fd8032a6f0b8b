import type { Incident } from '../../core/item.ts';
import type { Person, Policy } from '../../core/policy.ts';
import { type ChatChannel, type ChatRooms, MessagingError } from '../../core/ports/messaging.ts';
import { channelName } from '../../core/roomNames.ts';
import { day, minute, second } from '../../core/time.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { dueAt, type RoomMessage, topicOf } from './roomMessages.ts';
import type { SlackState } from './roomState.ts';

/** More names than this are not tried: something else is wrong then. */
const mostAttempts = 20;

export interface ChatWork {
  readonly rooms: ChatRooms;
  readonly incident: Incident;
  readonly events: readonly TimelineEvent[];
  readonly policy: Policy;
  /** The random id of this clone. */
  readonly origin: string;
  readonly openedAt: number;
  /** Epoch milliseconds on this machine's clock. */
  readonly now: number;
  /** Keeps what is known now, before the next request. */
  readonly keep: (state: SlackState) => Promise<void>;
}

/** Finds or makes the incident's channel and gets it ready. @throws MessagingError */
export async function prepareChannel(work: ChatWork, before: SlackState): Promise<SlackState> {
  const { rooms, incident, policy, keep } = work;
  let state = before.channel === undefined ? await findChannel(work, before) : before;
  const channel = channelOf(state);
  if (!state.prepared) {
    await rooms.setPurpose(channel, purposeOf(incident));
    await rooms.invite(channel, chatNames(policy.warRoom.invite, policy.people));
    state = { ...state, address: await rooms.address(channel), prepared: true };
    await keep(state);
  }
  const topic = topicOf(incident, policy);
  if (state.topic !== topic) {
    await rooms.setTopic(channel, topic);
    state = { ...state, topic };
    await keep(state);
  }
  return state;
}

/**
 * Posts what the channel has not been told yet, in order, each once: what was sent and not answered, and what another clone may have
 * posted, is looked for first.
 * @throws MessagingError
 */
export async function postMessages(
  work: ChatWork,
  before: SlackState,
  messages: readonly RoomMessage[],
): Promise<SlackState> {
  const { rooms, keep } = work;
  let state = before;
  const channel = channelOf(state);
  const waiting = () =>
    messages.filter(
      (message) => state.posted[message.key] === undefined && dueAt(message, work.origin, work.now) <= work.now,
    );
  const isOther = (message: RoomMessage) => mayBeOthers(message, work);
  const mustLook = state.sending !== undefined || (state.reused && !state.looked) || waiting().some(isOther);
  if (mustLook) {
    const found = await rooms.posted(channel, Math.floor((work.openedAt - day) / second));
    const { sending: _answered, ...known } = state;
    state = { ...known, posted: { ...state.posted, ...Object.fromEntries(found) }, looked: true };
    await keep(state);
  }
  for (const { key, text } of waiting()) {
    state = { ...state, sending: key };
    await keep(state);
    let ts: string;
    try {
      ts = await post(rooms, channel, key, text);
    } catch (error) {
      if (!mayHaveArrived(error)) {
        const { sending: _refused, ...known } = state;
        await keep(known);
      }
      throw error;
    }
    const { sending: _sent, ...known } = state;
    state = { ...known, posted: { ...state.posted, [key]: ts } };
    await keep(state);
  }
  const first = state.posted[`opened-${work.incident.uid}`];
  if (first !== undefined && !state.pinned) {
    await rooms.pin(channel, first);
    state = { ...state, pinned: true };
    await keep(state);
  }
  return state;
}

/** Whether another clone may have posted it by now: it is not ours, or it was ours alone for too long. */
function mayBeOthers({ origin, recorded }: RoomMessage, work: ChatWork): boolean {
  return origin !== undefined && (origin !== work.origin || work.now - recorded > minute);
}

/** Somebody may have taken the app out of the channel, or archived it too early. */
async function post(rooms: ChatRooms, channel: string, key: string, text: string): Promise<string> {
  try {
    return await rooms.post(channel, key, text);
  } catch (error) {
    if (!MessagingError.is(error, 'notInChannel', 'archived')) throw error;
    await enter(rooms, { id: channel, archived: error.reason === 'archived' });
    return rooms.post(channel, key, text);
  }
}

function mayHaveArrived(error: unknown): boolean {
  return !MessagingError.is(error) || error.reason === 'maybeSent' || error.reason === 'server';
}

async function findChannel(work: ChatWork, before: SlackState): Promise<SlackState> {
  const { incident, keep, policy, rooms } = work;
  const told = await toldChannel(work);
  if (told) return take(work, before, told);
  let state = before;
  for (;;) {
    const name = channelName(policy.warRoom.channel, incident, state.attempt);
    // An answer may have got lost: then a channel of this name that says nothing of itself is the one that was asked for.
    const asked = state.creating === name;
    state = { ...state, creating: name };
    await keep(state);
    try {
      const made = await rooms.create(name);
      const { creating: _made, doubted: _free, ...known } = state;
      state = { ...known, channel: made.id, name: made.name };
      await keep(state);
      return state;
    } catch (error) {
      if (!MessagingError.is(error, 'nameTaken')) throw error;
    }
    const found = await rooms.find(name);
    if (found && isOf(found, incident)) return take(work, state, found);
    if (found?.ours && found.purpose === '') {
      if (asked && state.doubted !== name) return take(work, state, found);
      if (state.doubted !== name) {
        const { creating: _unsure, ...known } = state;
        await keep({ ...known, doubted: name });
        throw new MessagingError('limited', `Somebody is making #${name} at this moment`, 15 * second);
      }
    }
    if (state.attempt >= mostAttempts) throw new MessagingError('refused', `All names like #${name} are taken`);
    const { creating: _taken, doubted: _known, ...known } = state;
    state = { ...known, attempt: state.attempt + 1 };
    await keep(state);
  }
}

/** The channel that another clone made, as the timeline tells; only the channel itself can say that it is the incident's. */
async function toldChannel({ rooms, incident, events }: ChatWork): Promise<ChatChannel | undefined> {
  const told = events.findLast((event) => 'room' in event && event.room !== undefined);
  const id = told && 'room' in told ? told.room : undefined;
  if (id === undefined || !/^[A-Z0-9]{3,30}$/.test(id)) return undefined;
  try {
    const channel = await rooms.channel(id);
    return isOf(channel, incident) ? channel : undefined;
  } catch (error) {
    // Of another workspace, or deleted.
    if (MessagingError.is(error, 'noChannel', 'refused')) return undefined;
    throw error;
  }
}

async function take({ rooms, keep }: ChatWork, before: SlackState, found: ChatChannel): Promise<SlackState> {
  await enter(rooms, found);
  const { creating: _found, doubted: _known, ...known } = before;
  const state: SlackState = { ...known, channel: found.id, name: found.name, reused: true };
  await keep(state);
  return state;
}

async function enter(rooms: ChatRooms, { id, archived }: Pick<ChatChannel, 'id' | 'archived'>): Promise<void> {
  if (archived) await rooms.unarchive(id);
  await rooms.join(id);
}

/** The uid tells whose a channel is; people read the rest. */
function purposeOf({ id, uid }: Incident): string {
  return `War room of ${id}. Kept by Firebreak (${uid}).`;
}

function isOf({ purpose }: ChatChannel, { uid }: Incident): boolean {
  return purpose.includes(`(${uid})`);
}

function channelOf({ channel }: SlackState): string {
  if (channel === undefined) throw new MessagingError('noChannel', 'There is no channel yet');
  return channel;
}

/** The chat names of people as the policy ties them; who has none there can't be invited. */
export function chatNames(names: readonly string[], people: readonly Person[]): string[] {
  const found = names.flatMap((name) => {
    const login = name.replace(/^@/, '').toLowerCase();
    const person = people.find(
      (candidate) =>
        candidate.github?.toLowerCase() === login ||
        [candidate.name, candidate.chat].includes(name) ||
        candidate.email?.toLowerCase() === name.toLowerCase(),
    );
    const chat = person?.chat ?? name;
    return /^[UW][A-Z0-9]{2,30}$/.test(chat) ? [chat] : [];
  });
  return [...new Set(found)];
}
