import type { Incident } from '../../core/item.ts';
import type { Policy } from '../../core/policy.ts';
import { type ChatChannel, type ChatRooms, MessagingError, type PostedMessage } from '../../core/ports/messaging.ts';
import { channelName } from '../../core/roomNames.ts';
import { day, minute, second } from '../../core/time.ts';
import { enterChannel, insideChannel } from './enterChannel.ts';
import { dueAt, type RoomMessage, topicOf } from './roomMessages.ts';
import type { SlackState } from './roomState.ts';
import type { HeldWords, RoomTimeline } from './saidWords.ts';

/** More names than this are not tried: something else is wrong then. */
const mostAttempts = 20;

export interface ChatWork {
  readonly rooms: ChatRooms;
  readonly incident: Incident;
  readonly timeline: RoomTimeline;
  /** What the channel is to be told, given what it was told. */
  readonly messages: (state: SlackState) => readonly RoomMessage[];
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
    state = { ...state, address: await rooms.address(channel), prepared: true };
    await keep(state);
  }
  state = await invite(work, channel, state);
  const topic = topicOf(incident, policy);
  if (state.topic !== topic) {
    await insideChannel(rooms, channel, () => rooms.setTopic(channel, topic));
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
export async function postMessages(work: ChatWork, before: SlackState): Promise<SlackState> {
  const { rooms, keep } = work;
  let state = before;
  const channel = channelOf(state);
  const waiting = () =>
    work
      .messages(state)
      .filter((message) => isUnsaid(message, state) && dueAt(message, work.origin, work.now) <= work.now);
  const isOther = (message: RoomMessage) => mayBeOthers(message, work);
  const mustLook = state.sending !== undefined || (state.reused && !state.looked) || waiting().some(isOther);
  if (mustLook) {
    const found = await insideChannel(rooms, channel, () => rooms.posted(channel, lookBack(work)));
    const { sending: _answered, ...known } = withFound(state, found);
    state = { ...known, looked: true };
    await keep(state);
  }
  for (const message of waiting()) {
    const { amended, key, sources } = message;
    state = { ...state, sending: key };
    await keep(state);
    let ts: string;
    try {
      ts = await insideChannel(rooms, channel, () => rooms.post(channel, message));
    } catch (error) {
      if (!mayHaveArrived(error)) {
        const { sending: _refused, ...known } = state;
        await keep(known);
      }
      throw error;
    }
    const { sending: _sent, ...known } = state;
    const held = { ...state.held, [key]: { sources, amended } };
    state = { ...known, posted: { ...state.posted, [key]: ts }, held };
    await keep(state);
  }
  const first = state.posted[`opened-${work.incident.uid}`];
  if (first !== undefined && !state.pinned) {
    await insideChannel(rooms, channel, () => rooms.pin(channel, first));
    state = { ...state, pinned: true };
    await keep(state);
  }
  return state;
}

/** Whether another clone may have posted it by now: it is not ours, or it was ours alone for too long. */
function mayBeOthers({ origin, recorded }: RoomMessage, work: ChatWork): boolean {
  return origin !== undefined && (origin !== work.origin || work.now - recorded > minute);
}

/** Each person once, and whoever the policy names later as well. Who can't be invited holds up nothing. */
async function invite({ keep, policy, rooms }: ChatWork, channel: string, before: SlackState): Promise<SlackState> {
  let state = before;
  for (const { chat } of invitees(policy)) {
    if (chat === undefined || state.invited?.[chat] !== undefined) continue;
    const refusal = await insideChannel(rooms, channel, () => rooms.invite(channel, chat));
    state = { ...state, invited: { ...state.invited, [chat]: refusal ?? '' } };
    await keep(state);
  }
  return state;
}

/** Whether a message waits to be posted. */
export function isUnsaid({ key, withdrawn }: RoomMessage, { posted }: SlackState): boolean {
  return !withdrawn && posted[key] === undefined;
}

/** From when on our messages are looked for: epoch seconds. A colleague may have opened the room before. */
export function lookBack({ openedAt }: Pick<ChatWork, 'openedAt'>): number {
  return Math.floor((openedAt - day) / second);
}

/** What is known once messages were found in the channel. */
export function withFound(state: SlackState, found: readonly PostedMessage[]): SlackState {
  const posted: Record<string, string> = { ...state.posted };
  const held: Record<string, HeldWords> = { ...state.held };
  for (const { amended, key, sources, ts } of found) {
    posted[key] = ts;
    if (sources) held[key] = { sources, amended };
  }
  return { ...state, posted, held };
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
async function toldChannel({ rooms, incident, timeline }: ChatWork): Promise<ChatChannel | undefined> {
  const told = timeline.events.findLast((event) => 'room' in event && event.room !== undefined);
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
  await enterChannel(rooms, found);
  const { creating: _found, doubted: _known, ...known } = before;
  const state: SlackState = { ...known, channel: found.id, name: found.name, reused: true };
  await keep(state);
  return state;
}

/** The uid tells whose a channel is; people read the rest. */
function purposeOf({ id, uid }: Incident): string {
  return `War room of ${id}. Kept by Firebreak (${uid}).`;
}

function isOf({ purpose }: ChatChannel, { uid }: Incident): boolean {
  return purpose.includes(`(${uid})`);
}

/** @throws MessagingError `noChannel` */
export function channelOf({ channel }: SlackState): string {
  if (channel === undefined) throw new MessagingError('noChannel', 'There is no channel yet');
  return channel;
}

/** Whom the policy wants invited, with the chat's id of theirs as `people` ties them; who has none there can't be invited. */
export function invitees({ people, warRoom }: Policy): { readonly name: string; readonly chat: string | undefined }[] {
  return [...new Set(warRoom.invite)].map((name) => {
    const login = name.replace(/^@/, '').toLowerCase();
    const person = people.find(
      (candidate) =>
        candidate.github?.toLowerCase() === login ||
        [candidate.name, candidate.chat].includes(name) ||
        candidate.email?.toLowerCase() === name.toLowerCase(),
    );
    const chat = person?.chat ?? name;
    return { name, chat: /^[UW][A-Z0-9]{2,30}$/.test(chat) ? chat : undefined };
  });
}
