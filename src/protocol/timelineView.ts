import type { ClockKind } from '../core/clocks.ts';
import { type EventKind, isEventKind } from '../core/eventKind.ts';
import { oneOf } from '../core/oneOf.ts';
import { isPhase, type Phase } from '../core/phase.ts';
import { isRole, type Role } from '../core/role.ts';
import { isSeverity, type Severity } from '../core/severity.ts';
import { isStatus, type Status } from '../core/status.ts';
import { complete, count, epoch, type Fields, fields, flag, list, nullable, text, wholeText } from './parse.ts';

/**
 * One incident as its timeline panel shows it. JSON all through: what is absent is null. All times are epoch
 * milliseconds, and nothing depends on now, so the same state always gives the same view.
 */
export interface TimelineView {
  readonly uid: string;
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly phase: Phase;
  readonly phaseTitle: string;
  readonly status: Status;
  readonly private: boolean;
  readonly service: string | null;
  /** Titles of the criteria that hold ("Production Down"). */
  readonly criteria: readonly string[];
  /** The roles that somebody has. */
  readonly roles: readonly RoleView[];
  readonly github: LinkView | null;
  /** When it was declared: the zero of `T+`. Null for an incident whose declaration is not on record. */
  readonly declaredAt: number | null;
  /** In the order in which they matter. */
  readonly clocks: readonly ClockView[];
  /** In the order of the steps; a phase that was entered again stands again. */
  readonly phases: readonly PhaseSpanView[];
  /** In display order (`compareEvents`). */
  readonly events: readonly EventView[];
  /** Cancelled, merged away or closed: nothing more is to be done. */
  readonly finished: boolean;
  /** Nothing can be changed from here (untrusted workspace, read-only folder). */
  readonly readOnly: boolean;
  /** Files of the incident that have a problem. */
  readonly problems: number;
  /** Where the files of its `attachments/` can be loaded from; null where they can't. Ends with a slash. */
  readonly attachments: string | null;
}

/** All of an incident but its entries. */
export type TimelineHead = Omit<TimelineView, 'events'>;

export interface RoleView {
  readonly role: Role;
  /** As written: `@alice`, or a name. */
  readonly who: string;
}

export interface LinkView {
  /** `acme/shop#41` */
  readonly text: string;
  readonly url: string;
}

/** A `Clock` of core with its name. */
export interface ClockView {
  readonly kind: ClockKind;
  readonly label: string;
  readonly startedAt: number;
  readonly dueAt: number | null;
  readonly stoppedAt: number | null;
}

export interface PhaseSpanView {
  readonly phase: Phase;
  readonly title: string;
  readonly from: number;
  /** Null for the phase that it is in. */
  readonly to: number | null;
}

/** What a state event changed, in words for people. */
export interface ChangeView {
  readonly field: 'phase' | 'severity' | 'role';
  /** For `role`. */
  readonly role: Role | null;
  /** Null when it is not known what was before. */
  readonly from: string | null;
  /** Empty when a role was given back. */
  readonly to: string;
}

export interface EventView {
  readonly id: string;
  readonly kind: EventKind | 'unknown';
  /** For `unknown`: the kind as the file has it. */
  readonly writtenKind: string | null;
  /** When it happened, corrections applied. */
  readonly at: number;
  /** When its file says that it happened, where a correction says otherwise. */
  readonly writtenAt: number | null;
  /** When it was written down. */
  readonly recorded: number;
  readonly by: string;
  /** Markdown, untrusted. */
  readonly body: string;
  /** The body goes on in the file. The guard sets this when it cuts. */
  readonly truncated: boolean;
  /** For `phase`, `severity` and `role`. */
  readonly change: ChangeView | null;
  /** For `correction` and `retraction`: the event that it corrects or takes back. */
  readonly replaces: string | null;
  /** The event that it is about: for a pin, and for a picture or a link that was added to another entry. */
  readonly about: string | null;
  /** For a task or an alert: how it stands, in words for people (`open, @bob`, `firing`). */
  readonly standing: string | null;
  /** Pinned for the review. */
  readonly pinned: boolean;
  /** For a run (`action`, `command`, `check`): exit code and seconds, where recorded. */
  readonly exit: number | null;
  readonly duration: number | null;
  /** The work tree lacks the file; the journal supplied the event. */
  readonly missing: boolean;
  /** Whether there is a file to open. */
  readonly hasFile: boolean;
  readonly fromGitHub: boolean;
  /** The title of the incident that it was merged in from. */
  readonly fromIncident: string | null;
}

/** UTF-16 units. Longer texts are cut to these on their way to the webview. */
export const viewLimits = {
  id: 300,
  name: 300,
  title: 1_000,
  url: 2_000,
  body: 100_000,
} as const;

const clockKindTable: Readonly<Record<ClockKind, null>> = {
  acknowledge: null,
  update: null,
  mitigate: null,
  resolve: null,
  draft: null,
  rca: null,
};
const isClockKind = oneOf(Object.keys(clockKindTable) as ClockKind[]);
const isViewKind = (value: unknown): value is EventView['kind'] => value === 'unknown' || isEventKind(value);
const isChangedField = oneOf(['phase', 'severity', 'role']);

