import { type Item, type ItemRecord, isIncident, type RecordedField } from '../../core/item.ts';
import { isPhase, statusInPhase } from '../../core/phase.ts';
import type { RemoteIssue } from '../../core/ports/issueTracker.ts';
import { isSeverity } from '../../core/severity.ts';
import { isFinished, isStatus } from '../../core/status.ts';
import { compactInstant, parseInstant } from '../../core/time.ts';
import { contentHash } from '../../core/ulids.ts';
import { type FrontMatterChanges, fieldValue, recordFile, showInDocument } from '../changes.ts';
import { eventFile } from '../newEvent.ts';
import type { NewFile } from '../newFile.ts';
import { ownEvents } from '../ownEvents.ts';
import { hasSurplus, type LabelField, labelledValue, shownLabelFields } from './labels.ts';
import { type IssueMarker, type MarkedField, parseIssueBody } from './markers.ts';
import { changesOf, newsOf, type RemoteChange } from './remoteChanges.ts';
import { githubOrigin, remoteAuthor, remoteId, type SyncContext } from './syncContext.ts';
import {
  fieldMark,
  type LocalFields,
  localFields,
  markedValue,
  type SyncedField,
  sentTitle,
  sentValue,
  syncedFields,
} from './syncedField.ts';
import type { Base, ItemState, Marks } from './syncState.ts';
import { wantedState } from './wantedState.ts';

/** A marker counts from an author with write permission, and for the item that it names. */
export function trustedMarker(item: Item, issue: RemoteIssue): IssueMarker | undefined {
  const { marker } = parseIssueBody(issue.body);
  return issue.trusted && marker?.uid === item.uid ? marker : undefined;
}

/** A marker's fields as they are remembered, to see whether Firebreak has written since. */
export function rememberedMarker(marker: IssueMarker | undefined): Marks {
  const marked: Partial<Record<SyncedField, string>> = {};
  for (const field of syncedFields) {
    const entry = marker?.fields[field];
    if (entry) marked[field] = `${entry.head ?? ''}:${entry.value}`;
  }
  return marked;
}

/** Remembers how the fields stand that agree with GitHub: what changes after that changed here. */
export function withAgreement(state: ItemState, local: LocalFields): ItemState {
  const { base } = state;
  if (!base) return state;
  const agreed: Partial<Record<SyncedField, string>> = { ...state.agreed };
  const agreedRecords: Partial<Record<SyncedField, readonly string[]>> = { ...state.agreedRecords };
  for (const field of ['title', ...shownLabelFields(local)] as const) {
    const entry = local[field];
    const there = field === 'title' ? base.title : base.labels[field];
    if (!entry || sentValue(field, entry.value) !== there) continue;
    agreed[field] = fieldMark(field, entry);
    if (entry.own.length > 0) agreedRecords[field] = [...new Set([...(agreedRecords[field] ?? []), ...entry.own])];
  }
  return { ...state, agreed, agreedRecords };
}

/**
 * Takes in what people changed on an issue: title, labels, open or closed. Each change becomes a record with an id that is
 * the same in every clone. The body is only remembered; `reconcileBody` takes it in.
 * @returns the state with what is agreed on now
 */
export async function importIssue(
  context: SyncContext,
  item: Item,
  state: ItemState,
  issue: RemoteIssue,
): Promise<ItemState> {
  const marker = trustedMarker(item, issue);
  const local = await localFields(context.services, item.uid);
  const view = new RemoteView(state, issue, marker, local);
  const changed = view.changedFields();
  const news = changed.length > 0 ? await importChanges(context, item, issue, view, changed) : new Set<SyncedField>();
  const base = view.agreed(new Set(changed.filter((field) => !news.has(field))));
  const surplus = shownLabelFields(local).filter((field) => hasSurplus(issue.labels, field, base.labels[field]));
  const next: ItemState = {
    ...state,
    stage: 'linked',
    number: issue.number,
    base,
    surplus: context.repository.canPush ? surplus : [],
    marked: rememberedMarker(marker),
    settled: view.settledMarks(news),
    remoteBody: parseIssueBody(issue.body).text,
    reread: false,
  };
  return withAgreement(next, news.size > 0 ? await localFields(context.services, item.uid) : local);
}

/** One issue as it stands on GitHub, beside what is known of it. */
class RemoteView {
  readonly local: LocalFields;
  readonly #state: ItemState;
  readonly #issue: RemoteIssue;
  readonly #marker: IssueMarker | undefined;

  constructor(state: ItemState, issue: RemoteIssue, marker: IssueMarker | undefined, local: LocalFields) {
    this.local = local;
    this.#state = state;
    this.#issue = issue;
    this.#marker = marker;
  }

  /** `phase` for an incident, `status` for an ordinary item: what open and closed belong to. */
  get stateField(): 'phase' | 'status' {
    return this.local.phase ? 'phase' : 'status';
  }

