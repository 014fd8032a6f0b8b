import type { Item } from '../../core/item.ts';
import { type IssuePatch, type RemoteIssue, TrackerError } from '../../core/ports/issueTracker.ts';
import { contentHash } from '../../core/ulids.ts';
import { inferredOrigin, recordFirstEdit } from '../handEdits.ts';
import { baseValue } from './agreedFields.ts';
import { mostCharacters } from './commentText.ts';
import { isImported, isUnlabelled } from './importedItem.ts';
import { importIssue, originalOf, rememberedMarker, trustedMarker, withAgreement } from './importIssue.ts';
import { ownerOf } from './issuePeople.ts';
import { type LabelField, shownLabelFields } from './labels.ts';
import { type IssueMarker, type MarkedField, markedBody, parseIssueBody, trimmedBody } from './markers.ts';
import { formerOwner, milestoneToSend, putOwner, refuseOwner, withoutOldRefusals, withRefused } from './pushChoices.ts';
import { agreedOn, isOldBody, reconcileBody } from './reconcileBody.ts';
import { recoverReplaced } from './recoverReplaced.ts';
import { forgetMilestone, sprintOf } from './sprintMilestone.ts';
import { githubOrigin, type SyncContext } from './syncContext.ts';
import {
  type LocalField,
  type LocalFields,
  localFields,
  markedValue,
  type SyncedField,
  sentTitle,
  syncedFields,
} from './syncedField.ts';
import type { ItemState } from './syncState.ts';
import { isOwnRecord } from './takeOver.ts';
import { closingReason, wantedState } from './wantedState.ts';

/** What of an item this clone has to send. */
export interface Outgoing {
  readonly title: boolean;
  readonly body: boolean;
  readonly labels: readonly LabelField[];
  readonly owner: boolean;
  readonly sprint: boolean;
  readonly state: 'open' | 'closed' | undefined;
}

const nothing: Outgoing = { title: false, body: false, labels: [], owner: false, sprint: false, state: undefined };

export function isNothing(outgoing: Outgoing): boolean {
  const { title, body, labels, owner, sprint, state } = outgoing;
  return !title && !body && labels.length === 0 && !owner && !sprint && state === undefined;
}

type OutgoingContext = Pick<SyncContext, 'services' | 'store' | 'mayPushInferred' | 'namesPrivate'>;

/**
 * What differs from what was last agreed on and is this clone's to send: its own records from any branch, what is only
 * inferred from the configured one.
 */
export async function outgoingOf(
  context: OutgoingContext,
  item: Item,
  state: ItemState,
  local: LocalFields,
): Promise<Outgoing> {
  const { base } = state;
  if (!base) return nothing;
  const { title, phase, status, owner, sprint } = local;
  const isOurs = (field: SyncedField, entry: LocalField) => isToSend(context, state, field, entry);
  const labels: LabelField[] = [];
  for (const field of shownLabelFields(local)) {
    const entry = local[field];
    if (!entry) continue;
    const there = base.labels[field];
    if (entry.value !== there) {
      const isGuess = there === undefined && entry.head === null && isImported(item.uid);
      if (isGuess && isUnlabelled(field, entry.value, base.state)) continue;
      if (await isOurs(field, entry)) labels.push(field);
    } else if (state.surplus?.includes(field) && (entry.origin === githubOrigin || (await isOurs(field, entry)))) {
      labels.push(field);
    }
  }
  const isChosen = async (field: 'owner' | 'sprint', entry: LocalField | undefined) =>
    entry !== undefined &&
    base[field] !== undefined &&
    entry.sent !== base[field] &&
    entry.sent !== state.refused?.[field] &&
    (await isOurs(field, entry));
  const wanted = wantedState(phase?.value, status?.value);
  const decides = phase ?? status;
  return {
    title:
      title !== undefined &&
      title.sent !== base.title &&
      title.sent !== '' &&
      (await isOurs('title', title)) &&
      !context.namesPrivate(title.value),
    body: await bodyIsOutgoing(context, item, state),
    labels,
    owner: state.unassign !== undefined || (await isChosen('owner', owner)),
    sprint: await isChosen('sprint', sprint),
    state:
      wanted !== undefined && wanted !== base.state && decides && (await isOurs(phase ? 'phase' : 'status', decides))
        ? wanted
        : undefined,
  };
}

