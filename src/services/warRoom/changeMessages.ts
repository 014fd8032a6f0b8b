import { isOpenIncident } from '../../core/item.ts';
import { MessagingError } from '../../core/ports/messaging.ts';
import type { ChatWork } from './chatRoom.ts';
import { channelOf, lookBack, withFound } from './chatRoom.ts';
import { insideChannel } from './enterChannel.ts';
import type { RoomMessage } from './roomMessages.ts';
import type { SlackState } from './roomState.ts';
import { isOutdated, type RoomTimeline } from './saidWords.ts';

/** Whether a message that was posted says what is not to be said any more: it was corrected, taken back or purged since. */
export function isToChange(message: RoomMessage, state: SlackState, timeline: RoomTimeline): boolean {
  const { amended, key, sources } = message;
  if (state.posted[key] === undefined || state.unchangeable?.[key] !== undefined) return false;
  return isOutdated(state.held?.[key] ?? { sources, amended: [] }, amended, timeline);
}

/** Whether another clone may have posted what is withdrawn, and this one has not looked for it yet. */
export function isToSeek({ key, origin, withdrawn }: RoomMessage, state: SlackState, own: string): boolean {
  return withdrawn && origin !== own && state.posted[key] === undefined && !state.sought?.includes(key);
}

/**
 * Brings what was posted to what the timeline says of it now. Each is looked at before: another clone may know more. What the chat does
 * not let us change is kept as such, and holds up nothing.
 * @throws MessagingError
 */
export async function changeMessages(work: ChatWork, before: SlackState): Promise<SlackState> {
  const { incident, keep, messages, origin, rooms, timeline } = work;
  const channel = channelOf(before);
  let state = before;
  const inside = <T>(act: () => Promise<T>) =>
    insideChannel(rooms, channel, act, async () => {
      // Who archived the channel of an incident that is over wants it so.
      if (isOpenIncident(incident)) return;
      state = { ...state, cameBack: true };
      await keep(state);
    });
  const unsought = messages(state).filter((message) => isToSeek(message, state, origin));
  if (unsought.length > 0) {
    const found = await inside(() => rooms.posted(channel, lookBack(work)));
    const sought = [...(state.sought ?? []), ...unsought.map(({ key }) => key)];
    state = { ...withFound(state, found), sought };
    await keep(state);
  }
  for (const { key } of messages(state).filter((message) => isToChange(message, state, timeline))) {
    const ts = state.posted[key] ?? '';
    const found = await inside(() => rooms.message(channel, ts));
    if (found) state = withFound(state, [found]);
    const message = messages(state).find((candidate) => candidate.key === key);
    if (!message || !isToChange(message, state, timeline)) {
      await keep(state);
      continue;
    }
    const refusal = found && (await refusalOf(inside(() => rooms.change(channel, ts, message))));
    const { amended, sources } = message;
    state =
      refusal === undefined
        ? { ...state, held: { ...state.held, [key]: { sources, amended } } }
        : { ...state, unchangeable: { ...state.unchangeable, [key]: refusal } };
    await keep(state);
  }
  if (state.cameBack) {
    await rooms.archive(channel);
    const { cameBack: _archived, ...known } = state;
    state = known;
    await keep(state);
  }
  return state;
}

/** Why the chat will not change it, ever; undefined once it did. @throws MessagingError for all that may be otherwise later */
async function refusalOf(change: Promise<void>): Promise<string | undefined> {
  try {
    await change;
    return undefined;
  } catch (error) {
    if (MessagingError.is(error, 'cantChange')) return error.message;
    throw error;
  }
}
