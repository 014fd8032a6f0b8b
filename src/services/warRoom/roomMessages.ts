import { asCorrected } from '../../core/correctedEvents.ts';
import { eventMarks } from '../../core/eventMarks.ts';
import { type Incident, isActiveIncident } from '../../core/item.ts';
import { phaseIndex } from '../../core/phase.ts';
import type { Policy } from '../../core/policy.ts';
import { videoAddress } from '../../core/roomNames.ts';
import { minute, parseInstant } from '../../core/time.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { oneLine } from '../context.ts';

/** What a war room is told. */
export interface RoomMessage {
  /** The same in every clone. */
  readonly key: string;
  readonly kind: 'opened' | 'status' | 'resolved';
  /** Markdown. */
  readonly text: string;
  /** The clone whose word it is; undefined for the opening, which is of whoever opens. */
  readonly origin: string | undefined;
  /** When it was written down: epoch milliseconds. */
  readonly recorded: number;
}

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
 * and that it is over. What was taken back is not said, what was corrected is said as corrected.
 * @param openedAt epoch milliseconds
 */
export function roomMessages(
  incident: Incident,
  events: readonly TimelineEvent[],
  policy: Policy,
  openedAt: number,
): RoomMessage[] {
  const messages: RoomMessage[] = [
    {
      key: `opened-${incident.uid}`,
      kind: 'opened',
      text: openingText(incident, events, policy),
      origin: undefined,
      recorded: openedAt,
    },
  ];
  for (const event of statusUpdates(events)) {
    const recorded = parseInstant(event.recorded) ?? 0;
    if (recorded < wholeSecond(openedAt)) continue;
    messages.push({ key: event.id, kind: 'status', text: statusText(event), origin: event.origin, recorded });
  }
  const over = endOf(incident, events);
  if (over) {
    const said = over.body.trim() === '' ? '' : `\n${over.body.trim()}`;
    const text = `**${incident.id} is over**: ${oneLine(incident.title)} (${timeOf(over)}, ${over.by})${said}`;
    const recorded = parseInstant(over.recorded) ?? 0;
    messages.push({ key: `resolved-${incident.uid}`, kind: 'resolved', text, origin: over.origin, recorded });
  }
  return messages;
}

/** What the room begins with. */
export function openingText(incident: Incident, events: readonly TimelineEvent[], policy: Policy): string {
  const { service, roles } = incident.incident;
  const impact = events.findLast((event) => event.kind === 'impact')?.body.trim();
  const last = statusUpdates(events).at(-1);
  const video = policy.warRoom.video;
  const declared = events.find((event) => event.kind === 'phase' && phaseIndex(event.to) >= phaseIndex('declared'));
  const lines = [
    `**${incident.severity} ${oneLine(incident.title)}** (${incident.id})`,
    declared && `- **Declared**: ${timeOf(declared)} by ${declared.by}`,
    service && `- **Service**: ${service}`,
    impact && `- **Impact**: ${impact.replaceAll('\n', '\n  ')}`,
    `- **Incident commander**: ${roles.commander ?? 'nobody yet'}`,
    roles.communications && `- **Communications**: ${roles.communications}`,
    video && `- **Video**: ${videoAddress(video, incident)}`,
    last && `\n${statusText(last)}`,
  ];
  return lines.filter(Boolean).join('\n');
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

function statusUpdates(events: readonly TimelineEvent[]): TimelineEvent[] {
  const marks = eventMarks(events);
  return asCorrected(events)
    .filter((event) => event.kind === 'status')
    .map((event) => {
      const mark = marks.get(event.id);
      return mark?.kind === 'corrected' && mark.by.body.trim() !== '' ? { ...event, body: mark.by.body } : event;
    });
}

function statusText(event: TimelineEvent): string {
  return `**${timeOf(event)} Status Update** (${event.by})\n${event.body.trim()}`;
}

/** People in other time zones read it: the time says which it is. */
function timeOf({ at }: TimelineEvent): string {
  return `${at.slice(11, 16)} UTC`;
}

/** Events know whole seconds. */
function wholeSecond(epochMs: number): number {
  return Math.floor(epochMs / 1_000) * 1_000;
}
