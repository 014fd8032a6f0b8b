import { type Item, type ItemRecord, isIncident, type RecordedField } from '../../core/item.ts';
import { isPhase, statusInPhase } from '../../core/phase.ts';
import type { RemoteIssue } from '../../core/ports/issueTracker.ts';
import { isSeverity } from '../../core/severity.ts';
import { isFinished, isStatus } from '../../core/status.ts';
import { compactInstant, parseInstant } from '../../core/time.ts';
import { contentHash } from '../../core/ulids.ts';
import { type FrontMatterChanges, fieldValue, linesOf, recordFile, showInDocument } from '../changes.ts';
import { eventFile } from '../newEvent.ts';
import type { NewFile } from '../newFile.ts';
import { ownEvents } from '../ownEvents.ts';
import { baseValue, shownFields } from './agreedFields.ts';
import { assignedLogins, loginAsWritten, ownerOf } from './issuePeople.ts';
import { type LabelField, type LabelMapping, shownLabelFields } from './labels.ts';
import { type IssueMarker, type MarkedField, parseIssueBody } from './markers.ts';
import { changesOf, type NewsFacts, newsOf, type RemoteChange } from './remoteChanges.ts';
import { sprintOf } from './sprintMilestone.ts';
import { githubOrigin, remoteAuthor, remoteId, type SyncContext } from './syncContext.ts';
import {
  fieldMark,
  type LocalFields,
  localFields,
  markedValue,
  type SyncedField,
  sentTitle,
  syncedFields,
} from './syncedField.ts';
import type { Base, ItemState, Marks } from './syncState.ts';
import { isOwnRecord } from './takeOver.ts';
import { wantedState } from './wantedState.ts';

/**
 * A marker counts from an author with write permission, and for the item that it names; not that of a double, which was
 * closed for another.
 */
export function trustedMarker(item: Item, issue: RemoteIssue): IssueMarker | undefined {
  const marker = ownMarker(item, issue);
  return marker?.same === undefined ? marker : undefined;
}

/** The issue that an item goes on in, where this one was closed as the double of that. */
export function originalOf(item: Item, issue: RemoteIssue): number | undefined {
  const same = ownMarker(item, issue)?.same;
  return same === issue.number ? undefined : same;
}

