import { type Incident, isActiveIncident } from '../../core/item.ts';
import { phaseIndex } from '../../core/phase.ts';
import type { Policy } from '../../core/policy.ts';
import { videoAddress } from '../../core/roomNames.ts';
import { hour, minute, parseInstant } from '../../core/time.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { oneLine } from '../context.ts';
import { type HeldWords, type RoomTimeline, type SaidWords, saidWords, withPurgesOf } from './saidWords.ts';

/** What a war room is told. */
export interface RoomMessage extends HeldWords {
  /** The same in every clone. */
  readonly key: string;
  readonly kind: 'opened' | 'status' | 'resolved';
  /** Markdown. */
  readonly text: string;
  /** The clone whose word it is; undefined for the opening, which is of whoever opens. */
  readonly origin: string | undefined;
  /** When it was written down: epoch milliseconds. */
  readonly recorded: number;
  /** Nothing of it is left to be said: only where it was said before it is said that it counts no more. */
  readonly withdrawn: boolean;
}

/** When a room was opened, and what had been said by then. */
export interface OpenedRoom {
  /** Epoch milliseconds. */
  readonly openedAt: number;
  /** Ids of the status updates. */
  readonly before?: readonly string[];
}

/** By how much a clock may be wrong. */
const wrongClock = hour;

/** How long a message is left to the clone whose word it is: it posts at once, if it has the room. */
const patience = 2 * minute;

/**
 * From when on this clone posts a message (epoch milliseconds). One from the future, of a clock that is wrong, is not waited for.
 */
export function dueAt({ origin, recorded }: RoomMessage, own: string, now: number): number {
  const isOwn = origin === undefined || origin === own;
  return isOwn || recorded > now + patience ? 0 : recorded + patience;
}

/**
 * All that a room is told of its incident, in this order: that it was declared, each status update since the room was opened,
 * and that it is over. Words are said as corrected; what was taken back or purged is said only where it was said before.
 * @param room when it was opened, and what was known then
 * @param own the clone that asks
 * @param held what a message that was sent holds, by its key: it is not made of other events later
 */
export function roomMessages(
  incident: Incident,
  timeline: RoomTimeline,
  policy: Policy,
  room: OpenedRoom,
  own: string,
  held: (key: string) => HeldWords | undefined,
): RoomMessage[] {
  const openingKey = `opened-${incident.uid}`;
  const read = readerOf(timeline);
  const messages: RoomMessage[] = [
    {
      ...openingOf(incident, timeline, policy, held(openingKey)),
      key: openingKey,
      kind: 'opened',
      origin: undefined,
      recorded: room.openedAt,
      withdrawn: false,
    },
  ];
  for (const event of timeline.events) {
    if (event.kind !== 'status' || (isEarlier(event, room, own) && !held(event.id))) continue;
    const recorded = parseInstant(event.recorded) ?? 0;
    const said = read(event, held(event.id));
    messages.push({
      key: event.id,
      kind: 'status',
      text: statusText(said),
      origin: event.origin,
      recorded,
      sources: [event.id],
      amended: said.amended,
      withdrawn: said.words === undefined,
    });
  }
  const key = `resolved-${incident.uid}`;
  const before = held(key);
  const over = before ? sourceIn(timeline, before, 'phase') : endOf(incident, timeline.events);
  if (over) {
    const said = read(over, before);
    const text = `**${incident.id} is over**: ${oneLine(incident.title)} (${timeOf(over)}, ${over.by})${said.words ? `\n${said.words}` : ''}`;
    const recorded = parseInstant(over.recorded) ?? 0;
    const { origin } = over;
    const { amended } = said;
    messages.push({ key, kind: 'resolved', text, origin, recorded, sources: [over.id], amended, withdrawn: false });
  }
  return messages;
}

/**
 * Whether it was said before the room was opened, and is no news there. What this clone did not know then is news, whatever its clock said; of
 * others as well, but for what is much older: it came with a pull.
 */
function isEarlier(event: TimelineEvent, { before, openedAt }: OpenedRoom, own: string): boolean {
  const recorded = parseInstant(event.recorded) ?? 0;
  if (!before) return recorded < wholeSecond(openedAt);
  if (before.includes(event.id)) return true;
  return event.origin !== own && recorded < openedAt - wrongClock;
}

