import type { OpenRoot } from '../session/openRoot.ts';
import type { StatusUpdateDrafts } from '../statusUpdateDraft.ts';
import type { TimelinePanels } from '../timeline/timelinePanels.ts';
import type { BacklogTree } from '../views/backlogTree.ts';
import { actionItemCommand } from './actionItemCommand.ts';
import { backlogCommands } from './backlogCommands.ts';
import { gitCommands } from './gitCommands.ts';
import { incidentCommands } from './incidentCommands.ts';
import type { LazyCommand } from './lazyCommands.ts';

export interface WorkCommandsOptions {
  readonly root: OpenRoot;
  readonly panels: TimelinePanels;
  readonly tree: BacklogTree;
  readonly drafts: StatusUpdateDrafts;
}

export type WorkCommands = Readonly<Record<LazyCommand, (...parameters: unknown[]) => Promise<void>>>;

/** What people do with incidents, backlog and git: nothing of it is needed before they do. */
export function workCommands({ root, panels, tree, drafts }: WorkCommandsOptions): WorkCommands {
  return {
    ...backlogCommands({ root, panels, tree }),
    ...actionItemCommand(root, panels),
    ...incidentCommands({ root, panels, drafts }),
    ...gitCommands(root),
  };
}
