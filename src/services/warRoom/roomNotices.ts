import { invitees } from './chatRoom.ts';
import type { RoomState } from './roomState.ts';
import type { RoomView } from './roomView.ts';
import { isPurge } from './saidWords.ts';

/**
 * What does not wait, and is not as it should be: people only can do something about it. `lasting` is told of an incident that is over,
 * too.
 */
export type RoomNotice = { readonly lasting: boolean } & (
  | /** `why` is undefined where the policy has no chat id of theirs. */ {
      readonly kind: 'notInvited';
      readonly name: string;
      readonly why: string | undefined;
    }
  | /** Messages that ought to read otherwise, and that Slack does not let us change. */ {
      readonly kind: 'unchangeable';
      readonly count: number;
      readonly why: string;
    }
  | /** What was sent there was corrected, taken back or purged since, and can't be changed. */ {
      readonly kind: 'beyondReach';
      readonly target: 'webhook' | 'pagerduty';
      readonly count: number;
      readonly purged: boolean;
    }
  | /** Messages that name what stays inside, and are not sent. */ { readonly kind: 'withheld'; readonly count: number }
);

export function noticesOf(view: RoomView, room: RoomState): RoomNotice[] {
  const notices: RoomNotice[] = [];
  const usesChat = room.targets.includes('slack');
  for (const { chat, name } of usesChat ? invitees(view.policy) : []) {
    const why = chat === undefined ? undefined : room.slack.invited?.[chat];
    if (chat === undefined || why) notices.push({ kind: 'notInvited', name, why, lasting: false });
  }
  const refusals = Object.values(room.slack.unchangeable ?? {});
  const [why] = refusals;
  if (why !== undefined) notices.push({ kind: 'unchangeable', count: refusals.length, why, lasting: true });
  for (const target of ['webhook', 'pagerduty'] as const) {
    const found = view.beyondReach(target, room);
    const purged = found.some(isPurge);
    if (found.length > 0) {
      notices.push({ kind: 'beyondReach', target, count: found.length, purged, lasting: purged });
    }
  }
  const count = view.withheld(room);
  if (count > 0) notices.push({ kind: 'withheld', count, lasting: false });
  return notices;
}