  changedFields(): SyncedField[] {
    const shown: readonly SyncedField[] = ['title', ...shownLabelFields(this.local)];
    return shown.filter((field) => this.#valueChanged(field) || (field === this.stateField && this.#stateChanged()));
  }

  remoteValue(field: SyncedField): string | undefined {
    if (field === 'title') return sentTitle(this.#issue.title);
    if (!shownLabelFields(this.local).includes(field)) return undefined;
    return labelledValue(this.#issue.labels, field, this.#state.base?.labels[field]);
  }

  /** What the marker says that Firebreak last wrote. */
  marked(field: SyncedField): MarkedField | undefined {
    return this.#marker?.fields[field];
  }

  baseValue(field: SyncedField): string | undefined {
    return field === 'title' ? this.#state.base?.title : this.#state.base?.labels[field];
  }

  /** The last word of Firebreak about a field: what it wrote there since we looked, else what was agreed on. */
  anchor(field: SyncedField): MarkedField | undefined {
    const marked = this.#marker?.fields[field];
    const base = this.baseValue(field);
    if (marked && (base === undefined || this.#writtenSince(field))) return marked;
    if (base === undefined) return undefined;
    const value = markedValue(field, base);
    return { value, head: marked?.value === value ? marked.head : (this.local[field]?.head ?? null) };
  }

  /**
   * What is agreed on once the changes are taken in. A label that is missing changes nothing.
   * @param unsettled fields whose value on GitHub is neither what Firebreak sent nor what a person did
   */
  agreed(unsettled: ReadonlySet<SyncedField>): Base {
    const labels: Partial<Record<LabelField, string>> = { ...this.#state.base?.labels };
    for (const field of shownLabelFields(this.local)) {
      const value = this.remoteValue(field);
      if (value !== undefined && !unsettled.has(field)) labels[field] = value;
    }
    return { title: sentTitle(this.#issue.title), state: this.#issue.state, labels };
  }

  /**
   * What to remember of the marker. A label that Firebreak announced and that is not there yet comes between two requests
   * of another clone, so the announcement still counts as unread.
   */
  settledMarks(news: ReadonlySet<SyncedField>): Marks {
    const marks = rememberedMarker(this.#marker);
    const settled: Partial<Record<SyncedField, string>> = {};
    for (const field of syncedFields) {
      const mark = marks[field];
      const remote = this.remoteValue(field);
      const arrived = remote === undefined || this.#marker?.fields[field]?.value === markedValue(field, remote);
      if (mark !== undefined && (arrived || news.has(field) || mark === this.#state.settled?.[field]))
        settled[field] = mark;
    }
    return settled;
  }

  #valueChanged(field: SyncedField): boolean {
    const remote = this.remoteValue(field);
    const local = this.local[field];
    const base = this.baseValue(field);
    if (remote === undefined || remote === '' || local === undefined) return false;
    if (remote === base || remote === sentValue(field, local.value)) return false;
    const marked = this.#marker?.fields[field];
    if (marked && (base === undefined || this.#writtenSince(field)) && marked.value === markedValue(field, remote)) {
      return false;
    }
    // Without any trace of what was agreed on, a value that the field once had is an old one.
    return base !== undefined || marked !== undefined || !local.held.has(remote);
  }

  #stateChanged(): boolean {
    const { state } = this.#issue;
    const base = this.#state.base?.state;
    if (state === base) return false;
    const field = this.stateField;
    const marked = this.#marker?.fields[field]?.value;
    if (marked !== undefined && (base === undefined || this.#writtenSince(field))) {
      const expected = this.#wanted(marked);
      if (expected === undefined || expected === state) return false;
    }
    const wanted = this.#wanted(this.local[field]?.value);
    // While a review is owed closed is as good as open, but who opens it again says that it is not over.
    return wanted === undefined ? base === 'closed' && state === 'open' : wanted !== state;
  }

  #wanted(value: string | undefined): 'open' | 'closed' | undefined {
    return this.local.phase ? wantedState(value, undefined) : wantedState(undefined, value);
  }

  #writtenSince(field: SyncedField): boolean {
    return rememberedMarker(this.#marker)[field] !== this.#state.settled?.[field];
  }
}

/** @returns the fields that people changed indeed */
async function importChanges(
  context: SyncContext,
  item: Item,
  issue: RemoteIssue,
  view: RemoteView,
  changed: readonly SyncedField[],
): Promise<ReadonlySet<SyncedField>> {
  const events = await context.tracker.issueEvents(issue.number);
  const known = new Set(context.services.index.records(item.uid).map((record) => record.id));
  if (isIncident(item)) for (const event of await ownEvents(context.services, item)) known.add(event.id);
  const files: NewFile[] = [];
  const news = new Set<SyncedField>();
  for (const field of changed) {
    const local = view.local[field];
    if (!local) continue;
    const changes = changesOf(field, events, closedMeans(context, item, issue));
    const anchor = view.anchor(field);
    const found = newsOf(changes, {
      anchor,
      knownAs: (change) => [remoteId(context.repository, `e${change.id}`)].find((id) => known.has(id)),
    });
    // It was taken in before, and the machine stopped before that was written down.
    if (found.isKnown) news.add(field);
    const steps = found.news.length > 0 ? found.news : untold(view, field, changes, issue);
    if (steps.length === 0) continue;
    news.add(field);
    const prev = found.prev === undefined ? local.head : found.prev;
    const before = anchor && field !== 'title' ? anchor.value : (view.baseValue(field) ?? local.value);
    files.push(...recordsOf(context, item, field, steps, { prev, before }, statusBefore(context, item, view, prev)));
  }
  if (files.length > 0) {
    await context.services.writer.createAll(files);
    context.report.pulled += 1;
    await showValues(context, item, changed);
    reportOverruled(context, item, view, changed);
  }
  return news;
}

/** What closing on GitHub means: the review where one is owed, else the end (design, "phase"). */
function closedMeans(context: SyncContext, item: Item, issue: RemoteIssue): string {
  if (isIncident(item)) {
    return context.services.index.policy().severities[item.severity].rcaRequired === 'always' ? 'rca' : 'closed';
  }
  if (issue.stateReason === 'not_planned') return 'declined';
  return issue.stateReason === 'duplicate' ? 'duplicate' : 'done';
}

/** A value on GitHub that no event there tells of, as after a label was renamed: it comes from the issue itself. */
function untold(
  view: RemoteView,
  field: SyncedField,
  changes: readonly RemoteChange[],
  issue: RemoteIssue,
): RemoteChange[] {
  const value = view.remoteValue(field);
  if (value === undefined || value === view.baseValue(field)) return [];
  if (changes.some((change) => change.value === value)) return [];
  const how = field === 'title' ? 'renamed' : 'labeled';
  return [{ field, id: -issue.number, at: issue.updatedAt, actor: undefined, value, from: undefined, how }];
}

function recordsOf(
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
    if (change.value === before) continue;
    const id = remoteId(context.repository, change.id > 0 ? `e${change.id}` : untoldId(change));
    const link: ChainLink = { id, prev, ...(prev === null ? { was: before } : {}) };
    if (field === 'phase') files.push(...phaseFiles(item, change, link, status));
    else if (field === 'severity' && isIncident(item)) files.push(severityFile(item, change, link));
    else files.push(recordFile(itemRecord(item, field, change, link)));
    [prev, before] = [id, change.value];
  }
  return files;
}

function untoldId(change: RemoteChange): string {
  const stamp = compactInstant(parseInstant(change.at) ?? 0);
  return `i${-change.id}-${change.field}-${contentHash(change.value).slice(0, 8)}-${stamp}`;
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
function statusBefore(context: SyncContext, item: Item, view: RemoteView, phasePrev: string | null): StatusChain {
  const before = context.services.index.records(item.uid).find(({ id }) => id === statusRecordId(phasePrev ?? ''));
  if (before?.set.status !== undefined && view.marked('phase')?.head !== phasePrev) {
    return { value: before.set.status, prev: before.id };
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
  const files = [eventFile(item.path, { ...eventBase(item, change, link), kind: 'phase', to: value, ...was })];
  // A cancelled or merged incident keeps that status through `closed`.
  const ended = isStatus(status.value) && isFinished(status.value) && value === 'closed';
  const next = ended ? status.value : statusInPhase(value);
  if (next === status.value) return files;
  const follows = {
    id: statusRecordId(link.id),
    prev: status.prev,
    ...(status.prev === null ? { was: status.value } : {}),
  };
  files.push(recordFile(itemRecord(item, 'status', { ...change, value: next }, follows)));
  [status.prev, status.value] = [follows.id, next];
  return files;
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

function itemRecord(item: Item, field: RecordedField, change: RemoteChange, link: ChainLink): ItemRecord {
  return {
    id: link.id,
    item: item.uid,
    set: { [field]: change.value },
    prev: { [field]: link.prev },
    was: link.was === undefined ? {} : { [field]: link.was },
    at: change.at,
    by: remoteAuthor(change.actor),
    origin: githubOrigin,
  };
}

/** Front matter shows to readers what the records say now. */
async function showValues(context: SyncContext, item: Item, changed: readonly SyncedField[]): Promise<void> {
  const now = context.services.index.item(item.uid);
  if (!now) return;
  const shown: FrontMatterChanges = {};
  for (const field of changed) {
    if (field === 'phase') Object.assign(shown, { phase: now.incident?.phase, status: now.status });
    else shown[field] = fieldValue(now, field);
  }
  await showInDocument(context.services, now, shown);
}

/** Tells a person whose change was not sent yet that GitHub's stands. It stays on record. */
function reportOverruled(context: SyncContext, item: Item, view: RemoteView, changed: readonly SyncedField[]): void {
  const now = context.services.index.item(item.uid);
  for (const field of changed) {
    const before = view.local[field];
    const after = now && (field === 'phase' ? now.incident?.phase : fieldValue(now, field));
    const base = view.baseValue(field);
    if (!before || base === undefined || after === before.value || before.origin !== context.services.origin) continue;
    if (sentValue(field, before.value) === base) continue;
    context.report.problem({
      code: 'overruled',
      item: item.id,
      message: `The ${field} was changed here to "${before.value}" and on GitHub to "${after}" at the same time; GitHub's stands.`,
    });
  }
}
