import { formatIssueLink, type RepositoryName } from '../../core/github.ts';
import type { ItemType } from '../../core/itemType.ts';
import type { RemoteIssue } from '../../core/ports/issueTracker.ts';
import { isSeverity, type Severity } from '../../core/severity.ts';
import { isSprint } from '../../core/sprint.ts';
import { isFinished, isStatus, type Status } from '../../core/status.ts';
import { newItem } from '../../documents/itemDocument.ts';
import { oneLine } from '../context.ts';
import type { NewFile } from '../newFile.ts';
import type { LabelField, LabelMapping } from './labels.ts';
import { parseIssueBody } from './markers.ts';

/** What an issue without a severity label becomes: what `backlog-add` takes when nobody says. */
const usualSeverity: Severity = 'P2';
/** Labels that GitHub gives to new repositories, and what they are called elsewhere. */
const typeWords: Readonly<Record<string, ItemType>> = {
  bug: 'bug',
  defect: 'bug',
  enhancement: 'feature',
  feature: 'feature',
  'feature request': 'feature',
};
const mostTags = 20;

/** The uid of an item that was made from an issue, the same in every clone. */
export function importedUid(repositoryId: number, number: number): string {
  return `gh-${repositoryId}-${number}`;
}

export function isImported(uid: string): boolean {
  return /^gh-\d+-\d+$/.test(uid);
}

/**
 * Whether a value is what an import makes of an issue that has no label of this field. It says nothing that GitHub does
 * not know, so it is not sent there: importing thousands of issues labels none of them.
 */
export function isUnlabelled(field: LabelField, value: string, state: 'open' | 'closed'): boolean {
  if (field === 'severity') return value === usualSeverity;
  // From a label of another mapping, which is still there.
  if (field === 'type') return true;
  return state === 'closed' ? isStatus(value) && isFinished(value) : value === 'inbox';
}

/** What an import takes of an issue. */
export type ImportedIssue = Pick<
  RemoteIssue,
  'number' | 'title' | 'body' | 'state' | 'stateReason' | 'labels' | 'assignees' | 'milestone' | 'createdAt'
>;

/**
 * The document of the item that an issue becomes. It follows from the issue alone (no clock, no clone), so that clones
 * which import the same issue write the same bytes.
 */
export function importedItem(
  repository: RepositoryName & { readonly id: number },
  issue: ImportedIssue,
  mapping: LabelMapping,
): NewFile & { readonly uid: string; readonly id: string } {
  const type = typeOf(issue.labels, mapping);
  const severity = severityOf(issue.labels, mapping);
  const date = issue.createdAt.slice(0, 10);
  const id = `${type.toUpperCase()}-${severity}-${date.replaceAll('-', '')}-gh${issue.number}`;
  const uid = importedUid(repository.id, issue.number);
  const { milestone, assignees } = issue;
  const text = newItem({
    id,
    uid,
    title: oneLine(issue.title) || `Issue #${issue.number}`,
    type,
    date,
    tags: tagsOf(issue.labels, mapping),
    severity,
    status: statusOf(issue, mapping),
    owner: assignees[0] === undefined ? undefined : `@${assignees[0]}`,
    sprint: milestone && isSprint(milestone.title) ? milestone.title : undefined,
    github: formatIssueLink({ owner: repository.owner, repo: repository.repo, number: issue.number }),
    // A marker that does not count is no part of the text either.
    body: parseIssueBody(issue.body).text,
  });
  return { path: `backlog/${id}.md`, text, uid, id };
}

function typeOf(labels: readonly string[], mapping: LabelMapping): ItemType {
  const labelled = mapping.valueOf(labels, 'type', undefined);
  if (labelled === 'bug' || labelled === 'feature' || labelled === 'task') return labelled;
  for (const label of labels) {
    const word = typeWords[label.trim().toLowerCase()];
    if (word) return word;
  }
  return 'task';
}

function severityOf(labels: readonly string[], mapping: LabelMapping): Severity {
  const labelled = mapping.valueOf(labels, 'severity', undefined);
  return labelled !== undefined && isSeverity(labelled) ? labelled : usualSeverity;
}

/** Closed is finished, whatever a label says that nobody took away. */
function statusOf({ labels, state, stateReason }: ImportedIssue, mapping: LabelMapping): Status {
  const labelled = mapping.valueOf(labels, 'status', undefined);
  const status = labelled !== undefined && isStatus(labelled) ? labelled : undefined;
  if (state === 'open') return status !== undefined && !isFinished(status) ? status : 'inbox';
  if (status !== undefined && isFinished(status)) return status;
  if (stateReason === 'not_planned') return 'declined';
  return stateReason === 'duplicate' ? 'duplicate' : 'done';
}

/** Labels outside our mapping say what it is about. */
function tagsOf(labels: readonly string[], mapping: LabelMapping): string[] {
  return labels
    .filter((label) => mapping.read(label) === undefined)
    .map(oneLine)
    .filter((label) => label !== '')
    .slice(0, mostTags);
}
