import type { Item } from '../../core/item.ts';
import type { RemoteIssue } from '../../core/ports/issueTracker.ts';
import { type IssueMarker, parseIssueBody } from './markers.ts';
import { type SyncedField, syncedFields } from './syncedField.ts';
import type { Marks } from './syncState.ts';

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
