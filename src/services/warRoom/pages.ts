import { asCorrected } from '../../core/correctedEvents.ts';
import { type Incident, isActiveIncident } from '../../core/item.ts';
import type { Page } from '../../core/ports/messaging.ts';
import type { Severity } from '../../core/severity.ts';
import { oneLine } from '../context.ts';
import type { RoomState } from './roomState.ts';
import { type HeldWords, type RoomTimeline, saidWords } from './saidWords.ts';

const perceived: Readonly<Record<Severity, Page['severity']>> = {
  P0: 'critical',
  P1: 'error',
  P2: 'warning',
  P3: 'info',
  P4: 'info',
};

/** A page, and what it holds of the timeline. */
export interface RoomPage extends HeldWords {
  readonly page: Page;
}

/**
 * What the pager has not been told yet. An incident that is over before anybody was paged pages nobody; once resolved it stays so,
 * also when the incident goes back to work: those who have it know.
 */
export function pagesToSend(
  incident: Incident,
  timeline: RoomTimeline,
  sent: RoomState['pages'],
  link: string | undefined,
): RoomPage[] {
  const isOver = !isActiveIncident(incident);
  if (sent.includes('resolve') || (isOver && sent.length === 0)) return [];
  const isTaken = asCorrected(timeline.events).some(
    (event) => event.kind === 'acknowledge' || (event.kind === 'role' && event.role === 'commander' && event.to !== ''),
  );
  const wanted: Page['action'][] = [
    'trigger',
    ...(isTaken ? ['acknowledge' as const] : []),
    ...(isOver ? ['resolve' as const] : []),
  ];
  return wanted.filter((action) => !sent.includes(action)).map((action) => pageOf(action, incident, timeline, link));
}

function pageOf(
  action: Page['action'],
  incident: Incident,
  timeline: RoomTimeline,
  link: string | undefined,
): RoomPage {
  const read = saidWords(timeline);
  const source = timeline.events.findLast((event) => event.kind === 'impact' && read(event).words);
  const impact = source && read(source);
  const { commander } = incident.incident.roles;
  const page: Page = {
    action,
    dedupKey: incident.uid,
    summary: `${incident.severity} ${oneLine(incident.title)}`,
    source: incident.incident.service ?? 'Firebreak',
    severity: perceived[incident.severity],
    timestamp: timeline.events[0]?.at ?? '',
    details: {
      incident: incident.id,
      ...(impact?.words === undefined ? {} : { impact: impact.words }),
      ...(commander === undefined ? {} : { commander }),
    },
    link,
  };
  // Only a trigger says more than that.
  return action === 'trigger' && impact
    ? { page, sources: [impact.id], amended: impact.amended }
    : { page, sources: [], amended: [] };
}
