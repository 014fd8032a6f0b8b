import { type ClockKind, phaseSpans } from '../../core/clocks.ts';
import { asCorrected } from '../../core/correctedEvents.ts';
import type { Criterion } from '../../core/criterion.ts';
import { formatIssueLink, type IssueLink } from '../../core/github.ts';
import { type Incident, isOpenIncident } from '../../core/item.ts';
import { type Phase, phaseIndex } from '../../core/phase.ts';
import { roles } from '../../core/role.ts';
import { parseInstant } from '../../core/time.ts';
import type { StoredEvent, TimelineEvent } from '../../core/timelineEvent.ts';
import type { TimelineView } from '../../protocol/timelineView.ts';
import { incidentClocksOf } from '../../services/incidentClocksOf.ts';
import type { Session } from '../../services/session.ts';
import type { EntryViews } from './entryViews.ts';

export interface TimelineWords {
  readonly phases: Readonly<Record<Phase, string>>;
  readonly clocks: Readonly<Record<ClockKind, string>>;
  readonly criteria: Readonly<Record<Criterion, { readonly title: string }>>;
}

export interface TimelineViewOptions {
  readonly readOnly: boolean;
  /** Where a linked issue is on the web. */
  readonly issueUrl: (link: IssueLink) => string;
  readonly attachments: string | null;
  readonly words: TimelineWords;
  /** Kept from view to view of the same incident. */
  readonly entries: EntryViews;
}

/** What the timeline panel of an incident shows. */
export async function timelineView(
  session: Pick<Session, 'index'>,
  incident: Incident,
  { readOnly, issueUrl, attachments, words, entries }: TimelineViewOptions,
): Promise<TimelineView> {
  const stored = await session.index.timeline(incident.uid);
  const own = await session.index.events(incident.uid);
  // Looked through once: of ten thousand events these are few.
  const steps: TimelineEvent[] = [];
  for (const { event } of own) {
    if (event.kind === 'phase' || event.kind === 'correction' || event.kind === 'retraction') steps.push(event);
  }
  const declared = steps.find((event) => event.kind === 'phase' && phaseIndex(event.to) >= phaseIndex('declared'));
  const { phase, service, criteria, folder } = incident.incident;
  const titles = new Map<string, string>();
  return {
    uid: incident.uid,
    id: incident.id,
    title: incident.title,
    severity: incident.severity,
    phase,
    phaseTitle: words.phases[phase],
    status: incident.status,
    private: incident.private,
    service: service ?? null,
    criteria: criteria.map((criterion) => words.criteria[criterion].title),
    roles: roles.flatMap((role) => {
      const who = incident.incident.roles[role];
      return who ? [{ role, who }] : [];
    }),
    github: incident.github ? { text: formatIssueLink(incident.github), url: issueUrl(incident.github) } : null,
    declaredAt: (declared && parseInstant(declared.at)) ?? null,
    // A clock without a limit says nothing that the elapsed time does not.
    clocks: incidentClocksOf(session.index, incident)
      .filter((clock) => clock.dueAt !== null)
      .map((clock) => ({ ...clock, label: words.clocks[clock.kind] })),
    phases: phaseSpans(asCorrected(steps)).map((span) => ({ ...span, title: words.phases[span.phase] })),
    events: entries.of(stored, stored === own ? undefined : mergedFrom),
    finished: !isOpenIncident(incident),
    readOnly,
    attachments,
    problems: session.index.problems().filter((problem) => problem.path.startsWith(`${folder}/`)).length,
  };

  function mergedFrom({ event, path }: StoredEvent): string | null {
    if (path.startsWith(`${folder}/`)) return null;
    const known = titles.get(event.incident) ?? session.index.item(event.incident)?.title ?? event.incident;
    titles.set(event.incident, known);
    return known;
  }
}
