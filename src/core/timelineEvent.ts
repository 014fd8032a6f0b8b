import type { AlertState } from './alert.ts';
import type { EventKind } from './eventKind.ts';
import type { Phase } from './phase.ts';
import type { Role } from './role.ts';
import type { Severity } from './severity.ts';
import type { Instant } from './time.ts';

/** What every entry of a timeline has. Events are never rewritten. */
export interface EventBase {
  /** A ULID, or `gh-<repoId>-c<commentId>` / `gh-<repoId>-e<eventId>` for what comes from GitHub. */
  readonly id: string;
  /** The uid of the incident. */
  readonly incident: string;
  /** When it happened. Orders the display and measures durations. */
  readonly at: Instant;
  /** When it was written down. */
  readonly recorded: Instant;
  readonly by: string;
  /** The clone that made it; `github` for what comes from there. */
  readonly origin: string;
  /** Markdown, LF line ends, without the final newline. */
  readonly body: string;
}

/** The change of a value: `prev` names the event (or item record) that it follows. */
interface StateChange<T> extends EventBase {
  readonly to: T;
  readonly prev: string | null;
  /** With `prev: null`: the value before. */
  readonly was?: T;
}

export interface PhaseEvent extends StateChange<Phase> {
  readonly kind: 'phase';
}
export interface SeverityEvent extends StateChange<Severity> {
  readonly kind: 'severity';
}
/** `to` is a person as written (`@alice`), empty when the role is given back. */
export interface RoleEvent extends StateChange<string> {
  readonly kind: 'role';
  readonly role: Role;
}
/** A correction replaces the words, or the time, of another event; a retraction takes it back. Both stay on record. */
export interface ReplacingEvent extends EventBase {
  readonly kind: 'correction' | 'retraction';
  /** The id of the event. */
  readonly replaces: string;
}
/** A mitigation, check or recorded command that was run. */
export interface RunEvent extends EventBase {
  readonly kind: 'action' | 'command' | 'check';
  readonly exit?: number;
  /** Seconds. */
  readonly duration?: number;
  readonly cwd?: string;
  /** The id of the action that was run. */
  readonly action?: string;
  /** The box of the recovery checklist that it ticks, or unticks where it failed. */
  readonly checklist?: string;
  /** The step of a runbook that it ticks: `runbooks/x.md#` and what tells it from the others. */
  readonly step?: string;
  /** Whether it set or lifted the deploy freeze. */
  readonly freeze?: 'set' | 'lift';
}
/** What a monitoring system says of one alert. */
export interface AlertEvent extends EventBase {
  readonly kind: 'alert';
  /** Which alert: the fingerprint of its labels. While the incident is open, its course is followed. */
  readonly alert?: string;
  /** `firing` happened when it began to fire, `resolved` when it was no longer there. */
  readonly state?: AlertState;
}
/** The beginning of a task, or (with `task`) how it stands from then on. */
export interface TaskEvent extends EventBase {
  readonly kind: 'task';
  /** The id of the event that began it. */
  readonly task?: string;
  /** The event of the task that it follows. */
  readonly prev?: string;
  /** Who does it, as written. */
  readonly owner?: string;
  readonly state?: 'open' | 'done' | 'dropped';
}
export interface PlainEvent extends EventBase {
  readonly kind: Exclude<
    EventKind,
    | PhaseEvent['kind']
    | SeverityEvent['kind']
    | RoleEvent['kind']
    | ReplacingEvent['kind']
    | RunEvent['kind']
    | AlertEvent['kind']
    | TaskEvent['kind']
  >;
  /** The id of the chat channel that was made the war room: another clone finds the same one. */
  readonly room?: string;
  /** Somebody asks for this: `approval` of the message to people outside that the words hold. */
  readonly asks?: 'approval';
  /** The id of the event that asked for it. */
  readonly approves?: string;
  /** The id of the event that it is about: the one that a pin pins, or that a picture or a link was added to. */
  readonly about?: string;
}
/** Written by a newer version, or by hand: kept, and shown as a note. */
export interface UnknownEvent extends EventBase {
  readonly kind: 'unknown';
  readonly writtenKind: string;
}

export type TimelineEvent =
  | PhaseEvent
  | SeverityEvent
  | RoleEvent
  | ReplacingEvent
  | RunEvent
  | AlertEvent
  | TaskEvent
  | PlainEvent
  | UnknownEvent;

/** An event together with where it was read. */
export interface StoredEvent {
  readonly event: TimelineEvent;
  /** Relative to the root. */
  readonly path: string;
  /** True when the work tree lacks the file and the journal supplied it; *Restore* writes it back. */
  readonly missing: boolean;
}

/** Display order: by when it happened, then by id. */
export function compareEvents(left: TimelineEvent, right: TimelineEvent): number {
  return left.at < right.at ? -1 : left.at > right.at ? 1 : left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}
