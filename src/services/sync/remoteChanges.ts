import type { RemoteIssueEvent } from '../../core/ports/issueTracker.ts';
import type { Instant } from '../../core/time.ts';
import { isOwnerLogin, ownerOf } from './issuePeople.ts';
import type { LabelMapping, LabelMeaning } from './labels.ts';
import type { MarkedField } from './markers.ts';
import { markedValue, type SyncedField, sentSprint, sentTitle } from './syncedField.ts';
import { isUnderWay } from './wantedState.ts';

/** One thing that somebody did to a field of an issue, in the order of GitHub's own ids. */
export interface RemoteChange {
  readonly field: SyncedField;
  /** The end of its record's id, the same in every clone: from the issue event's. */
  readonly key: string;
  readonly at: Instant;
  readonly actor: string | undefined;
  /** As it is sent. */
  readonly value: string;
  /** As a record holds it, where that differs. */
  readonly written?: string;
  /** For a title: the one before. */
  readonly from: string | undefined;
  readonly how: 'renamed' | 'labeled' | 'closed' | 'reopened' | 'assigned' | 'milestoned';
  /** What went, and the next change takes its place: no news by itself. */
  readonly passing?: true;
}

/**
 * What was done to a field, oldest first. Closing and reopening are changes of an incident's phase, or an item's status.
 * @param closedMeans what closing makes of the field, at the severity that the labels showed then; undefined before any did
 */
export function changesOf(
  field: SyncedField,
  events: readonly RemoteIssueEvent[],
  closedMeans: (severity: string | undefined) => string,
  labels: LabelMapping,
): RemoteChange[] {
  const inOrder = [...events].sort((left, right) => left.id - right.id);
  if (field === 'owner') return ownerChanges(inOrder);
  if (field === 'sprint') return sprintChanges(inOrder);
  const changes: RemoteChange[] = [];
  const stateField = field === 'phase' || field === 'status';
  let underWay = field === 'phase' ? 'respond' : 'ready';
  let severity: string | undefined;
  const present = new Set<string>();
  for (const event of inOrder) {
    const add = (how: RemoteChange['how'], value: string, from?: string) =>
      changes.push({ ...changeBy(event, field), value, from, how });
    const label = shownBy(event, field, labels, present, changes.at(-1)?.value);
    if (label?.field === 'severity') severity = label.value;
    if (field === 'title' && event.rename) add('renamed', sentTitle(event.rename.to), sentTitle(event.rename.from));
    else if (label?.field === field) {
      add('labeled', label.value);
      if (stateField && isUnderWay(label.value)) underWay = label.value;
    } else if (stateField && event.event === 'closed') add('closed', closedMeans(severity));
    else if (stateField && event.event === 'reopened') add('reopened', underWay);
  }
  return changes;
}

/**
 * What a label says that came, or that is left: who takes the newer of two labels of a field off chooses the other.
 * @param present the values of the field's labels on the issue, the one that came last at the end; kept up to date
 * @param current what the last change made of the field
 */
function shownBy(
  event: RemoteIssueEvent,
  field: SyncedField,
  labels: LabelMapping,
  present: Set<string>,
  current: string | undefined,
): LabelMeaning | undefined {
  const label = event.label === undefined ? undefined : labels.readPast(event.label);
  if (label?.field !== field) return event.event === 'labeled' ? label : undefined;
  present.delete(label.value);
  if (event.event === 'labeled') {
    present.add(label.value);
    return label;
  }
  const left = [...present].at(-1);
  return event.event === 'unlabeled' && label.value === current && left !== undefined
    ? { ...label, value: left }
    : undefined;
}

function changeBy(event: RemoteIssueEvent, field: SyncedField) {
  return { field, key: `e${event.id}`, at: event.at, actor: event.actor };
}

/**
 * Who of the assignees stood for the owner: the first, for as long as they were assigned, and then who was assigned last.
 * So a second person changes nothing, and an owner who is exchanged, whichever of both steps came first, is followed by
 * the other.
 */
