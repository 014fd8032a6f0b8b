import type { ActionPorts } from '../../services/actions/runAction.ts';
import { checklistCommand } from '../actions/checklistCommand.ts';
import { runActionCommand } from '../actions/runActionCommand.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import type { StatusUpdateDrafts } from '../statusUpdateDraft.ts';
import type { TimelinePanels } from '../timeline/timelinePanels.ts';
import type { BacklogTree } from '../views/backlogTree.ts';
import { actionItemCommand } from './actionItemCommand.ts';
import { backlogCommands } from './backlogCommands.ts';
import { gitCommands } from './gitCommands.ts';
import { incidentCommands } from './incidentCommands.ts';
import type { LazyCommand } from './lazyCommands.ts';
import { referenceCommands } from './referenceCommands.ts';
import { reviewCommand } from './reviewCommand.ts';
import { taskCommands } from './taskCommands.ts';

export interface WorkCommandsOptions {
  readonly root: OpenRoot;
  readonly panels: TimelinePanels;
  readonly tree: BacklogTree;
  readonly drafts: StatusUpdateDrafts;
  readonly reporter: Reporter;
  readonly portsOf: (session: OpenSession) => ActionPorts;
}

export type WorkCommands = Readonly<Record<LazyCommand, (...parameters: unknown[]) => Promise<void>>>;

/** What people do with incidents, backlog and git: nothing of it is needed before they do. */
export function workCommands({ root, panels, tree, drafts, reporter, portsOf }: WorkCommandsOptions): WorkCommands {
  return {
    ...backlogCommands({ root, panels, tree }),
    ...actionItemCommand(root, panels),
    ...reviewCommand(root, panels),
    ...taskCommands(root, panels),
    ...referenceCommands(root, panels),
    ...incidentCommands({ root, panels, drafts }),
    ...runActionCommand({ root, panels, reporter, portsOf }),
    ...checklistCommand({ root, panels, reporter, portsOf }),
    ...gitCommands(root),
  };
}
