import { type Clock, incidentClocks } from '../core/clocks.ts';
import { type Incident, isOpenIncident } from '../core/item.ts';
import type { WorkspaceIndex } from '../store/workspaceIndex.ts';

/** The clocks of an incident as far as its events are loaded (those of open incidents always are). */
export function incidentClocksOf(index: WorkspaceIndex, incident: Incident): Clock[] {
  const events = (index.loadedEvents(incident.uid) ?? []).map((stored) => stored.event);
  const limits = index.policy().severities[incident.severity];
  return incidentClocks(events, limits, isOpenIncident(incident), index.hasReview(incident));
}
