import * as vscode from 'vscode';
import { phaseSpans } from '../../core/clocks.ts';
import { asCorrected } from '../../core/correctedEvents.ts';
import { eventMarks, type Mark } from '../../core/eventMarks.ts';
import { formatIssueLink, type IssueLink } from '../../core/github.ts';
import { type Incident, isOpenIncident } from '../../core/item.ts';
import { phaseIndex } from '../../core/phase.ts';
import { pinned, standingPins } from '../../core/pins.ts';
import { roles } from '../../core/role.ts';
import { parseInstant } from '../../core/time.ts';
import type { StoredEvent, TimelineEvent } from '../../core/timelineEvent.ts';
import type { ChangeView, EventView, TimelineView } from '../../protocol/timelineView.ts';
import { incidentClocksOf } from '../../services/incidentClocksOf.ts';
import type { Session } from '../../services/session.ts';
import { clockNames, criterionTexts, phaseNames } from '../words.ts';

/**
 * What the timeline panel of an incident shows.
 * @param issueUrl where a linked issue is on the web
 */
export async function timelineView(
  session: Session,
  incident: Incident,
  options: { readOnly: boolean; issueUrl: (link: IssueLink) => string; attachments: string | null },
): Promise<TimelineView> {
  const stored = await session.index.timeline(incident.uid);
  const own = (await session.index.events(incident.uid)).map((entry) => entry.event);
  const open = isOpenIncident(incident);
  const declared = own.find((event) => event.kind === 'phase' && phaseIndex(event.to) >= phaseIndex('declared'));
  const events = stored.map((entry) => entry.event);
  const befores = valuesBefore(events);
  const marks = eventMarks(events);
  const pins = new Set(standingPins(events).map(pinned));
  const titles = new Map<string, string>();
  return {
    uid: incident.uid,
    id: incident.id,
    title: incident.title,
    severity: incident.severity,
    phase: incident.incident.phase,
    phaseTitle: phaseNames[incident.incident.phase],
    status: incident.status,
    private: incident.private,
    service: incident.incident.service ?? null,
    criteria: incident.incident.criteria.map((criterion) => criterionTexts[criterion].title),
    roles: roles.flatMap((role) => {
      const who = incident.incident.roles[role];
      return who ? [{ role, who }] : [];
    }),
    github: incident.github ? { text: formatIssueLink(incident.github), url: options.issueUrl(incident.github) } : null,
    declaredAt: (declared && parseInstant(declared.at)) ?? null,
    // A clock without a limit says nothing that the elapsed time does not.
    clocks: incidentClocksOf(session.index, incident)
      .filter((clock) => clock.dueAt !== null)
      .map((clock) => ({ ...clock, label: clockNames[clock.kind] })),
    phases: phaseSpans(asCorrected(own)).map((span) => ({ ...span, title: phaseNames[span.phase] })),
    events: stored
      .map((entry) => ({
        ...eventView(entry, befores.get(entry.event.id), mergedFrom(entry)),
        ...timesOf(entry.event, marks.get(entry.event.id)),
        pinned: pins.has(entry.event.id),
      }))
      // The index has them by the times in their files.
      .sort((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1)),
    finished: !open,
    readOnly: options.readOnly,
    attachments: options.attachments,
    problems: session.index.problems().filter((problem) => problem.path.startsWith(`${incident.incident.folder}/`))
      .length,
  };

  function mergedFrom({ event, path }: StoredEvent): string | null {
    if (path.startsWith(`${incident.incident.folder}/`)) return null;
    const known = titles.get(event.incident) ?? session.index.item(event.incident)?.title ?? event.incident;
    titles.set(event.incident, known);
    return known;
  }
}

/** When it happened, as far as is known now. */
function timesOf(event: TimelineEvent, mark: Mark<TimelineEvent> | undefined): Pick<EventView, 'at' | 'writtenAt'> {
  const written = parseInstant(event.at) ?? 0;
  // A correction's time is that of the other entry. It is read where it was made.
  if (event.kind === 'correction') return { at: parseInstant(event.recorded) ?? written, writtenAt: null };
  const by = mark?.kind === 'corrected' ? mark.by : undefined;
  // A correction that happened when it was written down says nothing of when the other did.
  const at = by && by.at !== by.recorded ? (parseInstant(by.at) ?? written) : written;
  return { at, writtenAt: at === written ? null : written };
}

/** For each state event: what its field held before, where that is known. */
function valuesBefore(events: readonly TimelineEvent[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const event of events) if ('to' in event) values.set(event.id, event.to);
  const before = new Map<string, string>();
  for (const event of events) {
    if (!('to' in event)) continue;
    const value = event.prev === null ? event.was : values.get(event.prev);
    if (value) before.set(event.id, value);
  }
  return before;
}

function eventView(
  { event, path, missing }: StoredEvent,
  before: string | undefined,
  from: string | null,
): Omit<EventView, 'writtenAt' | 'pinned'> {
  const run = event.kind === 'action' || event.kind === 'command' || event.kind === 'check' ? event : undefined;
  const replacing = event.kind === 'correction' || event.kind === 'retraction' ? event : undefined;
  const at = parseInstant(event.at) ?? 0;
  return {
    id: event.id,
    kind: event.kind,
    writtenKind: event.kind === 'unknown' ? event.writtenKind : null,
    at,
    recorded: parseInstant(event.recorded) ?? at,
    by: event.by,
    body: event.body,
    truncated: false,
    change: changeView(event, before),
    replaces: replacing?.replaces ?? null,
    about: ('about' in event ? event.about : 'task' in event ? event.task : undefined) ?? null,
    standing: standingOf(event),
    exit: run?.exit ?? null,
    duration: run?.duration ?? null,
    missing,
    hasFile: !missing && path !== '',
    fromGitHub: event.origin === 'github',
    fromIncident: from,
  };
}

function standingOf(event: TimelineEvent): string | null {
  if (event.kind !== 'task' && event.kind !== 'alert') return null;
  const owner = event.kind === 'task' ? event.owner : undefined;
  const words = [event.state === undefined ? '' : stateWords[event.state], owner ?? ''].filter((word) => word !== '');
  return words.length === 0 ? null : words.join(', ');
}

const stateWords = {
  open: vscode.l10n.t('to do'),
  done: vscode.l10n.t('done'),
  dropped: vscode.l10n.t('dropped'),
  firing: vscode.l10n.t('firing'),
  resolved: vscode.l10n.t('resolved'),
} as const;

function changeView(event: TimelineEvent, before: string | undefined): ChangeView | null {
  switch (event.kind) {
    case 'phase':
      return {
        field: 'phase',
        role: null,
        from: before === undefined ? null : (phaseNames[before as keyof typeof phaseNames] ?? before),
        to: phaseNames[event.to],
      };
    case 'severity':
      return { field: 'severity', role: null, from: before ?? null, to: event.to };
    case 'role':
      return { field: 'role', role: event.role, from: before ?? null, to: event.to };
    default:
      return null;
  }
}
