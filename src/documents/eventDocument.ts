import { alertStates } from '../core/alert.ts';
import { type EventKind, isEventKind } from '../core/eventKind.ts';
import { isPhase, phases } from '../core/phase.ts';
import type { Problem } from '../core/problem.ts';
import { roles } from '../core/role.ts';
import { isSeverity, severities } from '../core/severity.ts';
import { compactInstant, type Instant, parseInstant } from '../core/time.ts';
import type { EventBase, TimelineEvent } from '../core/timelineEvent.ts';
import { derivedUlid } from '../core/ulids.ts';
import { FieldReader } from './fieldReader.ts';
import { type FrontMatterValue, formatFrontMatter } from './frontMatter.ts';
import type { EventKey } from './names.ts';
import { tryFrontMatter } from './tryFrontMatter.ts';

/**
 * Reads an event's file. Never throws. What the file does not say comes from its name and place, so that a note written by
 * hand has the same identity in every clone.
 * @param incidentUid the incident whose folder it is in
 * @returns no event when the file can't be read at all, or nothing says when it happened
 */
export function readEvent(
  path: string,
  source: string,
  incidentUid: string,
): { readonly event: TimelineEvent | undefined; readonly problems: readonly Problem[] } {
  const matter = tryFrontMatter(path, source);
  if ('code' in matter) return { event: undefined, problems: [matter] };
  const reader = new FieldReader(path, matter);
  const name = nameFacts(path);
  const recorded = reader.instant('recorded');
  const at = reader.instant('at') ?? name.at ?? recorded;
  if (at === undefined) {
    const message =
      'Nothing says when this happened: add `at: 2025-09-23T14:32:10Z`, with its time, to the front matter.';
    reader.add('missingField', message, 'error');
    return { event: undefined, problems: reader.problems };
  }
  const incident = reader.filledText('incident') ?? incidentUid;
  const place = path.split('/').slice(-2);
  const base: EventBase = {
    id: reader.filledText('id') ?? derivedUlid(parseInstant(at) ?? 0, 'event', ...place, incident),
    incident,
    at,
    recorded: recorded ?? at,
    by: reader.filledText('by') ?? 'unknown',
    origin: reader.filledText('origin') ?? '',
    body: matter.body.replace(/\n$/, ''),
  };
  return { event: readKind(reader, base, name.kind), problems: reader.problems };
}

