import type { Item } from '../../src/core/item.ts';
import { severities } from '../../src/core/severity.ts';
import { addItem } from '../../src/services/addItem.ts';
import { changeItem, changeSeverity } from '../../src/services/changeItem.ts';
import { parseIssueBody } from '../../src/services/sync/markers.ts';
import type { IssueRecord } from '../github/records.ts';
import type { ModelClone } from './modelClone.ts';
import { type ModelWorld, repositoryName } from './modelWorld.ts';
import type { Step } from './steps.ts';
import { owners, sprintOf } from './workActs.ts';

export type ActionStep = Extract<Step, { readonly do: 'action' }>;

/** What an action item can come to; what is declined or a duplicate is a decision not to publish it. */
const progress = ['inbox', 'ready', 'doing', 'review', 'done'] as const;

/** Adds an action item to an incident and chooses it for GitHub, or changes one, or has it belong to another incident. */
export async function workOnAction(world: ModelWorld, clone: ModelClone, step: ActionStep): Promise<void> {
  if (step.what === 'add') return addAction(world, clone, step);
  const action = clone.actions[step.item % Math.max(1, clone.actions.length)];
  if (!action) return;
  const title = `action ${world.step}`;
  let isDone = false;
  await clone.act(async () => {
    await change(clone, action, step, title, world.step);
    isDone = true;
  }, step.kill);
  if (isDone && step.what === 'title') world.titles.push({ uid: action.uid, text: title });
}

async function change(clone: ModelClone, action: Item, step: ActionStep, title: string, at: number): Promise<unknown> {
  const { context, incidents } = clone;
  switch (step.what) {
    case 'add':
      return;
    case 'move': {
      // One beyond the last incident stands for none.
      const incident = incidents[step.value % (incidents.length + 1)];
      return changeItem(context, action, { actionOf: incident ?? null });
    }
    case 'title':
      return changeItem(context, action, { title });
    case 'status':
      return changeItem(context, action, { status: progress[step.value % progress.length] ?? 'ready' });
    case 'severity':
      return changeSeverity(context, action, severities[1 + (step.value % (severities.length - 1))] ?? 'P1');
    case 'owner':
      return changeItem(context, action, { owner: owners[step.value % owners.length] ?? '' });
    case 'sprint':
      return changeItem(context, action, { sprint: sprintOf(step.value, at) });
  }
}

async function addAction(world: ModelWorld, clone: ModelClone, step: ActionStep): Promise<void> {
  const incident = clone.incidents[step.item % Math.max(1, clone.incidents.length)];
  if (!incident) return;
  const title = `Action ${world.step}`;
  const description = `Because of ${world.step}`;
  let added: Item | undefined;
  await clone.act(async () => {
    added = await addItem(clone.context, { type: 'task', title, severity: 'P2', description, actionOf: incident });
  }, step.kill);
  if (!added) return;
  await clone.choose([added]);
  world.chosen.add(added.uid);
}

/** Puts the issue of an action item under that of an incident on github.com, or takes it out. */
export function moveOnWeb(world: ModelWorld, issue: IssueRecord, value: number): void {
  if (isIncidentIssue(issue)) return;
  const parents = world.issues.filter(
    (one) => isIncidentIssue(one) && !world.copies.has(one.number) && !world.isDoubled(one),
  );
  // One beyond the last stands for none.
  const parent = parents[value % (parents.length + 1)];
  world.gitHub.web('manager', repositoryName).setParent(issue.number, parent?.number ?? null);
}

/** Whether an issue was made of an incident: its marker has a phase. */
export function isIncidentIssue({ body }: IssueRecord): boolean {
  return parseIssueBody(body ?? '').marker?.fields.phase !== undefined;
}
