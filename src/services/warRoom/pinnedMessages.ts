import type { Incident } from '../../core/item.ts';
import type { Person } from '../../core/policy.ts';
import type { ChatPin } from '../../core/ports/messaging.ts';
import { formatInstant, second } from '../../core/time.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { contentHash } from '../../core/ulids.ts';
import { markdown } from '../context.ts';

/** Where events of a chat come from, as `github` for those of GitHub. */
export const chatOrigin = 'slack';
const longest = 4_000;

/**
 * Messages that people pinned, as events that every clone makes alike: id and times are the chat's. The id ends in a hash of the words,
 * so that two clones which saw different ones (it was edited in between) write two files and not two versions of one.
 * @param posted ids of messages that are ours
 */
export function eventsOfPins(
  incident: Incident,
  channel: string,
  pins: readonly ChatPin[],
  events: readonly TimelineEvent[],
  people: readonly Person[],
  posted: ReadonlySet<string>,
): TimelineEvent[] {
  return pins.flatMap((pin): TimelineEvent[] => {
    const at = Number(pin.ts) * second;
    const words = markdown(pin.text);
    if (pin.ours || posted.has(pin.ts) || words === '' || !/^\d{1,12}\.\d{1,9}$/.test(pin.ts)) return [];
    const start = `${chatOrigin}-${channel}-${pin.ts.replace('.', '-')}-`;
    if (events.some(({ id }) => id.startsWith(start))) return [];
    const by = writtenName(pin.user, people);
    const body = [...words].length > longest ? `${[...words].slice(0, longest).join('').trimEnd()}…` : words;
    const id = `${start}${contentHash(JSON.stringify([by, body])).slice(0, 8)}`;
    const recorded = formatInstant(pin.pinned > 0 ? pin.pinned * second : at);
    return [{ id, incident: incident.uid, kind: 'pin', at: formatInstant(at), recorded, by, origin: chatOrigin, body }];
  });
}

/** As the policy ties chat names to people; else the chat's own id. */
function writtenName(user: string, people: readonly Person[]): string {
  const person = people.find(({ chat }) => chat !== undefined && chat === user);
  if (person?.github) return `@${person.github}`;
  return person?.name ?? (/^[A-Z0-9]{1,30}$/.test(user) ? user : 'unknown');
}
