import * as vscode from 'vscode';
import type { WorkspaceIndex } from '../../store/workspaceIndex.ts';
import type { Standing } from './standing.ts';
import { longReason, waitingCount } from './standingWords.ts';
import type { SyncMark } from './syncStanding.ts';

const { t } = vscode.l10n;

/** What each row is marked with: what a person has to decide before what is wrong, and that before what only waits. */
export function syncMarks(index: WorkspaceIndex, standing: Standing): ReadonlyMap<string, SyncMark> {
  const marks = new Map<string, SyncMark>();
  const [reason] = standing.reasons;
  if (reason && !standing.syncing) {
    const counts = new Map<string, number>();
    for (const { item } of standing.steps) counts.set(item, (counts.get(item) ?? 0) + 1);
    for (const [id, count] of counts) {
      const uid = index.item(id)?.uid;
      const text = `${waitingCount(count)}. ${longReason(reason)}`;
      if (uid !== undefined) marks.set(uid, { kind: 'waiting', text });
    }
  }
  for (const { item, message } of standing.problems) {
    const uid = index.item(item)?.uid;
    if (uid !== undefined) marks.set(uid, { kind: 'problem', text: message });
  }
  for (const { uid, conflicts } of index.items()) {
    if (conflicts.length === 0) continue;
    marks.set(uid, {
      kind: 'conflict',
      text: t("Its text was changed here and on GitHub: GitHub's stands, yours is kept. Resolve the conflict."),
    });
  }
  return marks;
}
