import type { RemoteIssueEvent } from '../../core/ports/issueTracker.ts';
import type { Instant } from '../../core/time.ts';
import { readLabel } from './labels.ts';
import type { MarkedField } from './markers.ts';
import { markedValue, type SyncedField, sentTitle } from './syncedField.ts';
import { isUnderWay } from './wantedState.ts';

/** One thing that somebody did to a field of an issue, in the order of GitHub's own ids. */
export interface RemoteChange {
  readonly field: SyncedField;
  /** Of the issue event. */
  readonly id: number;
  readonly at: Instant;
  readonly actor: string | undefined;
  readonly value: string;
  /** For a title: the one before. */
  readonly from: string | undefined;
  readonly how: 'renamed' | 'labeled' | 'closed' | 'reopened';
}

/**
 * What was done to a field, oldest first. Closing and reopening are changes of an incident's phase, or an item's status.
 * @param closedMeans what closing makes of the field
 */
export function changesOf(
  field: SyncedField,
  events: readonly RemoteIssueEvent[],
  closedMeans: string,
): RemoteChange[] {
  const changes: RemoteChange[] = [];
  const stateField = field === 'phase' || field === 'status';
  let underWay = field === 'phase' ? 'respond' : 'ready';
  for (const event of [...events].sort((left, right) => left.id - right.id)) {
    const add = (how: RemoteChange['how'], value: string, from?: string) =>
      changes.push({ field, id: event.id, at: event.at, actor: event.actor, value, from, how });
    const label = event.event === 'labeled' && event.label !== undefined ? readLabel(event.label) : undefined;
    if (field === 'title' && event.rename) add('renamed', sentTitle(event.rename.to), sentTitle(event.rename.from));
    else if (label?.field === field) {
      add('labeled', label.value);
      if (stateField && isUnderWay(label.value)) underWay = label.value;
    } else if (stateField && event.event === 'closed') add('closed', closedMeans);
    else if (stateField && event.event === 'reopened') add('reopened', underWay);
  }
  return changes;
}

/**
 * The changes of a field that people made since Firebreak last knew it, with the record that the first of them follows.
 * What is on GitHub is told from what Firebreak itself wrote by the marker, or by the value last agreed on; walking back
 * from the newest, the first change that is known ends the news.
 */
export function newsOf(
  changes: readonly RemoteChange[],
  facts: {
    /** The value that was the last word of Firebreak: the marker's, or the one agreed on. */
    readonly anchor: MarkedField | undefined;
    /** The id of the record that stands for the change here already. */
    readonly knownAs: (change: RemoteChange) => string | undefined;
  },
): {
  readonly news: readonly RemoteChange[];
  readonly prev: string | null | undefined;
  /** The newest change is on record here. */
  readonly isKnown?: boolean;
} {
  const news: RemoteChange[] = [];
  for (const change of [...changes].reverse()) {
    const known = facts.knownAs(change);
    if (known !== undefined) return { news, prev: known, isKnown: news.length === 0 };
    if (facts.anchor && markedValue(change.field, change.value) === facts.anchor.value) {
      return { news, prev: facts.anchor.head };
    }
    news.unshift(change);
    if (change.from !== undefined && facts.anchor && markedValue(change.field, change.from) === facts.anchor.value) {
      return { news, prev: facts.anchor.head };
    }
  }
  const { anchor } = facts;
  if (!anchor) return { news: news.slice(-1), prev: undefined };
  if (news[0]?.field === 'title') return { news: news.slice(-1), prev: anchor.head };
  // Firebreak's own label never got there: it was dropped, or its clone is between two writes. Only closing is sure news.
  return { news: news.filter((change) => change.how !== 'labeled'), prev: anchor.head };
}
