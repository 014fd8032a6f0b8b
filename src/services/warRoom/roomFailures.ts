import type { AnnounceTarget } from '../../core/policy.ts';
import type { MessagingError } from '../../core/ports/messaging.ts';
import { minute, second } from '../../core/time.ts';
import { type Failure, type RoomState, targetOrder } from './roomState.ts';

/** Nobody waits for longer, unless a server wants it so; and it never gets more than this. */
export const longestPause = 10 * minute;
/** What the server will not take now it will not take in a moment either. */
const refusedPause = 10 * minute;

/** Why something waits, and until when. @param tries how often it failed before */
export function failureOf(error: MessagingError, tries: number, now: number): Failure {
  const { reason, message, wait } = error;
  const backoff = Math.min(longestPause, 5 * second * 2 ** Math.min(tries, 10));
  const lasting = ['refused', 'badToken', 'noChannel', 'archived', 'notInChannel'].includes(reason);
  const pause = lasting ? refusedPause : wait === undefined ? backoff : Math.max(second, Math.min(wait, longestPause));
  return { reason, message, tries: tries + 1, until: now + pause };
}

/** What is about the server and not about one incident holds for all of them. */
export function isServerWide({ reason }: Failure): boolean {
  return ['notSent', 'maybeSent', 'limited', 'server', 'badToken'].includes(reason);
}

/** Servers that are not to be asked now, and until when. */
export function heldUntil(rooms: readonly { readonly room: RoomState }[], now: number): Map<AnnounceTarget, number> {
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
export function isInForce({ until }: Failure, now: number): boolean {
  return now < until && until - now <= longestPause;
}