const id = (value: unknown) => wholeText(value, viewLimits.id);
const name = (value: unknown) => text(value, viewLimits.name);
const title = (value: unknown) => text(value, viewLimits.title);
const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

function word<T>(value: unknown, is: (value: unknown) => value is T): T | undefined {
  return is(value) ? value : undefined;
}

const headReaders: { readonly [Part in keyof TimelineHead]: (value: unknown) => TimelineHead[Part] | undefined } = {
  uid: id,
  id,
  title,
  severity: (value) => word(value, isSeverity),
  phase: (value) => word(value, isPhase),
  phaseTitle: name,
  status: (value) => word(value, isStatus),
  private: flag,
  service: (value) => nullable(value, name),
  criteria: (value) => list(value, name),
  roles: (value) => list(value, parseRole),
  github: (value) => nullable(value, parseLink),
  declaredAt: (value) => nullable(value, epoch),
  clocks: (value) => list(value, parseClock),
  phases: (value) => list(value, parsePhaseSpan),
  finished: flag,
  readOnly: flag,
  problems: count,
  attachments: (value) => nullable(value, (folder) => wholeText(folder, viewLimits.url)),
};
const headParts = Object.keys(headReaders) as (keyof TimelineHead)[];

/** Reads a view; undefined when anything in it is not as declared. */
export function parseTimelineView(value: unknown): TimelineView | undefined {
  const from = fields(value);
  const head = from && complete<TimelineHead>(headOf(from, headParts) as Unread<TimelineHead>);
  const events = list(from?.events, parseEvent);
  return head && events && { ...head, events };
}

/** Reads those parts of a head that are there; undefined when one of them is not as declared. */
export function parseHeadParts(value: unknown): Partial<TimelineHead> | undefined {
  const from = fields(value);
  return (
    from &&
    complete<Partial<TimelineHead>>(
      headOf(
        from,
        headParts.filter((part) => Object.hasOwn(from, part)),
      ),
    )
  );
}

/** With undefined for what was not as declared. */
type Unread<T> = { readonly [Part in keyof T]: T[Part] | undefined };

function headOf(from: Fields, parts: readonly (keyof TimelineHead)[]): Partial<TimelineHead> {
  return Object.fromEntries(parts.map((part) => [part, headReaders[part](from[part])]));
}

function parseRole(value: unknown): RoleView | undefined {
  const from = fields(value);
  return from && complete<RoleView>({ role: word(from.role, isRole), who: name(from.who) });
}

function parseLink(value: unknown): LinkView | undefined {
  const from = fields(value);
  return from && complete<LinkView>({ text: name(from.text), url: wholeText(from.url, viewLimits.url) });
}

function parseClock(value: unknown): ClockView | undefined {
  const from = fields(value);
  return (
    from &&
    complete<ClockView>({
      kind: word(from.kind, isClockKind),
      label: name(from.label),
      startedAt: epoch(from.startedAt),
      dueAt: nullable(from.dueAt, epoch),
      stoppedAt: nullable(from.stoppedAt, epoch),
    })
  );
}

function parsePhaseSpan(value: unknown): PhaseSpanView | undefined {
  const from = fields(value);
  return (
    from &&
    complete<PhaseSpanView>({
      phase: word(from.phase, isPhase),
      title: name(from.title),
      from: epoch(from.from),
      to: nullable(from.to, epoch),
    })
  );
}

function parseChange(value: unknown): ChangeView | undefined {
  const from = fields(value);
  return (
    from &&
    complete<ChangeView>({
      field: word(from.field, isChangedField),
      role: nullable(from.role, (role) => word(role, isRole)),
      from: nullable(from.from, name),
      to: name(from.to),
    })
  );
}

/** Reads one entry; undefined when anything in it is not as declared. */
export function parseEvent(value: unknown): EventView | undefined {
  const from = fields(value);
  if (!from) return undefined;
  const body = text(from.body, viewLimits.body);
  const truncated = flag(from.truncated);
  return complete<EventView>({
    id: id(from.id),
    kind: word(from.kind, isViewKind),
    writtenKind: nullable(from.writtenKind, name),
    at: epoch(from.at),
    writtenAt: nullable(from.writtenAt, epoch),
    recorded: epoch(from.recorded),
    by: name(from.by),
    body,
    truncated: truncated === false ? body !== from.body : truncated,
    change: nullable(from.change, parseChange),
    replaces: nullable(from.replaces, id),
    about: nullable(from.about, id),
    standing: nullable(from.standing, name),
    pinned: flag(from.pinned),
    exit: nullable(from.exit, number),
    duration: nullable(from.duration, number),
    missing: flag(from.missing),
    hasFile: flag(from.hasFile),
    fromGitHub: flag(from.fromGitHub),
    fromIncident: nullable(from.fromIncident, title),
  });
}