function ownerChanges(events: readonly RemoteIssueEvent[]): RemoteChange[] {
  const changes: RemoteChange[] = [];
  const assigned = new Map<string, string>();
  let owner = '';
  for (const event of events) {
    const login = event.assignee;
    if (login === undefined || !isOwnerLogin(login)) continue;
    const value = login.toLowerCase();
    const base = { ...changeBy(event, 'owner'), from: undefined, how: 'assigned' as const };
    if (event.event === 'assigned') {
      assigned.set(value, login);
      if (owner !== '') continue;
      owner = value;
      changes.push({ ...base, value, written: ownerOf(login) });
    } else if (event.event === 'unassigned') {
      assigned.delete(value);
      if (value !== owner) continue;
      const [next = '', written = ''] = [...assigned].at(-1) ?? [];
      owner = next;
      changes.push({ ...base, value: '', ...(next === '' ? {} : { passing: true }) });
      if (next !== '') changes.push({ ...base, key: `${base.key}-next`, value: next, written: ownerOf(written) });
    }
  }
  return changes;
}

/** A milestone that is no sprint is as good as none. One that is exchanged goes first, and then the other comes. */
function sprintChanges(events: readonly RemoteIssueEvent[]): RemoteChange[] {
  const changes: RemoteChange[] = [];
  const steps = events.flatMap((event) => {
    if (event.milestone === undefined) return [];
    return [{ event, value: event.event === 'milestoned' ? sentSprint(event.milestone) : '' }];
  });
  let sprint = '';
  for (const [index, { event, value }] of steps.entries()) {
    if (value === sprint) continue;
    sprint = value;
    const next = steps[index + 1];
    const passing = next?.value !== '' && next?.event.at === event.at && next.event.actor === event.actor;
    changes.push({
      ...changeBy(event, 'sprint'),
      value,
      from: undefined,
      how: 'milestoned',
      ...(value === '' && passing ? { passing } : {}),
    });
  }
  return changes;
}

export interface NewsFacts {
  /** What the marker says that Firebreak last wrote: the same for every clone. */
  readonly marked?: MarkedField | undefined;
  /** The value that was the last word of Firebreak: the marker's, or the one agreed on. */
  readonly anchor: MarkedField | undefined;
  /** The id of the record that stands for the change here already. */
  readonly knownAs: (change: RemoteChange) => string | undefined;
  /** Whether a record follows another. */
  readonly follows: (id: string, earlier: string | null) => boolean;
  /** What was agreed on before the anchor was announced, where it may be that the announced never came. */
  readonly agreed?: string | undefined;
  /** What the field held before the first change, where that is known. */
  readonly initial?: string | undefined;
  /** Firebreak has never written the field: all that was done to it was done by people. */
  readonly isUntouched?: boolean;
  /** What it was before the first of them, as sent; undefined when that is not known. */
  readonly began?: string | undefined;
}

export interface News {
  readonly news: readonly RemoteChange[];
  /** The record that the first of them follows; undefined when GitHub does not tell. */
  readonly prev: string | null | undefined;
  /** What that record set; undefined where it stands for the anchor. */
  readonly before?: string;
  /** The newest change is on record here. */
  readonly isKnown?: boolean;
  /** The newest change is on record in another clone, which has announced what followed it and not written that yet. */
  readonly isPassed?: boolean;
}

/**
 * The changes of a field that people made since Firebreak last knew it, with the record that the first of them follows.
 * What Firebreak itself wrote is told by the marker. Only where that does not help, as while the write is not there yet,
 * the value last agreed on has to do: walking back from the newest, the first change that is known ends the news.
 */
export function newsOf(changes: readonly RemoteChange[], facts: NewsFacts): News {
  const { anchor, agreed, isUntouched, began, knownAs } = facts;
  if (isUntouched) return newsOfAll(changes, knownAs, { head: null, before: began });
  const found = newsAfterOwn(changes, facts) ?? newsSince(changes, facts, anchor);
  if (found) return found;
  if (!anchor) return { news: changes.slice(-1), prev: undefined };
  if (changes[0]?.field === 'title') return { news: changes.slice(-1), prev: anchor.head };
  const earlier = agreed === undefined ? undefined : newsSince(changes, facts, { ...anchor, value: agreed });
  if (earlier) return earlier;
  // What Firebreak announced never got there: it was dropped, or its clone is between two writes. Only closing is sure news.
  return { news: changes.filter(({ how }) => how === 'closed' || how === 'reopened'), prev: anchor.head };
}

