import { type Clock, type ClockKind, clockStanding } from '../core/clocks.ts';
import { formatIssueLink } from '../core/github.ts';
import type { Incident, Item } from '../core/item.ts';
import { phaseTitles } from '../core/phase.ts';
import { roles } from '../core/role.ts';
import { formatDuration, parseInstant } from '../core/time.ts';
import type { StoredEvent, TimelineEvent } from '../core/timelineEvent.ts';
import { type Paint, paintSeverity, paintStanding } from './paint.ts';
import { plainLine, plainText } from './plainText.ts';
import { table } from './table.ts';

/** An item for people: what it is, then its words. */
export function itemText(item: Item, paint: Paint): string {
  const body = plainText(item.body).trim();
  return [header(item, paint), ...(body === '' ? [] : [body])].join('\n\n');
}

export interface IncidentView {
  readonly incident: Incident;
  readonly clocks: readonly Clock[];
  readonly timeline: readonly StoredEvent[];
  readonly now: number;
  /** The ids of incidents by uid, for events of those that were merged into this one. */
  readonly names: ReadonlyMap<string, string>;
}

/** An incident for people: header, clocks, timeline. Times are local. */
export function incidentText(view: IncidentView, paint: Paint): string {
  const { incident, clocks, now } = view;
  const body = plainText(incident.body).trim();
  const rows = clocks.map((clock) => [`  ${clockTitles[clock.kind]}`, clockText(clock, now)]);
  const painted = table(rows, (cell, row, column) => {
    const clock = clocks[row];
    return clock && column === 1 ? paintStanding(paint, clockStanding(clock, now), cell) : cell;
  });
  return [
    header(incident, paint),
    ...(body === '' ? [] : [body]),
    ...(rows.length === 0 ? [] : [`${paint('Clocks', 'bold')}\n${painted}`]),
    timelineText(view, paint),
  ].join('\n\n');
}

function header(item: Item, paint: Paint): string {
  const rows: [string, string | undefined][] = [
    ['Severity', item.severity],
    ['Status', item.status],
    ['Phase', item.incident && `${item.incident.phase} (${phaseTitles[item.incident.phase]})`],
    ['Type', item.type],
    ['Owner', item.owner],
    ...roles.map((role): [string, string | undefined] => [
      `${role.slice(0, 1).toUpperCase()}${role.slice(1)}`,
      item.incident?.roles[role],
    ]),
    ['Service', item.incident?.service],
    ['Criteria', item.incident?.criteria.join(', ')],
    ['Sprint', item.sprint],
    ['Tags', item.tags.join(', ')],
    ['Created', item.created === undefined ? undefined : localTime(item.created)],
    ['GitHub', item.github && formatIssueLink(item.github)],
    ['Duplicate of', item.duplicateOf],
    ['Action item of', item.actionOf],
    ['Private', item.private ? 'yes: it is sent nowhere; git still shares it' : undefined],
    ['File', item.path],
    ['Conflict', item.conflicts.map(({ mine }) => `GitHub's text is in the file, yours in ${mine}`).join('; ')],
  ];
  const shown = rows.flatMap(([name, value]) => (value ? [[`  ${name}`, plainLine(value)]] : []));
  const painted = table(shown, (cell, row, column) =>
    row === 0 && column === 1 ? paintSeverity(paint, item.severity) : cell,
  );
  return `${paint(plainLine(item.id), 'bold')}  ${plainLine(item.title)}\n${painted}`;
}

const clockTitles: Readonly<Record<ClockKind, string>> = {
  acknowledge: 'Acknowledge',
  update: 'Next update',
  mitigate: 'Mitigate',
  resolve: 'Resolve',
  draft: 'RCA draft',
  rca: 'RCA',
};

function clockText(clock: Clock, now: number): string {
  const ran = formatDuration((clock.stoppedAt ?? now) - clock.startedAt);
  const due = clock.dueAt ?? now;
  switch (clockStanding(clock, now)) {
    case 'met':
      return `done in ${ran}`;
    case 'missed':
      return `done in ${ran}, ${formatDuration((clock.stoppedAt ?? now) - due)} late`;
    case 'overdue':
      return `overdue by ${formatDuration(now - due)}`;
    case 'soon':
    case 'running':
      return `due in ${formatDuration(due - now)}`;
    case 'unlimited':
      return `running for ${ran}, no limit`;
  }
}

function timelineText({ incident, timeline, names }: IncidentView, paint: Paint): string {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const title = paint(`Timeline (${zone})`, 'bold');
  if (timeline.length === 0) return `${title}\n  nothing yet`;
  const entries = timeline.map(({ event, missing }) => {
    const at = parseInstant(event.at);
    const head = [
      at === undefined ? plainLine(event.at) : localTime(at),
      plainLine(event.by),
      what(event),
      ...(event.incident === incident.uid ? [] : [`from ${plainLine(names.get(event.incident) ?? event.incident)}`]),
      ...(missing ? ['not in this checkout'] : []),
    ];
    const body = plainText(event.body).trim();
    const lines = body === '' ? [] : body.split('\n').map((line) => `      ${line}`.trimEnd());
    return [`  ${head.join('  ')}`, ...lines].join('\n');
  });
  return [title, ...entries].join('\n');
}

function what(event: TimelineEvent): string {
  switch (event.kind) {
    case 'phase':
    case 'severity':
      return `${event.kind}: ${event.to}`;
    case 'role':
      return `${event.role}: ${event.to === '' ? 'nobody' : plainLine(event.to)}`;
    case 'correction':
    case 'retraction':
      return `${event.kind} of ${plainLine(event.replaces)}`;
    case 'unknown':
      return plainLine(event.writtenKind);
    default:
      return event.kind;
  }
}

/** `2025-09-23 14:32`, in the time zone of this machine. */
function localTime(epochMs: number): string {
  const date = new Date(epochMs);
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}
