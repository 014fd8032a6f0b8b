import { asCorrected } from '../../core/correctedEvents.ts';
import { type Incident, isActiveIncident } from '../../core/item.ts';
import type { Page } from '../../core/ports/messaging.ts';
import type { Severity } from '../../core/severity.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { oneLine } from '../context.ts';
import type { RoomState } from './roomState.ts';

const perceived: Readonly<Record<Severity, Page['severity']>> = {
  P0: 'critical',
  P1: 'error',
  P2: 'warning',
  P3: 'info',
  P4: 'info',
};

/**
 * What the pager has not been told yet. An incident that is over before anybody was paged pages nobody; once resolved it stays so,
 * also when the incident goes back to work: those who have it know.
 */
export function pagesToSend(
  incident: Incident,
  events: readonly TimelineEvent[],
  sent: RoomState['pages'],
  link: string | undefined,
): Page[] {
  const isOver = !isActiveIncident(incident);
  if (sent.includes('resolve') || (isOver && sent.length === 0)) return [];
  const isTaken = asCorrected(events).some(
    (event) => event.kind === 'acknowledge' || (event.kind === 'role' && event.role === 'commander' && event.to !== ''),
  );
  const wanted: Page['action'][] = [
    'trigger',
    ...(isTaken ? ['acknowledge' as const] : []),
    ...(isOver ? ['resolve' as const] : []),
  ];
  return wanted.filter((action) => !sent.includes(action)).map((action) => pageOf(action, incident, events, link));
}

function pageOf(
  action: Page['action'],
  incident: Incident,
  events: readonly TimelineEvent[],
  link: string | undefined,
): Page {
  const impact = events.findLast((event) => event.kind === 'impact')?.body.trim();
  const { commander } = incident.incident.roles;
  return {
    action,
    dedupKey: incident.uid,
    summary: `${incident.severity} ${oneLine(incident.title)}`,
    source: incident.incident.service ?? 'Firebreak',
    severity: perceived[incident.severity],
    timestamp: events[0]?.at ?? '',
    details: {
      incident: incident.id,
      ...(impact === undefined ? {} : { impact }),
      ...(commander === undefined ? {} : { commander }),
    },
    link,
  };
}
