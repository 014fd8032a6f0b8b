import type { Problem } from '../core/problem.ts';
import { sharedEnds } from '../core/sharedEnds.ts';
import type { StoredEvent } from '../core/timelineEvent.ts';
import type { ItemFields } from '../documents/itemDocument.ts';
import { claimedUid } from './catalog.ts';
import { documentName } from './place.ts';
import { problem } from './readEntry.ts';

interface Looked {
  /** What the incident goes by. */
  readonly names: string;
  readonly events: readonly StoredEvent[];
  readonly strange: readonly StoredEvent[];
}

/**
 * An event counts for the incident in whose folder it is, whatever it says; that it says otherwise is a problem. Events
 * that were looked at before are not looked at again.
 */
export class StrangeEvents {
  readonly #looked = new Map<string, Looked>();

  /** @param events of the document's folder, in an order that one more does not change */
  problems(events: readonly StoredEvent[], document: string, fields: ItemFields): Problem[] {
    if (events.length === 0) {
      this.forget(document);
      return [];
    }
    const name = documentName(document);
    const names = [claimedUid(document, fields), fields.id ?? name, name, ...fields.aliases];
    const before = this.#looked.get(document);
    const known = before?.names === JSON.stringify(names) ? before : { events: [], strange: [] };
    const { head, tail } = sharedEnds(known.events, events);
    const gone = new Set(known.events.slice(head, known.events.length - tail));
    const come = events.slice(head, events.length - tail);
    const strange = [
      ...known.strange.filter((one) => !gone.has(one)),
      ...come.filter(({ event }) => !names.includes(event.incident)),
    ];
    strange.sort((left, right) => (left.path < right.path ? -1 : 1));
    this.#looked.set(document, { names: JSON.stringify(names), events, strange });
    return strange.map(({ event, path }) => {
      const message = `The event names another incident (${event.incident.slice(0, 40)}) than ${name}, in whose folder it is: move it, or correct \`incident\`.`;
      return problem(path, 'unknownIncident', message, 'warning');
    });
  }

  /** There is no such document any more. */
  forget(document: string): void {
    this.#looked.delete(document);
  }
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
