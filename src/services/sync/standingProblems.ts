import type { WorkspaceIndex } from '../../store/workspaceIndex.ts';
import type { SyncProblem } from './syncReport.ts';
import type { SyncStore } from './syncStore.ts';

/** What a sync found, beside what stood before it. */
export interface FoundProblems {
  readonly problems: readonly SyncProblem[];
  /** Whether a problem that stood before is mended. */
  readonly isOver: (problem: SyncProblem) => boolean;
  /** Whether everything was looked at: then what was not found again is gone. */
  readonly complete: boolean;
}

/** What is to be remembered after a sync. */
export function remainingProblems(before: readonly SyncProblem[], found: FoundProblems): SyncProblem[] {
  const again = new Set(found.problems.map(keyOf));
  const kept = before.filter(
    (problem) => !again.has(keyOf(problem)) && !found.isOver(problem) && (problem.lasting || !found.complete),
  );
  // The index tells of conflicts itself, in every clone; and what was overruled is on record.
  const told = found.problems.filter(({ code }) => code !== 'conflict' && code !== 'overruled');
  return [...kept, ...told];
}

/** What needs a person, as far as this clone knows: from what is on disk. */
export function standingProblems(store: SyncStore, index: Pick<WorkspaceIndex, 'item'>): SyncProblem[] {
  const problems = new Map<string, SyncProblem>();
  const add = (problem: SyncProblem) => {
    if (index.item(problem.item)) problems.set(keyOf(problem), problem);
  };
  for (const problem of store.cursor.problems ?? []) add(problem);
  for (const { uid, stage, number, blocked } of store.items()) {
    const found = index.item(uid);
    if (!found) continue;
    const item = found.id;
    if (blocked) add({ code: blocked.code, item, message: blocked.message });
    // Who took the link out of the file, or linked another issue, knows.
    if ((stage !== 'gone' && stage !== 'moved') || found.github?.number !== number) continue;
    const what = stage === 'gone' ? 'is not on GitHub any more' : 'was moved to another repository';
    add({
      code: stage,
      item,
      message: `Its issue #${number ?? '?'} ${what}: it is not made again. Take \`github\` out of its file, or set it to the issue that stands for it now.`,
    });
  }
  return [...problems.values()];
}

/** Of one kind an item has one problem that counts: the one that was told last. */
function keyOf({ item, code }: SyncProblem): string {
  return `${item} ${code}`;
}
