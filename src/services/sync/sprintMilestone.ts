import { type RemoteIssue, type RemoteMilestone, TrackerError } from '../../core/ports/issueTracker.ts';
import { isSprint } from '../../core/sprint.ts';
import type { SyncContext } from './syncContext.ts';
import { sentSprint } from './syncedField.ts';

/** The sprint that an issue's milestone stands for; empty for none, and for a milestone of another name. */
export function sprintOf(issue: Pick<RemoteIssue, 'milestone'>): string {
  return sentSprint(issue.milestone?.title ?? '');
}

/** Whether an issue has a milestone that is no sprint: a person put it there, and we don't take it away. */
export function hasOtherMilestone(issue: Pick<RemoteIssue, 'milestone'>): boolean {
  return issue.milestone !== undefined && !isSprint(issue.milestone.title);
}

/** The number of a sprint's milestone as far as it is known without asking. */
function knownMilestone(context: Pick<SyncContext, 'store'>, sprint: string): number | undefined {
  return context.store.cursor.milestones?.[sprint];
}

/**
 * The number of a sprint's milestone, made where there is none. It is looked for before it is made, also after a making
 * without an answer, and GitHub takes no second one of a title.
 * @returns `refused` when this token may not make it; `later` when GitHub has it and its lists do not show it yet
 * @throws TrackerError
 */
export async function sprintMilestone(context: SyncContext, sprint: string): Promise<number | 'refused' | 'later'> {
  const known = knownMilestone(context, sprint) ?? (await listed(context, sprint));
  if (known !== undefined) return known;
  await context.checkpoint();
  try {
    const made = await context.tracker.createMilestone(sprint);
    if (!made) return (await listed(context, sprint)) ?? 'later';
    await remember(context, [made]);
    return made.number;
  } catch (error) {
    if (TrackerError.is(error, 'refused', 'notFound')) return 'refused';
    throw error;
  }
}

/** It was deleted on GitHub since: the next sync looks for it again. */
export async function forgetMilestone(context: SyncContext, sprint: string): Promise<void> {
  const { [sprint]: _, ...others } = context.store.cursor.milestones ?? {};
  await context.store.saveCursor({ milestones: others });
}

async function listed(context: SyncContext, sprint: string): Promise<number | undefined> {
  await remember(context, await context.tracker.milestones());
  return knownMilestone(context, sprint);
}

async function remember(context: SyncContext, milestones: readonly RemoteMilestone[]): Promise<void> {
  const sprints = milestones.filter(({ title }) => isSprint(title)).map(({ title, number }) => [title, number]);
  await context.store.saveCursor({
    milestones: { ...context.store.cursor.milestones, ...Object.fromEntries(sprints) },
  });
}
