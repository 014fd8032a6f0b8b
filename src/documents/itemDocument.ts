import type { Criterion } from '../core/criterion.ts';
import type { IssueLink } from '../core/github.ts';
import type { ItemType } from '../core/itemType.ts';
import type { Phase } from '../core/phase.ts';
import type { Problem } from '../core/problem.ts';
import type { Role } from '../core/role.ts';
import type { Severity } from '../core/severity.ts';
import type { Status } from '../core/status.ts';
import type { Instant } from '../core/time.ts';
import type { ItemKey } from './names.ts';

/** What an item's file says by itself. `undefined` where it does not say, or says what can't be (with a problem). */
export interface ItemFields {
  readonly id: string | undefined;
  readonly uid: string | undefined;
  /** One line. */
  readonly title: string | undefined;
  readonly type: ItemType | undefined;
  /** `2025-09-23`, or with a time. */
  readonly date: string | undefined;
  readonly tags: readonly string[];
  readonly severity: Severity | undefined;
  readonly status: Status | undefined;
  /** As written; empty when the file says that there is none (`owner: ""`). */
  readonly owner: string | undefined;
  readonly sprint: string | undefined;
  readonly github: IssueLink | undefined;
  readonly aliases: readonly string[];
  readonly duplicateOf: string | undefined;
  readonly phase: Phase | undefined;
  readonly started: Instant | undefined;
  readonly detected: Instant | undefined;
  readonly service: string | undefined;
  readonly criteria: readonly Criterion[];
  readonly roles: Readonly<Partial<Record<Role, string>>>;
  /** True for anything but an explicit `false`: what is unclear stays inside. */
  readonly private: boolean;
  /** LF line ends, without the final newline. */
  readonly body: string;
  /** Keys whose lines git left in conflict: where records exist, they decide. */
  readonly conflicted: ReadonlySet<string>;
  /** Zero-based line of a key. */
  line(key: ItemKey): number | undefined;
}

/** Reads an item's file. Never throws: what is wrong comes back as problems. `fields` is missing when nothing could be read. */
export function readItem(
  path: string,
  source: string,
): { readonly fields: ItemFields | undefined; readonly problems: readonly Problem[] } {
  throw new Error(`not written yet ${path} ${source}`);
}

export interface NewItem {
  readonly id: string;
  readonly uid: string;
  readonly title: string;
  readonly type: ItemType;
  /** `2025-09-23` (UTC). */
  readonly date: string;
  readonly tags: readonly string[];
  readonly links?: readonly string[] | undefined;
  readonly severity: Severity;
  readonly status: Status;
  readonly owner?: string | undefined;
  readonly sprint?: string | undefined;
  /** `acme/shop#41` */
  readonly github?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly duplicateOf?: string | undefined;
  readonly private?: boolean | undefined;
  /** Markdown, LF line ends. */
  readonly body: string;
}

export interface NewIncident extends NewItem {
  readonly phase: Phase;
  readonly started?: Instant | undefined;
  readonly detected?: Instant | undefined;
  readonly service?: string | undefined;
  readonly criteria: readonly Criterion[];
  readonly roles: Readonly<Partial<Record<Role, string>>>;
}

/** The document of a new item, keys in the order of the design's example. */
export function newItem(item: NewItem): string {
  throw new Error(`not written yet ${item.id}`);
}

/** The document of a new incident: an item with its phase, times, service, criteria and roles. */
export function newIncident(incident: NewIncident): string {
  throw new Error(`not written yet ${incident.id}`);
}
