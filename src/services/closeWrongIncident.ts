import { FirebreakError } from '../core/errors.ts';
import { phaseRecords } from '../core/incidentState.ts';
import { type Incident, isIncident } from '../core/item.ts';
import { foldRegister } from '../core/register.ts';
import { isFinished } from '../core/status.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { linesOf, newItemRecord, recordFile, showInDocument, shown } from './changes.ts';
import { requireIncident, requireText, type ServiceContext } from './context.ts';
import { eventFile, newEvent } from './newEvent.ts';
import type { NewFile } from './newFile.ts';
import { ownEvents } from './ownEvents.ts';

/**
 * Cancels an incident that was none. It stays on record as `declined`, and out of the metrics.
 * @throws FirebreakError `alreadyClosed`, `invalidInput`, `readOnly`
 */
export async function cancelIncident(context: ServiceContext, incident: Incident, reason: string): Promise<Incident> {
  requireOpen(incident);
  const body = `Cancelled as a false alarm: ${requireText(reason, 'The reason')}`;
  await close(context, incident, { status: 'declined' }, body, []);
  return requireIncident(context.index, incident.uid);
}

/**
 * Merges an incident into another that is about the same trouble: it is closed as its duplicate, and its events are
 * shown in the other's timeline from then on. No file of it changes place or is lost.
 * @returns the incident that goes on
 * @throws FirebreakError `alreadyClosed`, `invalidInput`, `privateItem`, `readOnly`
 */
export async function mergeIncident(context: ServiceContext, duplicate: Incident, into: Incident): Promise<Incident> {
  requireOpen(duplicate);
  const target = finalTarget(context, into);
  if (target.uid === duplicate.uid) {
    throw new FirebreakError('invalidInput', `${duplicate.id} can't be merged into itself: choose another incident.`);
  }
  if (duplicate.private !== target.private) {
    throw new FirebreakError(
      'privateItem',
      `One of ${duplicate.id} and ${target.id} is private and the other is not. Make both private (\`private: true\`), or keep them apart.`,
    );
  }
  const base = await newEvent(context, target.uid);
  const arrival: TimelineEvent = {
    ...base(),
    kind: 'decision',
    body: `${duplicate.id} (${duplicate.title}) is the same trouble: merged into this incident.`,
  };
  await close(
    context,
    duplicate,
    { status: 'duplicate', 'duplicate-of': target.id },
    `Merged into ${target.id} (${target.title}).`,
    [eventFile(target.path, arrival)],
  );
  return requireIncident(context.index, target.uid);
}

/** Follows an incident that is itself merged to the one that goes on. */
function finalTarget(context: ServiceContext, into: Incident): Incident {
  const seen = new Set<string>();
  let target = into;
  while (target.duplicateOf !== undefined && !seen.has(target.uid)) {
    seen.add(target.uid);
    const next = context.index.item(target.duplicateOf);
    if (!next || !isIncident(next)) break;
    target = next;
  }
  return target;
}

async function close(
  context: ServiceContext,
  incident: Incident,
  set: { status: 'declined' | 'duplicate'; 'duplicate-of'?: string },
  body: string,
  more: readonly NewFile[],
): Promise<void> {
  const head = foldRegister(phaseRecords(await ownEvents(context, incident)))?.head ?? null;
  const record = await newItemRecord(context, incident, set);
  const base = await newEvent(context, incident.uid);
  const event: TimelineEvent = {
    ...base(),
    kind: 'phase',
    to: 'closed',
    prev: head,
    ...(head === null ? { was: incident.incident.phase } : {}),
    body,
  };
  await context.writer.createAll([...more, ...(record ? [recordFile(record)] : []), eventFile(incident.path, event)]);
  await showInDocument(context, incident, { ...shown(record), phase: 'closed' }, linesOf(set));
}

function requireOpen(incident: Incident): void {
  // One that is half closed was cut short, and is closed for good now.
  if (incident.incident.phase === 'closed' && isFinished(incident.status)) {
    throw new FirebreakError(
      'alreadyClosed',
      `${incident.id} is closed already: reopen it by choosing a phase for it.`,
    );
  }
}