async function bodyIsOutgoing(context: OutgoingContext, item: Item, state: ItemState): Promise<boolean> {
  const body = trimmedBody(item.body);
  if (state.baseBody === undefined || body === state.baseBody || isOldBody(state, body)) return false;
  if (state.refusedBody === contentHash(body) || !fits(body) || context.namesPrivate(body)) return false;
  return context.mayPushInferred();
}

/**
 * Whether this clone sends a field that differs. It does what it recorded itself, and what nobody did. Where GitHub shows
 * the record of another clone that git has not brought yet, the difference is that clone's doing: only what was recorded
 * here since both agreed goes out then.
 */
async function isToSend(
  context: OutgoingContext,
  state: ItemState,
  field: SyncedField,
  entry: LocalField,
): Promise<boolean> {
  const head = headOf(state.marked?.[field]);
  const agreed = state.agreed?.[field];
  const lacks = (record: string) => record !== '' && !entry.records.has(record);
  // Nor is anything news in a checkout of the past, which lacks what both agreed on.
  const isBehind = lacks(head) || lacks(headOf(agreed));
  if (isOwnRecord(context, { id: entry.head ?? '', origin: entry.origin })) {
    const isNew = entry.head !== null && !state.agreedRecords?.[field]?.includes(entry.head);
    return !isBehind || (agreed !== undefined && isNew);
  }
  if (isBehind) return false;
  if (entry.origin === githubOrigin) {
    // Closing on GitHub enters a phase that GitHub's labels do not show yet. All else that came from there is there,
    // unless a clone that did not know of it wrote over it.
    return field === 'phase' || field === 'status' || (agreed !== undefined && head !== '' && head !== entry.head);
  }
  return (entry.origin === undefined || entry.origin === inferredOrigin) && context.mayPushInferred();
}

/** The record of a field's mark; empty where none stands behind it. */
function headOf(mark: string | undefined): string {
  return mark === undefined ? '' : mark.slice(0, mark.indexOf(':'));
}

export function fits(body: string): boolean {
  return body.length <= mostCharacters - 2_048;
}

/** The marker of an item: who and what Firebreak is about to write there. */
export function markerOf(
  item: Item,
  local: LocalFields,
  keep: IssueMarker | undefined,
  sent: ReadonlySet<SyncedField>,
): IssueMarker {
  const fields: Partial<Record<SyncedField, MarkedField>> = {};
  for (const field of syncedFields) {
    const entry = local[field];
    const kept = keep?.fields[field];
    if (entry && (sent.has(field) || kept === undefined)) {
      fields[field] = { head: entry.head, value: markedValue(field, entry.sent) };
    } else if (kept) fields[field] = kept;
  }
  return { uid: item.uid, fields };
}

/**
 * Sends what changed of one linked item. The issue is read again first and people's changes are taken in; then only what
 * differs is written, and the answer is held against it.
 */
export async function pushIssue(context: SyncContext, uid: string, known: ItemState): Promise<ItemState> {
  const { index } = context.services;
  const before = index.item(uid);
  if (!before || known.number === undefined) return known;
  reportUnsent(context, before, known);
  const standing = await localFields(context.services, uid);
  const start = withoutOldRefusals(context, before, known, standing);
  if (isNothing(await outgoingOf(context, before, start, standing))) {
    return context.store.saveItem(withAgreement(start, standing));
  }

  const remote = await context.tracker.issue(known.number);
  const movedTo = originalOf(before, remote);
  if (movedTo !== undefined) return context.store.saveItem({ ...start, movedTo });
  let state = await importIssue(context, before, start, remote);
  state = await reconcileBody(context, index.item(uid) ?? before, state);
  await context.store.saveItem(state);
  const item = index.item(uid);
  if (!item || !state.base) return state;
  let outgoing = await outgoingOf(context, item, state, await localFields(context.services, uid));
  if (isNothing(outgoing)) return state;
  const local = await explained(context, item, state, outgoing);
  const sprint = outgoing.sprint ? await milestoneToSend(context, item, state, local, remote) : undefined;
  if (sprint) {
    state = sprint.state;
    outgoing = { ...outgoing, sprint: sprint.milestone !== undefined };
  }
  if (outgoing.owner && !context.repository.canPush) {
    state = refuseOwner(context, item, state, local);
    outgoing = { ...outgoing, owner: false };
  }
  if (isNothing(outgoing)) return context.store.saveItem(state);
  const unassign = outgoing.owner ? formerOwner(state, local, remote) : undefined;

  await context.checkpoint();
  // Should the machine stop between two of the requests below, the issue is read again before anything is decided.
  await context.store.saveItem({
    ...state,
    reread: true,
    ...(unassign === undefined ? {} : { unassign }),
  });
  const patched = await patch(context, item, state, local, outgoing, remote, sprint?.milestone);
  state = await putLabels(context, item, patched.state, local, outgoing, patched.labels);
  if (outgoing.owner) state = await putOwner(context, item, state, local, unassign, patched.assignees);
  context.report.updated += 1;
  state = await context.store.saveItem(withAgreement({ ...state, reread: false }, local));
  return state.overwriting ? context.store.saveItem(await recoverReplaced(context, item, state)) : state;
}