/** What a file name says by itself: `20250923T143210Z-status-7k2q.md`. */
function nameFacts(path: string): { at: Instant | undefined; kind: EventKind | undefined } {
  const match = /(?:^|\/)(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(?:-([a-z]+))?(?=[-.])[^/]*$/.exec(path);
  if (!match) return { at: undefined, kind: undefined };
  const [, year, month, day, hours, minutes, seconds, kind] = match;
  const at = `${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`;
  return { at: parseInstant(at) === undefined ? undefined : at, kind: isEventKind(kind) ? kind : undefined };
}

/** The kind that a file's name tells, for those who only list it. */
export function kindInName(path: string): EventKind | undefined {
  return nameFacts(path).kind;
}

function readKind(reader: FieldReader, base: EventBase, named: EventKind | undefined): TimelineEvent {
  const writtenKind = reader.filledText('kind') ?? named ?? 'note';
  const kind = writtenKind.toLowerCase();
  const asNote = (): TimelineEvent => Object.assign(base, { kind: 'unknown' as const, writtenKind });
  // Perhaps a newer version's: no fault of the file.
  if (!isEventKind(kind)) return asNote();
  switch (kind) {
    case 'phase': {
      const to = required(reader, 'to', reader.word('to', phases));
      const was = reader.filledText('was')?.toLowerCase();
      return to
        ? withKnown(Object.assign(base, { kind, to, prev: readPrev(reader) }), { was: isPhase(was) ? was : undefined })
        : asNote();
    }
    case 'severity': {
      const to = required(reader, 'to', reader.word('to', severities));
      const was = reader.filledText('was')?.toUpperCase();
      return to
        ? withKnown(Object.assign(base, { kind, to, prev: readPrev(reader) }), {
            was: isSeverity(was) ? was : undefined,
          })
        : asNote();
    }
    case 'role': {
      const role = required(reader, 'role', reader.word('role', roles));
      const was = reader.text('was');
      if (!role) return asNote();
      const to = reader.text('to') ?? '';
      return withKnown(Object.assign(base, { kind, role, to, prev: readPrev(reader) }), { was });
    }
    case 'correction':
    case 'retraction': {
      const replaces = required(reader, 'replaces', reader.filledText('replaces'));
      return replaces ? Object.assign(base, { kind, replaces }) : asNote();
    }
    case 'action':
    case 'command':
    case 'check': {
      const exit = readNumber(reader, 'exit');
      const duration = readNumber(reader, 'duration');
      const cwd = reader.filledText('cwd');
      const action = reader.filledText('action');
      const checklist = reader.filledText('checklist');
      const step = reader.filledText('step');
      const freeze = reader.word('freeze', ['set', 'lift']);
      return withKnown(Object.assign(base, { kind }), { exit, duration, cwd, action, checklist, step, freeze });
    }
    case 'alert': {
      const alert = reader.filledText('alert');
      const state = reader.word('state', alertStates);
      return withKnown(Object.assign(base, { kind }), { alert, state });
    }
    case 'task': {
      const [task, prev, owner] = [reader.filledText('task'), reader.filledText('prev'), reader.text('owner')];
      const state = reader.word('state', ['open', 'done', 'dropped']);
      return withKnown(Object.assign(base, { kind }), { task, prev, owner, state });
    }
    default: {
      const about = reader.filledText('about');
      const room = reader.filledText('room');
      const asks = reader.word('asks', ['approval']);
      const approves = reader.filledText('approves');
      return withKnown(Object.assign(base, { kind }), { about, room, asks, approves });
    }
  }
}

/**
 * Adds what is known of some parts. Events are assigned to, never spread: for V8 each object that others were spread into
 * has a shape of its own, and a look through ten thousand of those takes ten times as long.
 */
function withKnown<Base extends object, Parts extends object>(
  base: Base,
  parts: Parts,
): Base & { readonly [Name in keyof Parts]?: Exclude<Parts[Name], undefined> } {
  for (const [name, value] of Object.entries(parts)) if (value !== undefined) Reflect.set(base, name, value);
  return base;
}

function required<T>(reader: FieldReader, key: EventKey, value: T | undefined): T | undefined {
  // A value that is wrong has been reported; one that is not there has not.
  if (value === undefined && !reader.has(key)) {
    reader.add('missingField', `The event has no \`${key}\`, so it counts as a note: add it.`, 'warning');
  }
  return value;
}

function readPrev(reader: FieldReader): string | null {
  return reader.filledText('prev') ?? null;
}

function readNumber(reader: FieldReader, key: EventKey): number | undefined {
  const value = reader.value(key);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  reader.wrong(key, 'must be a number');
  return undefined;
}

/** The document of an event. Reading it again gives the same event. */
export function formatEvent(event: TimelineEvent): string {
  const entries: [EventKey, FrontMatterValue][] = [
    ['id', event.id],
    ['incident', event.incident],
    ['kind', event.kind === 'unknown' ? event.writtenKind : event.kind],
    ['at', event.at],
    ['recorded', event.recorded],
    ['by', event.by],
    ['origin', event.origin],
    ...kindEntries(event),
  ];
  return formatFrontMatter(entries, event.body === '' ? '' : `${event.body}\n`);
}

function kindEntries(event: TimelineEvent): [EventKey, FrontMatterValue][] {
  const entries: [EventKey, FrontMatterValue | null | undefined][] = [];
  switch (event.kind) {
    case 'role':
      entries.push(['role', event.role], ['to', event.to], ['prev', event.prev], ['was', event.was]);
      break;
    case 'phase':
    case 'severity':
      entries.push(['to', event.to], ['prev', event.prev], ['was', event.was]);
      break;
    case 'correction':
    case 'retraction':
      entries.push(['replaces', event.replaces]);
      break;
    case 'task':
      entries.push(['prev', event.prev], ['task', event.task], ['owner', event.owner], ['state', event.state]);
      break;
    case 'action':
    case 'command':
    case 'check':
      entries.push(['exit', event.exit], ['duration', event.duration], ['cwd', event.cwd]);
      entries.push(
        ['action', event.action],
        ['checklist', event.checklist],
        ['step', event.step],
        ['freeze', event.freeze],
      );
      break;
    case 'alert':
      entries.push(['alert', event.alert], ['state', event.state]);
      break;
    case 'unknown':
      break;
    default:
      entries.push(['about', event.about], ['room', event.room], ['asks', event.asks], ['approves', event.approves]);
  }
  const kept: [EventKey, FrontMatterValue][] = [];
  for (const [key, value] of entries) if (value !== undefined && value !== null) kept.push([key, value]);
  return kept;
}

/**
 * `20250923T143210Z-status-7k2q.md`: when it happened (UTC), its kind, and the last four word characters of its id, which
 * keep apart what two clones record in the same second.
 */
export function eventFileName(event: TimelineEvent): string {
  const stamp = compactInstant(parseInstant(event.at) ?? 0);
  const kind = event.kind === 'unknown' ? event.writtenKind.toLowerCase().replace(/[^a-z]/g, '') || 'note' : event.kind;
  return `${stamp}-${kind}-${nameEnding(event.id)}.md`;
}

/** How the name of an event's file ends, from the name or from the event's id: for those who only list it. */
export function nameEnding(pathOrId: string): string {
  return pathOrId
    .replace(/\.md$/, '')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(-4)
    .toLowerCase();
}