function ownMarker(item: Item, issue: RemoteIssue): IssueMarker | undefined {
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
  for (const field of shownFields(local)) {
    const entry = local[field];
    if (!entry || entry.sent !== baseValue(base, field)) continue;
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
  const view = new RemoteView(state, issue, marker, local, context.rules.labels);
  const changed = view.changedFields();
  const news = changed.length > 0 ? await importChanges(context, item, issue, view, changed) : new Set<SyncedField>();
  const base = view.agreed(new Set(changed.filter((field) => !news.has(field))));
  const surplus = shownLabelFields(local).filter((field) =>
    context.rules.labels.hasSurplus(issue.labels, field, base.labels[field]),
  );
  const { unassign: _, ...known } = state;
  const leftOver = view.leftOver();
  const next: ItemState = {
    ...known,
    stage: 'linked',
    number: issue.number,
    issueId: issue.id,
    base,
    ...(leftOver === undefined ? {} : { unassign: leftOver }),
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
  readonly #labels: LabelMapping;
  #owner: string;

  constructor(
    state: ItemState,
    issue: RemoteIssue,
    marker: IssueMarker | undefined,
    local: LocalFields,
    labels: LabelMapping,
  ) {
    this.#labels = labels;
    this.local = local;
    this.#state = state;
    this.#issue = issue;
    this.#marker = marker;
    this.#owner = this.#ownerByKnown();
  }

  /** `phase` for an incident, `status` for an ordinary item: what open and closed belong to. */
  get stateField(): 'phase' | 'status' {
    return this.local.phase ? 'phase' : 'status';
  }

  changedFields(): SyncedField[] {
    return shownFields(this.local).filter(
      (field) => this.#valueChanged(field) || (field === this.stateField && this.#stateChanged()),
    );
  }

  remoteValue(field: SyncedField): string | undefined {
    if (field === 'title') return sentTitle(this.#issue.title);
    if (field === 'owner') return this.#owner;
    if (field === 'sprint') return sprintOf(this.#issue);
    if (!shownLabelFields(this.local).includes(field)) return undefined;
    return this.#labels.valueOf(this.#issue.labels, field, this.baseValue(field));
  }

  /** What the marker says that Firebreak last wrote. */
  marked(field: SyncedField): MarkedField | undefined {
    return this.#marker?.fields[field];
  }

  baseValue(field: SyncedField): string | undefined {
    return baseValue(this.#state.base, field);
  }

  /** Who of several assignees is the owner, when their events have told. */
  decideOwner(login: string | undefined): void {
    if (login !== undefined && assignedLogins(this.#issue.assignees).includes(login)) this.#owner = login;
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

  /** Whether what stands here is what GitHub had before, and no change that was made here since. */
  isOld(field: SyncedField, changes: readonly RemoteChange[]): boolean {
    const sent = this.local[field]?.sent;
    return sent === this.baseValue(field) || changes.some(({ value, from }) => value === sent || from === sent);
  }

  /** For fields that may be empty: what was agreed on, and that they were empty in the beginning. */
  beginnings(field: SyncedField): Pick<NewsFacts, 'agreed' | 'initial'> {
    if (field !== 'owner' && field !== 'sprint') return {};
    const agreed = this.baseValue(field);
    // A marker that says that somebody emptied it, with no state of our own beside, does not tell when that was.
    const isKnown = agreed !== undefined || this.marked(field)?.head == null;
    return { agreed, ...(isKnown ? { initial: '' } : {}) };
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
    return {
      title: sentTitle(this.#issue.title),
      state: this.#issue.state,
      labels,
      owner: this.#agreedOr('owner', unsettled),
      sprint: this.#agreedOr('sprint', unsettled),
    };
  }

  /** An assignee that was to be taken off the issue, and still is on it. */
  leftOver(): string | undefined {
    const { unassign } = this.#state;
    if (unassign === undefined || unassign === this.#owner) return undefined;
    return assignedLogins(this.#issue.assignees).includes(unassign) ? unassign : undefined;
  }

  #agreedOr(field: 'owner' | 'sprint', unsettled: ReadonlySet<SyncedField>): string {
    const before = unsettled.has(field) ? this.baseValue(field) : undefined;
    return before ?? this.remoteValue(field) ?? '';
  }

  /** An owner stays the owner for as long as they are assigned; who else is changes nothing. */
  #ownerByKnown(): string {
    const assigned = assignedLogins(this.#issue.assignees);
    const base = this.baseValue('owner');
    const marked = this.#marker?.fields.owner?.value;
    const announced = base === undefined || this.#writtenSince('owner') ? marked : undefined;
    const known = [announced, base, ...(announced === undefined && base === undefined ? [this.local.owner?.sent] : [])];
    return known.find((login) => login !== undefined && assigned.includes(login)) ?? assigned[0] ?? '';
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
    if (remote === undefined || local === undefined) return false;
    const marked = this.#marker?.fields[field];
    // That nothing is there tells something where there was something before, of a field that may be empty.
    const mayBeEmpty = (field === 'owner' || field === 'sprint') && (base !== undefined || marked !== undefined);
    if (remote === '' && !mayBeEmpty) return false;
    if (remote === base || remote === local.sent) return false;
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
  const unexplained: FrontMatterChanges = {};
  for (const field of changed) {
    const local = view.local[field];
    if (!local) continue;
    const closing = (severity: string | undefined) => closedMeans(context, item, issue, severity);
    const changes = changesOf(field, events, closing, context.rules.labels);
    if (field === 'owner') view.decideOwner(changes.at(-1)?.value);
    const anchor = view.anchor(field);
    const found = newsOf(changes, {
      anchor,
      knownAs: (change) => [remoteId(context.repository, change.key)].find((id) => known.has(id)),
      ...view.beginnings(field),
    });
    // It was taken in before, and the machine stopped before that was written down.
    if (found.isKnown) news.add(field);
    const steps = found.news.length > 0 ? found.news : untold(view, field, changes, issue);
    if (steps.length === 0) continue;
    news.add(field);
    const prev = found.prev === undefined ? local.head : found.prev;
    // Told by GitHub where it can be: what is known here may differ from clone to clone.
    const told = field === 'title' ? steps[0]?.from : anchor?.value;
    const before = told ?? view.baseValue(field) ?? local.sent;
    files.push(...recordsOf(context, item, field, steps, { prev, before }, statusBefore(context, item, view, prev)));
    if (prev !== null && !local.records.has(prev) && view.isOld(field, changes)) {
      Object.assign(unexplained, recordedLine(item, field, steps.at(-1)));
    }
  }
  if (files.length > 0) {
    // Beside a record that follows one which git has not brought yet, an old value in the file would look like an edit by
    // hand. So the file shows the new one first, should the machine stop in between.
    await showInDocument(context.services, item, unexplained);
    await context.services.writer.createAll(files);
    context.report.pulled += 1;
    await showValues(context, item, changed);
    reportOverruled(context, item, view, changed);
  }
  return news;
}

/** What closing on GitHub means: the review where one is owed, else the end (design, "phase"). */
function closedMeans(context: SyncContext, item: Item, issue: RemoteIssue, labelled: string | undefined): string {
  if (isIncident(item)) {
    // As GitHub showed it: what is known here may differ from clone to clone, and their records must not.
    const severity = labelled !== undefined && isSeverity(labelled) ? labelled : item.severity;
    return context.services.index.policy().severities[severity].rcaRequired === 'always' ? 'rca' : 'closed';
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
  const before = view.baseValue(field);
  if (value === undefined || value === before || (value === '' && before === undefined)) return [];
  if (changes.some((change) => change.value === value)) return [];
  const how = field === 'title' ? 'renamed' : 'labeled';
  const stamp = compactInstant(parseInstant(issue.updatedAt) ?? 0);
  const key = `i${issue.number}-${field}-${contentHash(value).slice(0, 8)}-${stamp}`;
  const written = field === 'owner' ? { written: ownerOf(loginAsWritten(issue, value)) } : {};
  return [{ field, key, at: issue.updatedAt, actor: undefined, value, ...written, from: undefined, how }];
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
function recordedLine(item: Item, field: SyncedField, change: RemoteChange | undefined): FrontMatterChanges {
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

/** Front matter shows to readers what the records say now. */
export async function showValues(context: SyncContext, item: Item, changed: readonly SyncedField[]): Promise<void> {
  const now = context.services.index.item(item.uid);
  if (!now) return;
  const shown: FrontMatterChanges = {};
  for (const field of changed) {
    if (field === 'phase') Object.assign(shown, { phase: now.incident?.phase, status: now.status });
    else Object.assign(shown, linesOf({ [field]: fieldValue(now, field) }));
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
    if (
      !before ||
      base === undefined ||
      after === before.value ||
      !isOwnRecord(context, { id: before.head ?? '', origin: before.origin })
    )
      continue;
    if (before.sent === base) continue;
    context.report.problem({
      code: 'overruled',
      item: item.id,
      message: `The ${field} was changed here to "${before.value}" and on GitHub to "${after}" at the same time; GitHub's stands.`,
    });
  }
}
