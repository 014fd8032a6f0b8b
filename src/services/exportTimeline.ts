import { FirebreakError } from '../core/errors.ts';
import { correctedAt, eventMarks } from '../core/eventMarks.ts';
import type { Incident } from '../core/item.ts';
import { pinned, standingPins } from '../core/pins.ts';
import { formatDuration, second } from '../core/time.ts';
import { compareEvents, type TimelineEvent } from '../core/timelineEvent.ts';

export type TimelineFormat = 'markdown' | 'json' | 'csv';

/** One entry as it is exported: its words and time are those that count now. */
interface ExportedEntry {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly recorded: string;
  readonly by: string;
  /** What a phase, severity or role was changed to. */
  readonly to: string | null;
  readonly text: string;
  readonly pinned: boolean;
  readonly corrected: boolean;
  readonly retracted: boolean;
  readonly replaces: string | null;
  readonly exit: number | null;
  /** Seconds. */
  readonly duration: number | null;
}

/**
 * Entries of a timeline as one text, for people and programs outside.
 * @param ids those that are wanted; all of them unless told. Pins are told with what they pin.
 * @throws FirebreakError `privateItem`: `private: true` closes every exit
 */
export function exportTimeline(
  incident: Incident,
  events: readonly TimelineEvent[],
  format: TimelineFormat,
  ids?: readonly string[],
): string {
  refusePrivate(incident);
  const entries = exportedEntries(events, ids && new Set(ids));
  switch (format) {
    case 'markdown':
      return asMarkdown(incident, entries);
    case 'json':
      return asJson(incident, entries);
    case 'csv':
      return asCsv(entries);
  }
}

/** @throws FirebreakError `privateItem` */
export function refusePrivate(incident: Incident): void {
  if (!incident.private) return;
  throw new FirebreakError(
    'privateItem',
    `${incident.id} is private: nothing of it is exported. Its files are in ${incident.incident.folder}.`,
  );
}

function exportedEntries(events: readonly TimelineEvent[], wanted: ReadonlySet<string> | undefined): ExportedEntry[] {
  const marks = eventMarks(events);
  const pins = new Set(standingPins(events).map(pinned));
  const byId = new Map(events.map((event) => [event.id, event]));
  const isPin = (event: TimelineEvent | undefined) => event !== undefined && pinned(event) !== undefined;
  return events
    .filter((event) => {
      if (wanted) return wanted.has(event.id);
      return !isPin(event) && !('replaces' in event && isPin(byId.get(event.replaces)));
    })
    .map((event) => {
      const mark = marks.get(event.id);
      const by = mark?.kind === 'corrected' ? mark.by : undefined;
      // A correction that happened when it was written down says nothing of when the other did.
      const counts = { ...event, at: by ? correctedAt(event, by) : event.at };
      return { event: counts, text: by && by.body.trim() !== '' ? by.body : event.body, mark };
    })
    .sort((left, right) => compareEvents(left.event, right.event))
    .map(({ event, text, mark }) => ({
      id: event.id,
      kind: event.kind === 'unknown' ? event.writtenKind : event.kind,
      at: event.at,
      recorded: event.recorded,
      by: event.by,
      to: 'to' in event ? event.to : null,
      text: text.trim(),
      pinned: pins.has(event.id),
      corrected: mark?.kind === 'corrected',
      retracted: mark?.kind === 'retracted',
      replaces: 'replaces' in event ? event.replaces : null,
      exit: 'exit' in event ? (event.exit ?? null) : null,
      duration: 'duration' in event ? (event.duration ?? null) : null,
    }));
}

function asMarkdown(incident: Incident, entries: readonly ExportedEntry[]): string {
  const lines = [`# ${incident.severity} ${incident.title}`, '', `${incident.id}, times in UTC.`, ''];
  let day = '';
  for (const entry of entries) {
    if (entry.at.slice(0, 10) !== day) {
      day = entry.at.slice(0, 10);
      lines.push(`## ${day}`, '');
    }
    const head = [
      `**${entry.at.slice(11, 19)}**`,
      entry.by,
      entry.to === null ? entry.kind : `${entry.kind} → ${entry.to}`,
    ];
    const facts = [
      entry.pinned && 'pinned',
      entry.corrected && 'corrected',
      entry.retracted && 'taken back',
      entry.exit !== null && `exit ${entry.exit}`,
      entry.duration !== null && `took ${formatDuration(entry.duration * second)}`,
    ].filter((fact) => fact !== false);
    lines.push(`- ${head.join(' · ')}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`);
    if (entry.text !== '')
      lines.push('', ...entry.text.split('\n').map((line) => (line === '' ? '' : `  ${line}`)), '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function asJson(incident: Incident, entries: readonly ExportedEntry[]): string {
  const { id, uid, title, severity, status } = incident;
  return `${JSON.stringify({ incident: { id, uid, title, severity, status, phase: incident.incident.phase }, entries }, null, 2)}\n`;
}

const columns = [
  ...(['id', 'at', 'recorded', 'kind', 'by', 'to', 'text', 'pinned', 'corrected', 'retracted', 'replaces'] as const),
  ...(['exit', 'duration'] as const),
];

function asCsv(entries: readonly ExportedEntry[]): string {
  const rows = entries.map((entry) => columns.map((column) => cell(entry[column])).join(','));
  return [columns.join(','), ...rows, ''].join('\r\n');
}

/** RFC 4180; and a text that a spreadsheet would take for a formula begins with an apostrophe. */
function cell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
