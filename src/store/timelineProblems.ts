import type { Problem } from '../core/problem.ts';
import type { StoredEvent } from '../core/timelineEvent.ts';
import type { ItemFields } from '../documents/itemDocument.ts';
import { claimedUid } from './catalog.ts';
import { documentName } from './place.ts';
import { problem } from './readEntry.ts';

/** An event counts for the incident in whose folder it is, whatever it says; that it says otherwise is a problem. */
export function strangeEvents(events: readonly StoredEvent[], document: string, fields: ItemFields): Problem[] {
  const name = documentName(document);
  const names = [claimedUid(document, fields), fields.id, name, ...fields.aliases];
  const strange = events.filter(({ event }) => !names.includes(event.incident));
  return strange.map(({ event, path }) => {
    const message = `The event names another incident (${event.incident.slice(0, 40)}) than ${name}, in whose folder it is: move it, or correct \`incident\`.`;
    return problem(path, 'unknownIncident', message, 'warning');
  });
}

/** @param isElsewhere whether the item that the events name has its document in another place */
export function absentDocument(path: string, isElsewhere: boolean): Problem {
  return isElsewhere
    ? problem(path, 'unknownIncident', 'The item of these events is not declared yet: declare it again.', 'warning')
    : problem(path, 'unknownIncident', 'This timeline has no incident.md: restore it from git or from the journal.');
}

/** The incident that most events of a folder name. */
export function namedIncident(events: readonly StoredEvent[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { event } of events) counts.set(event.incident, (counts.get(event.incident) ?? 0) + 1);
  return [...counts].sort(([left, some], [right, more]) => more - some || (left < right ? -1 : 1))[0]?.[0];
}
