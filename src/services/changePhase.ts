import { phaseRecords } from '../core/incidentState.ts';
import type { Incident } from '../core/item.ts';
import { type Phase, statusInPhase } from '../core/phase.ts';
import { foldRegister } from '../core/register.ts';
import { isFinished } from '../core/status.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { newItemRecord, recordFile, showInDocument, shown } from './changes.ts';
import { markdown, requireIncident, type ServiceContext } from './context.ts';
import { eventFile, newEvent } from './newEvent.ts';
import { ownEvents } from './ownEvents.ts';

/**
 * Moves an incident to a phase, forward, back or past others. The backlog's status follows.
 * @param text why, in markdown; may be empty
 * @returns the incident as it is then; unchanged when it is in that phase already
 * @throws FirebreakError `readOnly`
 */
export async function changePhase(
  context: ServiceContext,
  incident: Incident,
  to: Phase,
  text = '',
): Promise<Incident> {
  if (incident.incident.phase === to) {
    await showInDocument(context, incident, {}, { phase: to, status: incident.status });
    return requireIncident(context.index, incident.uid);
  }
  const head = foldRegister(phaseRecords(await ownEvents(context, incident)))?.head ?? null;
  const base = await newEvent(context, incident.uid);
  const event: TimelineEvent = {
    ...base(),
    kind: 'phase',
    to,
    prev: head,
    ...(head === null ? { was: incident.incident.phase } : {}),
    body: markdown(text),
  };
  // A cancelled or merged incident keeps that status through `closed`, and loses it when it is taken up again.
  const status = isFinished(incident.status) && to === 'closed' ? incident.status : statusInPhase(to);
  const takenUpAgain = isFinished(incident.status) && to !== 'closed';
  const record = await newItemRecord(context, incident, { status, ...(takenUpAgain ? { 'duplicate-of': '' } : {}) });
  // The phase last: by it a repeated act tells whether all was done.
  await context.writer.createAll([...(record ? [recordFile(record)] : []), eventFile(incident.path, event)]);
  await showInDocument(context, incident, { ...shown(record), phase: to }, { status });
  return requireIncident(context.index, incident.uid);
}
