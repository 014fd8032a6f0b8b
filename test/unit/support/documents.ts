import type { ItemRecord } from '../../../src/core/item.ts';
import type { Role } from '../../../src/core/role.ts';
import { formatInstant, minute } from '../../../src/core/time.ts';
import type { EventBase, TimelineEvent } from '../../../src/core/timelineEvent.ts';
import { formatEvent } from '../../../src/documents/eventDocument.ts';
import { type FrontMatterValue, formatFrontMatter } from '../../../src/documents/frontMatter.ts';
import { formatRecord } from '../../../src/documents/recordDocument.ts';

/** 2025-09-23T14:30:00Z: when the incidents of the tests are declared. */
export const declaredAt = Date.UTC(2025, 8, 23, 14, 30);

export const bug = {
  id: 'BUG-P2-20250923-1015',
  uid: '01K5V7M3QZ8W4T2N6R0HXJ9DCA',
  path: 'backlog/BUG-P2-20250923-1015.md',
};
export const outage = {
  id: 'BUG-P0-20250923-1430',
  uid: '01K5V7Z0000000000000000000',
  folder: 'incidents/BUG-P0-20250923-1430',
  path: 'incidents/BUG-P0-20250923-1430/incident.md',
};

type Values = Readonly<Record<string, FrontMatterValue | undefined>>;

/** The design's own example of an item. `undefined` takes a key out. */
export function itemText(values: Values = {}, body = 'What happens, what should happen…\n'): string {
  return documentText(
    {
      title: 'Login times out for SSO users',
      type: 'bug',
      date: '2025-09-23',
      tags: ['auth', 'sso'],
      links: [],
      id: bug.id,
      uid: bug.uid,
      severity: 'P2',
      status: 'ready',
      owner: '@alice',
      ...values,
    },
    body,
  );
}

export function incidentText(values: Values = {}, body = 'The API answers 500.\n'): string {
  return documentText(
    {
      title: 'Production API Down',
      type: 'bug',
      date: '2025-09-23',
      id: outage.id,
      uid: outage.uid,
      severity: 'P0',
      status: 'doing',
      phase: 'declared',
      ...values,
    },
    body,
  );
}

export function documentText(values: Values, body = ''): string {
  const entries = Object.entries(values).filter((entry): entry is [string, FrontMatterValue] => entry[1] !== undefined);
  return formatFrontMatter(entries, body);
}

/** What a test says about an event; the rest is made up. */
export interface EventChanges extends Partial<EventBase> {
  readonly kind?: TimelineEvent['kind'];
  readonly to?: string;
  readonly prev?: string | null;
  readonly was?: string;
  readonly role?: Role;
  readonly replaces?: string;
  readonly writtenKind?: string;
}

let events = 0;

/** An event of the outage, a minute after the one before it. */
export function anEvent(changes: EventChanges = {}): TimelineEvent {
  events++;
  const at = formatInstant(declaredAt + events * minute);
  return {
    id: `01K5V8A1B2C3D4E5F6G7H8${String(events).padStart(4, '0')}`,
    incident: outage.uid,
    kind: 'note',
    at,
    recorded: at,
    by: '@alice',
    origin: '4f9a2c',
    body: 'Something was seen.',
    ...changes,
  } as TimelineEvent;
}

export function eventText(event: TimelineEvent): string {
  return formatEvent(event);
}

/** A record of the bug's status. */
export function aRecord(changes: Partial<ItemRecord> & { readonly id: string }): ItemRecord {
  return {
    item: bug.uid,
    set: { status: 'doing' },
    prev: { status: null },
    was: {},
    at: '2025-09-23T14:32:10Z',
    by: '@alice',
    origin: '4f9a2c',
    ...changes,
  };
}

export function recordText(record: ItemRecord): string {
  return formatRecord(record);
}