/** Gives each edit by hand that goes out a record, unless GitHub has no value yet that it could be a change of. */
async function explained(
  context: SyncContext,
  item: Item,
  { base }: ItemState,
  outgoing: Outgoing,
): Promise<LocalFields> {
  const local = await localFields(context.services, item.uid);
  for (const field of fieldsOf(outgoing)) {
    const entry = local[field];
    const sent = baseValue(base, field);
    const was = field === 'owner' && sent !== undefined ? ownerOf(sent) : sent;
    if ((field === 'owner' || field === 'sprint') && was === '') continue;
    // An incident's phase and severity are events; one that was written by hand without any goes on without.
    const isEvent = local.phase !== undefined && field === 'severity';
    if (!entry || entry.head !== null || was === undefined || sent === entry.sent) continue;
    if (field === 'phase' || isEvent) continue;
    await recordFirstEdit(context.services, item, field, entry.value, was);
  }
  return localFields(context.services, item.uid);
}

function fieldsOf({ title, labels, owner, sprint }: Outgoing): SyncedField[] {
  return [
    ...(title ? (['title'] as const) : []),
    ...labels,
    ...(owner ? (['owner'] as const) : []),
    ...(sprint ? (['sprint'] as const) : []),
  ];
}

interface Patched {
  readonly state: ItemState;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

/** @param milestone the number of the sprint's milestone, null for none; undefined when that does not change */
async function patch(
  context: SyncContext,
  item: Item,
  state: ItemState,
  local: LocalFields,
  outgoing: Outgoing,
  remote: RemoteIssue,
  milestone: number | null | undefined,
): Promise<Patched> {
  const { text } = parseIssueBody(remote.body);
  const body = outgoing.body ? trimmedBody(item.body) : text;
  const sent = new Set<SyncedField>(fieldsOf(outgoing));
  if (outgoing.state !== undefined) sent.add(local.phase ? 'phase' : 'status');
  // What agrees is marked with the record that stands behind it now.
  for (const field of syncedFields) if (agrees(field, local[field], state)) sent.add(field);
  if (local.phase && sent.has('phase')) sent.add('status');
  const marker = markerOf(item, local, trustedMarker(item, remote), sent);
  const whole = markedBody(body, marker);
  const changes: IssuePatch = {
    ...(outgoing.title && local.title ? { title: local.title.sent } : {}),
    ...(milestone === undefined ? {} : { milestone }),
    ...(whole === remote.body ? {} : { body: whole }),
    ...(outgoing.state === undefined ? {} : { state: outgoing.state }),
    ...(outgoing.state === 'closed' ? closingOf(context, item, local) : {}),
    ...(outgoing.state === 'open' ? { stateReason: 'reopened' } : {}),
  };
  const { labels, assignees } = remote;
  if (Object.keys(changes).length === 0 || !state.base) return { state, labels, assignees };
  context.report.over(item.id, 'notTaken');
  const overwriting = overwritingOf(remote, changes, local.sprint?.sent);
  await context.store.saveItem({ ...(context.store.item(item.uid) ?? state), ...overwriting });
  const { answer, refused } = await updateIssue(context, remote, changes, local.sprint?.sent);
  const found = parseIssueBody(answer.body);
  const notTaken = (what: string) =>
    context.report.problem({
      code: 'notTaken',
      lasting: true,
      item: item.id,
      message: `GitHub answered and kept the old ${what} of issue #${remote.number}.`,
    });
  const reached = milestone === undefined || refused ? {} : { sprint: sprintOf(answer) };
  // What a person changed since we read it is theirs to be taken in: only what was sent is agreed on now.
  const title = changes.title === undefined ? state.base.title : sentTitle(answer.title);
  const base = {
    ...state.base,
    title,
    state: changes.state === undefined ? state.base.state : answer.state,
    ...reached,
  };
  const marked = rememberedMarker(found.marker);
  let next: ItemState = { ...state, ...overwriting, base, marked, settled: marked, remoteBody: found.text };
  if (changes.title !== undefined && base.title !== changes.title) {
    notTaken('title');
    next = { ...next, base: { ...base, title: changes.title } };
  }
  if (changes.state !== undefined && answer.state !== changes.state) notTaken('state');
  if (milestone !== undefined && !refused) {
    const taken = base.sprint === local.sprint?.sent;
    next = withRefused(next, 'sprint', taken ? undefined : local.sprint?.sent);
    if (!taken) notTaken('milestone');
  }
  const has = { labels: answer.labels, assignees: answer.assignees };
  if (!outgoing.body) return { state: next, ...has };
  if (found.text === body) return { state: agreedOn(next, body), ...has };
  notTaken('text');
  return { state: { ...next, refusedBody: contentHash(body) }, ...has };
}

/** Why it is closed; what was merged into another item is the duplicate of that one's issue. */
function closingOf(context: SyncContext, item: Item, local: LocalFields): IssuePatch {
  const stateReason = closingReason(local.status?.value);
  const target = item.duplicateOf === undefined ? undefined : context.services.index.item(item.duplicateOf);
  if (stateReason !== 'duplicate' || !target || context.rules.isWithheld(target)) return { stateReason };
  const known = context.store.item(target.uid);
  const duplicateOf =
    known?.stage === 'linked' && known.repository === context.repository.id ? known.issueId : undefined;
  return { stateReason, ...(duplicateOf === undefined ? {} : { duplicateOf }) };
}

/**
 * Without the milestone or the original, where GitHub refuses all for their sake. A milestone was deleted then, and is
 * looked for again next time; an older server knows no duplicates at all.
 */
async function updateIssue(
  context: SyncContext,
  remote: RemoteIssue,
  changes: IssuePatch,
  sprint: string | undefined,
): Promise<{ readonly answer: RemoteIssue; readonly refused: boolean }> {
  const { milestone, duplicateOf, ...others } = changes;
  const hasMilestone = typeof milestone === 'number' && sprint !== undefined;
  const rest: IssuePatch = { ...others, ...(milestone === null ? { milestone } : {}) };
  const attempts = [changes];
  if (hasMilestone || duplicateOf !== undefined) attempts.push(rest);
  if (changes.stateReason === 'duplicate') attempts.push({ ...rest, stateReason: 'not_planned' });
  for (const [index, attempt] of attempts.entries()) {
    if (Object.keys(attempt).length === 0) break;
    try {
      return {
        answer: await context.tracker.updateIssue(remote.number, attempt),
        refused: hasMilestone && index > 0,
      };
    } catch (error) {
      if (!TrackerError.is(error, 'refused') || error.status !== 422 || index === attempts.length - 1) throw error;
      if (hasMilestone) await forgetMilestone(context, sprint);
    }
  }
  return { answer: remote, refused: true };
}

/** Kept on disk before the write, so that a machine that stops after it knows what to look for. */
function overwritingOf(
  remote: RemoteIssue,
  { title, body, milestone }: IssuePatch,
  sprint: string | undefined,
): Pick<ItemState, 'overwriting'> {
  if (title === undefined && body === undefined && milestone === undefined) return {};
  const overwriting = {
    readAt: remote.updatedAt,
    ...(title === undefined ? {} : { title: { read: sentTitle(remote.title), sent: title } }),
    ...(milestone === undefined || sprint === undefined ? {} : { sprint: { read: sprintOf(remote), sent: sprint } }),
    ...(body === undefined ? {} : { body: { read: remote.body, sent: body } }),
  };
  return { overwriting };
}

function agrees(field: SyncedField, entry: LocalField | undefined, { base }: ItemState): boolean {
  if (!entry || !base) return false;
  return entry.sent === baseValue(base, field);
}

async function putLabels(
  context: SyncContext,
  item: Item,
  state: ItemState,
  local: LocalFields,
  outgoing: Outgoing,
  present: readonly string[],
): Promise<ItemState> {
  const { labels: mapping } = context.rules;
  const { base, number } = state;
  if (!base || number === undefined) return state;
  const labels: Partial<Record<LabelField, string>> = { ...base.labels };
  for (const field of outgoing.labels) {
    const value = local[field]?.value;
    if (value !== undefined) labels[field] = value;
  }
  const shown = shownLabelFields(local);
  const has = (name: string) => present.some((other) => other.toLowerCase() === name.toLowerCase());
  const missing = outgoing.labels.map((field) => mapping.name(field, labels[field] ?? '')).filter((name) => !has(name));
  const outdated = present.filter((name) => {
    const label = mapping.read(name);
    if (!label) return false;
    // A field that is not shown any more (an item's status, once it is an incident) goes, if it is what we put there.
    if (!shown.includes(label.field)) return base.labels[label.field] === label.value;
    return outgoing.labels.includes(label.field) && labels[label.field] !== label.value;
  });
  for (const field of Object.keys(labels) as LabelField[]) if (!shown.includes(field)) delete labels[field];
  const surplus = state.surplus?.filter((field) => !outgoing.labels.includes(field)) ?? [];
  const next: ItemState = { ...state, base: { ...base, labels }, surplus };
  if (missing.length === 0 && outdated.length === 0) return next;
  if (!context.repository.canPush) {
    reportDropped(context, item, missing);
    return next;
  }
  if (missing.length > 0) await addLabels(context, item, number, missing);
  for (const name of outdated) {
    await context.checkpoint();
    await context.tracker.removeLabel(number, name);
  }
  return next;
}

async function addLabels(context: SyncContext, item: Item, number: number, names: readonly string[]): Promise<void> {
  await ensureLabels(context, names);
  await context.checkpoint();
  try {
    const after = await context.tracker.addLabels(number, names);
    context.report.over(item.id, 'labelsDropped');
    reportDropped(context, item, droppedOf(names, after));
  } catch (error) {
    if (!TrackerError.is(error, 'refused', 'notFound')) throw error;
    reportDropped(context, item, names);
  }
}

export function droppedOf(wanted: readonly string[], present: readonly string[]): string[] {
  const found = new Set(present.map((name) => name.toLowerCase()));
  return wanted.filter((name) => !found.has(name.toLowerCase()));
}

export function reportDropped(context: SyncContext, item: Item, names: readonly string[]): void {
  if (names.length === 0) return;
  context.report.problem({
    code: 'labelsDropped',
    lasting: true,
    item: item.id,
    message: `GitHub left out the labels ${names.join(', ')}: the token may not label issues in ${context.repository.owner}/${context.repository.repo}.`,
  });
}

/** Makes the labels of our mapping that the repository lacks, once, with their colours. */
export async function ensureLabels(context: SyncContext, names: readonly string[]): Promise<void> {
  const lacking = () => droppedOf(names, context.store.cursor.labels);
  if (!context.repository.canPush || lacking().length === 0) return;
  const present = (await context.tracker.labels()).filter((name) => context.rules.labels.read(name));
  await context.store.saveCursor({ labels: present });
  for (const name of lacking()) {
    await context.checkpoint();
    const { color, description } = context.rules.labels.look(name);
    try {
      await context.tracker.createLabel(name, color, description);
    } catch (error) {
      // The issue's own answer will tell that the label is not there.
      if (!TrackerError.is(error, 'refused', 'notFound')) throw error;
    }
    await context.store.saveCursor({ labels: [...context.store.cursor.labels, name] });
  }
}

/** Says what differs and is not sent, each time: nobody should think that GitHub has it. */
function reportUnsent(context: SyncContext, item: Item, state: ItemState): void {
  const body = trimmedBody(item.body);
  if (context.namesPrivate(item.title) || context.namesPrivate(body)) {
    context.report.problem({
      code: 'namesPrivate',
      item: item.id,
      message: 'Its title or text names a private item, so changes of that are not sent to GitHub.',
    });
  }
  if (state.baseBody === undefined || body === state.baseBody) return;
  if (!fits(body)) {
    context.report.problem({
      code: 'tooLong',
      item: item.id,
      message: 'Its text is longer than GitHub takes, so it is not sent.',
    });
  } else if (isOldBody(state, body)) {
    context.report.problem({
      code: 'staleBody',
      item: item.id,
      message:
        'Its file shows an earlier text, which is neither sent nor replaced: get the newer one from git, or edit it to send it.',
    });
  }
}