/** What the room begins with. */
export function openingText(incident: Incident, timeline: RoomTimeline, policy: Policy): string {
  return openingOf(incident, timeline, policy, undefined).text;
}

function openingOf(
  incident: Incident,
  timeline: RoomTimeline,
  policy: Policy,
  held: HeldWords | undefined,
): HeldWords & { readonly text: string } {
  const { service, roles } = incident.incident;
  const { events } = timeline;
  const read = readerOf(timeline);
  const source = (kind: 'impact' | 'status'): SaidWords | undefined => {
    const event = held ? sourceIn(timeline, held, kind) : lastSaid(timeline, kind);
    return event && read(event, held);
  };
  const impact = source('impact');
  const last = source('status');
  const video = policy.warRoom.video;
  const declared = events.find((event) => event.kind === 'phase' && phaseIndex(event.to) >= phaseIndex('declared'));
  const lines = [
    `**${incident.severity} ${oneLine(incident.title)}** (${incident.id})`,
    declared && `- **Declared**: ${timeOf(declared)} by ${declared.by}`,
    service && `- **Service**: ${service}`,
    impact?.words && `- **Impact**: ${impact.words.replaceAll('\n', '\n  ')}`,
    `- **Incident commander**: ${roles.commander ?? 'nobody yet'}`,
    roles.communications && `- **Communications**: ${roles.communications}`,
    video && `- **Video**: ${videoAddress(video, incident)}`,
    last && `\n${statusText(last)}`,
  ];
  const said = [impact, last].filter((one) => one !== undefined);
  return {
    text: lines.filter(Boolean).join('\n'),
    sources: held?.sources ?? said.map(({ id }) => id),
    amended: said.flatMap(({ amended }) => amended),
  };
}

/** The last of its kind that still says something. */
function lastSaid(timeline: RoomTimeline, kind: TimelineEvent['kind']): TimelineEvent | undefined {
  const said = saidWords(timeline);
  return timeline.events.findLast((event) => event.kind === kind && said(event).words);
}

function sourceIn({ events }: RoomTimeline, { sources }: HeldWords, kind: TimelineEvent['kind']) {
  return events.find((event) => event.kind === kind && sources.includes(event.id));
}

type Reader = (event: TimelineEvent, held: HeldWords | undefined) => SaidWords;

function readerOf(timeline: RoomTimeline): Reader {
  const said = saidWords(timeline);
  return (event, held) => {
    const purged = held ? withPurgesOf(timeline, held) : timeline;
    return purged === timeline ? said(event) : saidWords(purged)(event);
  };
}

/** The channel's topic: what a newcomer reads first. */
export function topicOf(incident: Incident, policy: Policy): string {
  const { commander } = incident.incident.roles;
  const { video } = policy.warRoom;
  const parts = [
    `${incident.severity} ${oneLine(incident.title)}`,
    `commander: ${commander ?? 'nobody yet'}`,
    video && videoAddress(video, incident),
  ];
  const text = parts.filter(Boolean).join(' · ');
  // Slack's limit for topics.
  return text.length <= 250 ? text : `${text.slice(0, 249)}…`;
}

/** The event that ended the trouble; undefined while it lasts. */
export function endOf(incident: Incident, events: readonly TimelineEvent[]): TimelineEvent | undefined {
  if (isActiveIncident(incident)) return undefined;
  return events.findLast((event) => event.kind === 'phase' && phaseIndex(event.to) > phaseIndex('verify'));
}

function statusText(said: SaidWords): string {
  const head = `**${timeOf(said)} Status Update** (${said.by})`;
  if (said.words !== undefined) return `${head}\n${said.words}`;
  const { retraction } = said;
  if (!retraction) return `${head}\n(Purged: what stood here is not to be kept.)`;
  const why = retraction.reason === '' ? '.' : `: ${retraction.reason}`;
  return `${head}\nTaken back at ${timeOf(retraction)} by ${retraction.by}${why}`;
}

/** People in other time zones read it: the time says which it is. */
function timeOf({ at }: { readonly at: string }): string {
  return `${at.slice(11, 16)} UTC`;
}

/** Events know whole seconds. */
function wholeSecond(epochMs: number): number {
  return Math.floor(epochMs / 1_000) * 1_000;
}
