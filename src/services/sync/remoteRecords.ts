import { type Item, type ItemRecord, isIncident, type RecordedField } from '../../core/item.ts';
import { isPhase, statusInPhase } from '../../core/phase.ts';
import type { RemoteIssue } from '../../core/ports/issueTracker.ts';
import { isSeverity } from '../../core/severity.ts';
import { isFinished, isStatus } from '../../core/status.ts';
import { compactInstant, parseInstant } from '../../core/time.ts';
import { contentHash } from '../../core/ulids.ts';
import { type FrontMatterChanges, linesOf, recordFile } from '../changes.ts';
import { eventFile } from '../newEvent.ts';
import type { NewFile } from '../newFile.ts';
import { loginAsWritten, ownerOf } from './issuePeople.ts';
import type { RemoteChange } from './remoteChanges.ts';
import type { RemoteView } from './remoteView.ts';
import { githubOrigin, remoteAuthor, remoteId, type SyncContext } from './syncContext.ts';
import type { SyncedField } from './syncedField.ts';

/** A value on GitHub that no event there tells of, as after a label was renamed: it comes from the issue itself. */
export function untold(
  view: RemoteView,
  field: SyncedField,
  changes: readonly RemoteChange[],
  issue: RemoteIssue,
): RemoteChange[] {
  const value = view.remoteValue(field);
  const before = view.baseValue(field);
  if (value === undefined || value === before || (value === '' && before === undefined)) return [];
  if (changes.some((change) => change.value === value)) return [];
  // Changes that are newer than what is shown: a list lags, and will show what they made of it.
  if (changes.some(({ at }) => at > issue.updatedAt)) return [];
  const how = field === 'title' ? 'renamed' : 'labeled';
  const stamp = compactInstant(parseInstant(issue.updatedAt) ?? 0);
  const key = `i${issue.number}-${field}-${contentHash(value).slice(0, 8)}-${stamp}`;
  const written = field === 'owner' ? { written: ownerOf(loginAsWritten(issue, value)) } : {};
  return [{ field, key, at: issue.updatedAt, actor: undefined, value, ...written, from: undefined, how }];
}

/** The records of what people did to a field on GitHub, each following the one before. */
export function recordsOf(
  context: SyncContext,
  item: Item,
  field: SyncedField,
  steps: readonly RemoteChange[],
  start: { readonly prev: string | null; readonly before: string },
  status: StatusChain,
): NewFile[] {
  const files: NewFile[] = [];
  let { prev, before } = start;
  for (const change of steps) {
    if (change.value === before || change.passing) continue;
    const id = remoteId(context.repository, change.key);
    const link: ChainLink = {
      id,
      prev,
      ...(prev === null ? { was: field === 'owner' ? ownerOf(before) : before } : {}),
    };
    if (field === 'phase') files.push(...phaseFiles(item, change, link, status));
    else if (field === 'severity' && isIncident(item)) files.push(severityFile(item, change, link));
    else files.push(recordFile(itemRecord(item, field, change, link)));
    [prev, before] = [id, change.value];
  }
  return files;
}

/** The line that shows a field's new value; none for what an incident keeps as events. */
export function recordedLine(item: Item, field: SyncedField, change: RemoteChange | undefined): FrontMatterChanges {
  if (!change || field === 'phase' || (field === 'severity' && isIncident(item))) return {};
  return linesOf({ [field]: change.written ?? change.value });
}

interface ChainLink {
  readonly id: string;
  readonly prev: string | null;
  readonly was?: string;
}

/** An incident's status follows its phase, in records of its own. */
interface StatusChain {
  value: string;
  prev: string | null;
}

/**
 * The status that a phase from GitHub changes: told from GitHub too, since what is known here may differ from clone to
 * clone, and their records must not.
 * @param phasePrev the record that the phase follows
 */
export function statusBefore(
  context: SyncContext,
  item: Item,
  view: RemoteView,
  phasePrev: string | null,
): StatusChain {
  const phase = view.local.phase;
  const records = new Map(context.services.index.records(item.uid).map((record) => [record.id, record]));
  // Of the phases since the marker was written the last that changed the status.
  for (const id of phasePrev === null ? [] : [phasePrev, ...(phase?.followed(phasePrev) ?? [])]) {
    if (id === null || id === view.marked('phase')?.head) break;
    const before = records.get(statusRecordId(id));
    if (before?.set.status !== undefined) return { value: before.set.status, prev: before.id };
  }
  const marked = view.marked('status');
  if (marked) return { value: marked.value, prev: marked.head };
  const { status } = view.local;
  return { value: status?.value ?? 'doing', prev: status?.head ?? null };
}

/** Of the status that comes with a phase. */
function statusRecordId(phaseId: string): string {
  return `${phaseId}-status`;
}

function phaseFiles(item: Item, change: RemoteChange, link: ChainLink, status: StatusChain): NewFile[] {
  const { value } = change;
  if (!isPhase(value)) return [];
  const was = link.was !== undefined && isPhase(link.was) ? { was: link.was } : {};
  const event = eventFile(item.path, { ...eventBase(item, change, link), kind: 'phase', to: value, ...was });
  // A cancelled or merged incident keeps that status through `closed`.
  const ended = isStatus(status.value) && isFinished(status.value) && value === 'closed';
  const next = ended ? status.value : statusInPhase(value);
  if (next === status.value) return [event];
  const follows = {
    id: statusRecordId(link.id),
    prev: status.prev,
    ...(status.prev === null ? { was: status.value } : {}),
  };
  [status.prev, status.value] = [follows.id, next];
  // The event comes last: once it is there the change counts as taken in, and the machine may stop in between.
  return [recordFile(itemRecord(item, 'status', { ...change, value: next }, follows)), event];
}

function severityFile(item: Item, change: RemoteChange, link: ChainLink): NewFile {
  const to = isSeverity(change.value) ? change.value : item.severity;
  const was = link.was !== undefined && isSeverity(link.was) ? { was: link.was } : {};
  return eventFile(item.path, { ...eventBase(item, change, link), kind: 'severity', to, ...was });
}

function eventBase(item: Item, change: RemoteChange, link: ChainLink) {
  return {
    id: link.id,
    incident: item.uid,
    at: change.at,
    recorded: change.at,
    by: remoteAuthor(change.actor),
    origin: githubOrigin,
    prev: link.prev,
    body: change.how === 'closed' ? 'Closed on GitHub.' : change.how === 'reopened' ? 'Reopened on GitHub.' : '',
  };
}

export function itemRecord(item: Item, field: RecordedField, change: RemoteChange, link: ChainLink): ItemRecord {
  return {
    id: link.id,
    item: item.uid,
    set: { [field]: change.written ?? change.value },
    prev: { [field]: link.prev },
    was: link.was === undefined ? {} : { [field]: link.was },
    at: change.at,
    by: remoteAuthor(change.actor),
    origin: githubOrigin,
  };
}
