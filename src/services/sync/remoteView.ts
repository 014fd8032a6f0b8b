import type { RemoteIssue } from '../../core/ports/issueTracker.ts';
import { baseValue, shownFields } from './agreedFields.ts';
import { isImported } from './importedItem.ts';
import { assignedLogins } from './issuePeople.ts';
import { type LabelField, type LabelMapping, shownLabelFields } from './labels.ts';
import type { IssueMarker, MarkedField } from './markers.ts';
import { rememberedMarker } from './ourMarker.ts';
import type { NewsFacts, RemoteChange } from './remoteChanges.ts';
import { sprintOf } from './sprintMilestone.ts';
import { githubOrigin } from './syncContext.ts';
import {
  headOf,
  type LocalField,
  type LocalFields,
  markedValue,
  type SyncedField,
  sentTitle,
  syncedFields,
} from './syncedField.ts';
import type { Base, ItemState, Marks } from './syncState.ts';
import { wantedState } from './wantedState.ts';

/** One issue as it stands on GitHub, beside what is known of it. */
export class RemoteView {
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

  /**
   * Whether a label that was agreed on is gone, and none of its field is left. That alone says nothing, but it may be that
   * a person chose the other of two in the moment in which Firebreak took that off.
   */
  isBare(field: SyncedField): boolean {
    if (this.#labels.hasAny(this.#issue.labels, field)) return false;
    const isShown = shownLabelFields(this.local).some((shown) => shown === field);
    return isShown && (this.baseValue(field) ?? this.marked(field)) !== undefined;
  }

  /** The fields that have a label beside the right one, or a former one alone: the right one was renamed or deleted. */
  surplus(base: Base, unsettled: ReadonlySet<SyncedField>): LabelField[] {
    return shownLabelFields(this.local).filter((field) => {
      const right = base.labels[field];
      if (this.#labels.hasSurplus(this.#issue.labels, field, right)) return true;
      const isFormer = unsettled.has(field) && this.remoteValue(field) !== undefined;
      return isFormer && right !== undefined && this.marked(field)?.value === right;
    });
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
    return marked?.value === value ? marked : { value, head: this.local[field]?.head ?? null };
  }

  /** Whether what stands here is what GitHub had before, and no change that was made here since. */
  isOld(field: SyncedField, changes: readonly RemoteChange[]): boolean {
    const sent = this.local[field]?.sent;
    return sent === this.baseValue(field) || changes.some(({ value, from }) => value === sent || from === sent);
  }

  /** For fields that may be empty: what was agreed on, and that they were empty in the beginning. */
  beginnings(field: SyncedField): Pick<NewsFacts, 'agreed' | 'initial' | 'isUntouched' | 'began'> {
    // Made by people, and nothing of it was sent since.
    if (isImported(this.#state.uid) && !this.local.phase && !this.marked(field)) {
      const isEmpty = field === 'owner' || field === 'sprint';
      return { isUntouched: true, began: isEmpty ? '' : this.local[field]?.initial };
    }
    if (field !== 'owner' && field !== 'sprint') return {};
    // The issue was made without, and nothing was sent since.
    if (this.#marker && !this.marked(field)) return { isUntouched: true, began: '' };
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
      // Where none of its labels is there, what was agreed on before is as good as one of them.
      const shown = remote ?? this.baseValue(field);
      const arrived = shown === undefined || this.#marker?.fields[field]?.value === markedValue(field, shown);
      const isKnown = arrived || this.#isPast(field) || news.has(field) || mark === this.#state.settled?.[field];
      if (mark !== undefined && isKnown) settled[field] = mark;
    }
    return settled;
  }

  /** Whether what stands on GitHub is what a person made of it after the marker was written, and that is on record here. */
  #isPast(field: SyncedField): boolean {
    const local = this.local[field];
    const marked = this.#marker?.fields[field];
    if (!local || !marked || local.origin !== githubOrigin || local.sent !== this.remoteValue(field)) return false;
    return local.follows(local.head ?? '', marked.head);
  }

  #valueChanged(field: SyncedField): boolean {
    const remote = this.remoteValue(field);
    const local = this.local[field];
    const base = this.baseValue(field);
    if (local === undefined) return false;
    if (remote === undefined) return this.isBare(field);
    const marked = this.#marker?.fields[field];
    // That nothing is there tells something where there was something before, of a field that may be empty.
    const mayBeEmpty = (field === 'owner' || field === 'sprint') && (base !== undefined || marked !== undefined);
    if (remote === '' && !mayBeEmpty) return false;
    if (remote === local.sent) return false;
    if (remote === base) return this.#isDoneBack(local, this.#state.agreed?.[field]);
    if (marked && (base === undefined || this.#writtenSince(field)) && marked.value === markedValue(field, remote)) {
      // What a person did after that is on record here: then it was done back, and looks as if nobody had done anything.
      return base === undefined && local.origin === githubOrigin && local.follows(local.head ?? '', marked.head);
    }
    // Without any trace of what was agreed on, a value that the field once had is an old one.
    return base !== undefined || marked !== undefined || !local.held.has(remote);
  }

  /**
   * Whether a person's change is on record here that is newer than what was agreed on, as when the machine stopped before
   * that was written down: GitHub shows what it did before, so somebody has done it back.
   */
  #isDoneBack(local: LocalField, agreed: string | undefined): boolean {
    if (local.origin !== githubOrigin || agreed === undefined) return false;
    const before = headOf(agreed);
    if (before === '') return true;
    return before !== local.head && local.records.has(before) && local.follows(local.head ?? '', before);
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