/**
 * The changes after the one that was Firebreak's own. What a clone saw and when does not matter: it is told by what GitHub
 * shows to all, so that each change has the same predecessor everywhere.
 * @returns undefined where GitHub does not tell of the own change
 */
function newsAfterOwn(changes: readonly RemoteChange[], { marked, knownAs, initial }: NewsFacts): News | undefined {
  if (!marked) return undefined;
  const own = ownChange(changes, marked, initial);
  if (own === undefined) return undefined;
  // A marker holds no title, but its hash; what a title was before is told by GitHub.
  const before = changes[0]?.field === 'title' ? undefined : marked.value;
  return newsOfAll(changes.slice(own + 1), knownAs, { head: marked.head, before });
}

/**
 * Of changes that are all people's: those after the last that is on record here.
 * @param start the record that the first of all follows, and what the field was before, as far as that is known
 */
function newsOfAll(
  changes: readonly RemoteChange[],
  knownAs: NewsFacts['knownAs'],
  start: { readonly head: string | null; readonly before: string | undefined },
): News {
  const last = changes.findLastIndex((change) => knownAs(change) !== undefined);
  const known = changes[last];
  const news = changes.slice(last + 1);
  if (known) return { news, prev: knownAs(known), before: known.value, isKnown: news.length === 0 };
  return { news, prev: start.head, ...(start.before === undefined ? {} : { before: start.before }) };
}

/** @returns the index of the change that Firebreak made, or after which it wrote nothing; -1 for the beginning */
function ownChange(
  changes: readonly RemoteChange[],
  marked: MarkedField,
  initial: string | undefined,
): number | undefined {
  const isOwn = ({ passing, field, value }: RemoteChange) => !passing && markedValue(field, value) === marked.value;
  const { asOf } = marked;
  if (asOf === undefined) {
    // No event tells of the title that an issue was made with, nor that it was made without an owner or sprint.
    if (changes[0]?.field === 'title' || marked.value === '') return -1;
    const first = changes.findIndex(isOwn);
    if (first >= 0) return first;
    return marked.value === initial ? -1 : undefined;
  }
  const present = changes.findLastIndex(({ at }) => at <= asOf);
  const before = changes[present];
  if (before && isOwn(before)) return present;
  // Within that very second it may have been read, written, and changed again.
  const atOnce = changes.findLastIndex((change) => change.at === asOf && isOwn(change));
  if (atOnce >= 0) return atOnce;
  const first = changes.findIndex((change, index) => index > present && isOwn(change));
  return first >= 0 ? first : undefined;
}

/** undefined when nothing of it is known. */
function newsSince(
  changes: readonly RemoteChange[],
  { knownAs, follows, initial }: NewsFacts,
  anchor: MarkedField | undefined,
): News | undefined {
  const news: RemoteChange[] = [];
  const afterAnchor = changes.findIndex((change) => {
    const known = knownAs(change);
    return known !== undefined && anchor !== undefined && follows(known, anchor.head);
  });
  /** Whether a change is known to be later than the anchor, whatever it looks like. */
  const isLater = (index: number) => afterAnchor >= 0 && index > afterAnchor;
  for (const [index, change] of [...changes.entries()].reverse()) {
    if (anchor?.asOf !== undefined && change.at <= anchor.asOf) {
      return { news, prev: anchor.head, isPassed: news.length === 0 };
    }
    const known = knownAs(change);
    if (known !== undefined) return { news, prev: known, before: change.value, isKnown: news.length === 0 };
    // What only passed is nobody's last word, though it may look like one.
    const isAnchor = anchor && !change.passing && markedValue(change.field, change.value) === anchor.value;
    if (isAnchor && !isLater(index)) return { news, prev: anchor.head };
    news.unshift(change);
    const before = changes[index - 1];
    const isNext = change.from !== undefined && anchor && markedValue(change.field, change.from) === anchor.value;
    if (isNext && !isLater(index - 1)) {
      // The record of who gave it that title is the same in every clone; what was made of it here since is not.
      return { news, prev: (before && knownAs(before)) ?? anchor.head };
    }
  }
  return anchor && anchor.value === initial ? { news, prev: anchor.head } : undefined;
}
