import { type Item, isIncident } from '../../core/item.ts';
import type { RemoteIssue } from '../../core/ports/issueTracker.ts';
import { isSeverity } from '../../core/severity.ts';
import { type FrontMatterChanges, fieldValue, linesOf, showInDocument } from '../changes.ts';
import type { NewFile } from '../newFile.ts';
import { ownEvents } from '../ownEvents.ts';
import { baseValue, shownFields } from './agreedFields.ts';
import { parseIssueBody } from './markers.ts';
import { rememberedMarker, trustedMarker } from './ourMarker.ts';
import { withoutMilestoneRefusal } from './pushChoices.ts';
import { changesOf, newsOf } from './remoteChanges.ts';
import { recordedLine, recordsOf, statusBefore, untold } from './remoteRecords.ts';
import { RemoteView } from './remoteView.ts';
import { remoteId, type SyncContext } from './syncContext.ts';
import { fieldMark, type LocalFields, localFields, type SyncedField } from './syncedField.ts';
import type { ItemState } from './syncState.ts';
import { isOwnRecord } from './takeOver.ts';

/**
 * Remembers how the fields stand that agree with GitHub: what changes after that changed here. And which records decide
 * nothing any more: where one does, the checkout is one of the past.
 */
export function withAgreement(state: ItemState, local: LocalFields): ItemState {
  const { base } = state;
  if (!base) return state;
  const agreed: Partial<Record<SyncedField, string>> = { ...state.agreed };
  const agreedRecords: Partial<Record<SyncedField, readonly string[]>> = { ...state.agreedRecords };
  const past: Partial<Record<SyncedField, readonly string[]>> = { ...state.past };
  for (const field of shownFields(local)) {
    const entry = local[field];
    if (!entry) continue;
    if (entry.past.length > 0) past[field] = [...new Set([...(past[field] ?? []), ...entry.past])];
    if (entry.sent !== baseValue(base, field)) continue;
    agreed[field] = fieldMark(field, entry);
    if (entry.own.length > 0) agreedRecords[field] = [...new Set([...(agreedRecords[field] ?? []), ...entry.own])];
  }
  return { ...state, agreed, agreedRecords, past };
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
  // Whose labels GitHub leaves out altogether has nothing to look for.
  const changed = view.changedFields().filter((field) => context.repository.canPush || !view.isBare(field));
  const { news, passed } = changed.length > 0 ? await importChanges(context, item, issue, view, changed) : nothingNew;
  const unsettled = new Set(changed.filter((field) => !news.has(field) && !passed.has(field)));
  const base = view.agreed(unsettled);
  const { unassign: _, ...known } = withoutMilestoneRefusal(context, item, state, issue);
  const { text, links } = parseIssueBody(issue.body);
  const leftOver = view.leftOver();
  const next: ItemState = {
    ...known,
    stage: 'linked',
    number: issue.number,
    issueId: issue.id,
    base,
    ...(leftOver === undefined ? {} : { unassign: leftOver }),
    surplus: context.repository.canPush ? view.surplus(base, unsettled) : [],
    marked: rememberedMarker(marker),
    settled: view.settledMarks(news),
    remoteBody: text,
    links,
    parent: issue.parent ?? 0,
    seenAt: issue.updatedAt,
    reread: false,
  };
  return withAgreement(next, news.size > 0 ? await localFields(context.services, item.uid) : local);
}

interface Imported {
  /** The fields that people changed indeed. */
  readonly news: ReadonlySet<SyncedField>;
  /** Those whose change another clone has taken in. */
  readonly passed: ReadonlySet<SyncedField>;
}

const nothingNew: Imported = { news: new Set(), passed: new Set() };

async function importChanges(
  context: SyncContext,
  item: Item,
  issue: RemoteIssue,
  view: RemoteView,
  changed: readonly SyncedField[],
): Promise<Imported> {
  const events = await context.tracker.issueEvents(issue.number);
  const known = new Set(context.services.index.records(item.uid).map((record) => record.id));
  if (isIncident(item)) for (const event of await ownEvents(context.services, item)) known.add(event.id);
  const files: NewFile[] = [];
  const news = new Set<SyncedField>();
  const passed = new Set<SyncedField>();
  const unexplained: FrontMatterChanges = {};
  for (const field of changed) {
    const local = view.local[field];
    if (!local) continue;
    const closing = (severity: string | undefined) =>
      closedMeans(context, item, issue, severity ?? view.marked('severity')?.value);
    const changes = changesOf(field, events, closing, context.rules.labels);
    if (field === 'owner') view.decideOwner(changes.at(-1)?.value);
    const anchor = view.anchor(field);
    const found = newsOf(changes, {
      marked: view.marked(field),
      anchor,
      knownAs: (change) => [remoteId(context.repository, change.key)].find((id) => known.has(id)),
      follows: local.follows,
      ...view.beginnings(field),
    });
    // It was taken in before, and the machine stopped before that was written down.
    if (found.isKnown) news.add(field);
    if (found.isPassed) passed.add(field);
    const steps = found.news.length > 0 ? found.news : untold(view, field, changes, issue);
    if (steps.length === 0) continue;
    news.add(field);
    const prev = found.prev === undefined ? local.head : found.prev;
    // Told by GitHub where it can be: what is known here may differ from clone to clone.
    const told = field === 'title' ? steps[0]?.from : (found.before ?? anchor?.value);
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
  return { news, passed };
}

/**
 * What closing on GitHub means: the review where one is owed, else the end (design, "phase").
 * @param labelled the severity as its labels showed it; where GitHub left those out, as the marker names it
 */
function closedMeans(context: SyncContext, item: Item, issue: RemoteIssue, labelled: string | undefined): string {
  if (isIncident(item)) {
    // As GitHub showed it: what is known here may differ from clone to clone, and their records must not.
    const severity = labelled !== undefined && isSeverity(labelled) ? labelled : item.severity;
    return context.services.index.policy().severities[severity].rcaRequired === 'always' ? 'rca' : 'closed';
  }
  if (issue.stateReason === 'not_planned') return 'declined';
  return issue.stateReason === 'duplicate' ? 'duplicate' : 'done';
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
      message: overruledText(field, before.value, after ?? ''),
    });
  }
}

/** @param here, there the values of both sides; empty for none */
export function overruledText(field: SyncedField, here: string, there: string): string {
  const [mine, theirs] = [here, there].map((value) => (value === '' ? 'nothing' : `"${value}"`));
  return `The ${field} was changed here to ${mine} and on GitHub to ${theirs} at the same time; GitHub's stands.`;
}
