import type { Incident } from '../../core/item.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { parseStatusUpdate } from '../../documents/statusUpdate.ts';
import { oneLine } from '../context.ts';
import { updateSince } from '../draftUpdate.ts';
import { saidWords } from '../warRoom/saidWords.ts';

/** What `{…}` stands for in the template of a message to people outside. */
const placeholders = ['title', 'service', 'since', 'impact', 'state', 'next', 'eta'] as const;
type Placeholder = (typeof placeholders)[number];

/**
 * Guide, "Communication Template", as people outside can use it: what they notice, where it stands, what comes next. Causes and names
 * stay inside.
 */
const builtIn = `**{title}**

Since {since} there is a problem with {service}.

- **What you may notice**: {impact}
- **Where it stands**: {state}
- **What we are doing**: {next}
- **Expected to be over**: {eta}

We will write again as soon as there is news.
`;

/** What the writer has to say where the timeline does not. */
const unsaid: Readonly<Record<Placeholder, string>> = {
  title: '[What is wrong]',
  service: '[service]',
  since: '[time]',
  impact: '[What customers notice]',
  state: '[Service up/down/degraded]',
  next: '[What we are doing]',
  eta: '[Best estimate or "TBD"]',
};

/**
 * The message to people outside as the timeline has it.
 * @param template of the team; undefined for the built-in one
 */
export function customerText(
  incident: Incident,
  events: readonly TimelineEvent[],
  template: string | undefined,
): string {
  const read = saidWords({ events, purged: new Set() });
  const words = (kind: TimelineEvent['kind']) =>
    events.flatMap((event) => (event.kind === kind ? [read(event).words ?? ''] : [])).filter((one) => one !== '');
  const said = words('status')
    .map((one) => parseStatusUpdate(one))
    .findLast((update) => update !== undefined);
  const impact = updateSince(events).impact || words('impact').at(-1);
  // What was noted of a time before is no beginning.
  const since = incident.incident.started ?? (events.find(({ kind }) => kind === 'phase') ?? events[0])?.at;
  const values: Readonly<Record<Placeholder, string | undefined>> = {
    title: oneLine(incident.title),
    service: incident.incident.service,
    since: since && `${since.slice(0, 16).replace('T', ' ')} UTC`,
    impact: impact && oneLine(impact),
    state: said && oneLine(said.currentState),
    next: said && oneLine(said.nextSteps),
    eta: said && oneLine(said.eta),
  };
  return (template ?? builtIn).replace(/\{([a-z]+)\}/g, (whole, name: string) => {
    const known = placeholders.find((placeholder) => placeholder === name);
    return known === undefined ? whole : values[known] || unsaid[known];
  });
}

/** What was left for the writer to say and is not said yet. */
export function unsaidIn(text: string): string[] {
  return Object.values(unsaid).filter((gap) => text.includes(gap));
}
