import { type Clock, clockStanding } from '../core/clocks.ts';
import { formatIssueLink } from '../core/github.ts';
import type { Item } from '../core/item.ts';
import { formatInstant } from '../core/time.ts';
import type { StoredEvent, TimelineEvent } from '../core/timelineEvent.ts';

/** An item as `--json` prints it. Every key is always there; `null` where there is nothing. */
export function itemJson(item: Item): object {
  return {
    id: item.id,
    uid: item.uid,
    title: item.title,
    type: item.type,
    severity: item.severity,
    status: item.status,
    owner: item.owner ?? null,
    sprint: item.sprint ?? null,
    tags: item.tags,
    created: item.created === undefined ? null : formatInstant(item.created),
    path: item.path,
    github: item.github ? formatIssueLink(item.github) : null,
    private: item.private,
    duplicateOf: item.duplicateOf ?? null,
    actionOf: item.actionOf ?? null,
    conflicts: item.conflicts.map(({ id, mine, base }) => ({ id, mine, base: base ?? null })),
    incident: item.incident
      ? {
          phase: item.incident.phase,
          started: item.incident.started ?? null,
          detected: item.incident.detected ?? null,
          service: item.incident.service ?? null,
          criteria: item.incident.criteria,
          roles: item.incident.roles,
        }
      : null,
  };
}

/** An event as `--json` prints it. Keys that only some kinds have are left out of the others. */
export function eventJson(event: TimelineEvent): object {
  const { id, incident, at, recorded, by, origin, body, ...particular } = event;
  const kind = particular.kind === 'unknown' ? particular.writtenKind : particular.kind;
  return { id, incident, ...particular, kind, at, recorded, by, origin, body };
}

export function storedEventJson(stored: StoredEvent): object {
  return { ...eventJson(stored.event), path: stored.path, missing: stored.missing };
}

export function clockJson(clock: Clock, now: number): object {
  const instant = (epochMs: number | null) => (epochMs === null ? null : formatInstant(epochMs));
  return {
    kind: clock.kind,
    standing: clockStanding(clock, now),
    startedAt: instant(clock.startedAt),
    dueAt: instant(clock.dueAt),
    stoppedAt: instant(clock.stoppedAt),
  };
}
