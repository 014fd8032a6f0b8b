import type { Criterion } from './criterion.ts';
import type { IssueLink } from './github.ts';
import type { ItemType } from './itemType.ts';
import type { Phase } from './phase.ts';
import type { Role } from './role.ts';
import type { Severity } from './severity.ts';
import { isFinished, type Status } from './status.ts';
import type { Instant } from './time.ts';

/** An item of the backlog as it stands after its file and its records are read together. */
export interface Item {
  /** The identity that sync, events and links trust. A hand-written file without one has one derived from its id. */
  readonly uid: string;
  /** Whether the file itself holds `uid`; when not, the next write adds it. */
  readonly uidInFile: boolean;
  /** The guide's id, `BUG-P2-20250923-1015`; for a file that names none, its file name. Never changes. */
  readonly id: string;
  /** Ids that it had before a collision was resolved. */
  readonly aliases: readonly string[];
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly title: string;
  readonly type: ItemType;
  readonly severity: Severity;
  readonly status: Status;
  /** As written: `"@alice"`, or a name. */
  readonly owner: string | undefined;
  /** An ISO week, `2025-W39`. */
  readonly sprint: string | undefined;
  readonly tags: readonly string[];
  /** When it was made: epoch milliseconds, from the id, else from `date`. */
  readonly created: number | undefined;
  readonly github: IssueLink | undefined;
  /** Closes every exit: nothing of it leaves the repository. */
  readonly private: boolean;
  /** The id of the item that this one duplicates. */
  readonly duplicateOf: string | undefined;
  /** The id of the incident that it is an action item of: what is to be done so that it does not happen again. */
  readonly actionOf: string | undefined;
  /** The markdown below the front matter, LF line ends. */
  readonly body: string;
  /** Where the text was changed here and on GitHub in one place, and nobody decided yet. */
  readonly conflicts: readonly KeptConflict[];
  /** Present when the item is, or was, responded to. */
  readonly incident: IncidentPart | undefined;
}

/** Two texts that wait for somebody to decide; GitHub's stands in the item's file meanwhile. */
export interface KeptConflict {
  readonly id: string;
  /** The file with the text as it was written here. */
  readonly mine: string;
  /** The file with the text that both grew out of, where it is known. */
  readonly base: string | undefined;
}

export interface IncidentPart {
  /** `incidents/BUG-P0-20250923-1430` */
  readonly folder: string;
  readonly phase: Phase;
  /** When the trouble began and when it was noticed, where known. */
  readonly started: Instant | undefined;
  readonly detected: Instant | undefined;
  readonly service: string | undefined;
  readonly criteria: readonly Criterion[];
  readonly roles: Readonly<Partial<Record<Role, string>>>;
}

export interface Incident extends Item {
  readonly incident: IncidentPart;
}

export function isIncident(item: Item): item is Incident {
  return item.incident !== undefined;
}

/**
 * Whether people are still responding, or still owe a review: neither closed nor cancelled nor merged away. The phase
 * decides; a status of `done` that concurrent changes left beside an open phase hides no incident.
 */
export function isOpenIncident(item: Item): item is Incident {
  return (
    isIncident(item) && item.incident.phase !== 'closed' && item.status !== 'declined' && item.status !== 'duplicate'
  );
}

/** Whether nothing more is to be done for it, item or incident. */
export function isFinishedItem(item: Item): boolean {
  return isIncident(item) ? !isOpenIncident(item) : isFinished(item.status);
}

/** Whether the trouble itself is still there: open, and not yet past `verify`. */
export function isActiveIncident(item: Item): item is Incident {
  return isOpenIncident(item) && item.incident.phase !== 'rca';
}

/** The fields of an item that records keep apart from the file, so that concurrent changes merge. */
export const recordedFields = [
  'title',
  'type',
  'severity',
  'status',
  'owner',
  'sprint',
  'duplicate-of',
  'incident',
] as const;
export type RecordedField = (typeof recordedFields)[number];

/**
 * One change of an item by one person: a small file of its own under `.firebreak/records/<item uid>/`. An empty string
 * takes a value away. Incidents record `severity`, `phase` and roles as timeline events instead.
 */
export interface ItemRecord {
  readonly id: string;
  /** The uid of the item. */
  readonly item: string;
  readonly set: Readonly<Partial<Record<RecordedField, string>>>;
  /** For each field set: the record that it follows. */
  readonly prev: Readonly<Partial<Record<RecordedField, string | null>>>;
  /** For a field whose `prev` is null: the value that the file held before. */
  readonly was: Readonly<Partial<Record<RecordedField, string>>>;
  readonly at: Instant;
  readonly by: string;
  /** The clone that made it; it is the one that sends it to GitHub. */
  readonly origin: string;
  /** The id of an event of the item whose words are to be forgotten everywhere. */
  readonly purges?: string;
}
