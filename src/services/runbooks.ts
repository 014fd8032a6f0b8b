import { eventMarks } from '../core/eventMarks.ts';
import type { Incident } from '../core/item.ts';
import { FileError, type Files } from '../core/ports/files.ts';
import { compareEvents, type RunEvent, type TimelineEvent } from '../core/timelineEvent.ts';
import { contentHash } from '../core/ulids.ts';
import { decodeText } from '../documents/decodeText.ts';
import { type Runbook, type RunbookStep, readRunbook } from '../documents/runbook.ts';
import { oneLine, type ServiceContext } from './context.ts';
import { recordCheck } from './recordCheck.ts';

export interface FoundRunbook extends Runbook {
  readonly path: string;
}

/** The runbooks of the team, by title. What can't be read is left out. */
export async function listRunbooks(files: Files): Promise<FoundRunbook[]> {
  const found: FoundRunbook[] = [];
  for (const { name, kind } of await files.list('runbooks').catch(noneOnFault)) {
    if (kind !== 'file' || !/\.md$/i.test(name)) continue;
    const runbook = await openRunbook(files, `runbooks/${name}`);
    if (runbook) found.push(runbook);
  }
  return found.sort((left, right) => left.title.localeCompare(right.title));
}

export async function openRunbook(files: Files, path: string): Promise<FoundRunbook | undefined> {
  try {
    const decoded = decodeText(await files.read(path));
    return 'text' in decoded ? { path, ...readRunbook(path, decoded.text) } : undefined;
  } catch (error) {
    if (FileError.is(error)) return undefined;
    throw error;
  }
}

function noneOnFault(error: unknown) {
  if (FileError.is(error)) return [];
  throw error;
}

/** What names a step in events: another wording is another step, another place in the list is not. */
export function stepKey(path: string, step: Pick<RunbookStep, 'text'>): string {
  return `${path}#${contentHash(oneLine(step.text).toLowerCase()).slice(0, 8)}`;
}

/** The steps that were ticked for an incident, by their keys: the last word on each. */
export function tickedSteps(events: readonly TimelineEvent[]): ReadonlyMap<string, RunEvent> {
  const marks = eventMarks(events);
  const ticked = new Map<string, RunEvent>();
  for (const event of [...events].sort(compareEvents)) {
    if (event.kind !== 'check' || event.step === undefined || marks.get(event.id)?.kind === 'retracted') continue;
    ticked.set(event.step, event);
  }
  return ticked;
}

/**
 * Ticks a step of a runbook for an incident: an event, and no change of the runbook, which is for all incidents.
 * @param text what was found; may be empty
 * @throws FirebreakError `readOnly`
 */
export async function tickStep(
  context: ServiceContext,
  incident: Incident,
  runbook: FoundRunbook,
  step: RunbookStep,
  text = '',
): Promise<RunEvent> {
  const what = `${oneLine(runbook.title)}, step ${step.number}: ${oneLine(step.text)}`;
  return recordCheck(context, incident, { step: stepKey(runbook.path, step) }, what, text);
}

/** The guide's own ("Incident Runbooks"), for teams that have none yet. */
const guideRunbooks: Readonly<Record<string, readonly string[]>> = {
  'Database Outage': [
    'Check connection pool exhaustion',
    'Review slow query log',
    'Check disk space and IOPS',
    'Verify backup availability',
    'Consider read replica promotion',
  ],
  'API Service Degradation': [
    'Check request rate and throttling',
    'Review error rates by endpoint',
    'Check downstream dependencies',
    'Review recent deployments',
    'Consider circuit breaker activation',
  ],
  'Memory Leak': [
    'Check heap dumps',
    'Review garbage collection logs',
    'Identify growing object counts',
    'Check for unclosed resources',
    'Consider rolling restart',
  ],
  'DDoS Attack': [
    'Enable rate limiting',
    'Activate CDN protection',
    'Block suspicious IPs',
    'Scale infrastructure',
    'Contact hosting provider',
  ],
};

/** Writes the guide's runbooks; those whose file is there stay as they are. @returns how many were made */
export async function addGuideRunbooks(files: Files): Promise<number> {
  let made = 0;
  for (const [title, steps] of Object.entries(guideRunbooks)) {
    const name = title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const list = steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
    try {
      await files.create(
        `runbooks/${name}.md`,
        `---\ntitle: ${title}\ntype: runbook\ntags: [incident, runbook]\n---\n\n# ${title}\n\n${list}\n`,
      );
      made += 1;
    } catch (error) {
      if (!FileError.is(error, 'exists')) throw error;
    }
  }
  return made;
}
