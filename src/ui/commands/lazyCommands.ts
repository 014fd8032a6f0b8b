import type { CommandId } from '../contributions.ts';
import type { WorkCommands } from './workCommands.ts';

export const lazyCommands = [
  'firebreak.addItem',
  'firebreak.changeStatus',
  'firebreak.changeSeverity',
  'firebreak.changeOwner',
  'firebreak.openItem',
  'firebreak.copyId',
  'firebreak.groupBySeverity',
  'firebreak.groupByStatus',
  'firebreak.groupByType',
  'firebreak.declare',
  'firebreak.declareItem',
  'firebreak.openTimeline',
  'firebreak.openDocument',
  'firebreak.incidentActions',
  'firebreak.acknowledge',
  'firebreak.changePhase',
  'firebreak.assignRole',
  'firebreak.addNote',
  'firebreak.recordDecision',
  'firebreak.addActionItem',
  'firebreak.runAction',
  'firebreak.addTask',
  'firebreak.changeTask',
  'firebreak.tickTask',
  'firebreak.handOver',
  'firebreak.reachContact',
  'firebreak.openRunbook',
  'firebreak.tickStep',
  'firebreak.addRunbooks',
  'firebreak.checklist',
  'firebreak.draftStatusUpdate',
  'firebreak.postStatusUpdate',
  'firebreak.cancelIncident',
  'firebreak.mergeIncident',
  'firebreak.commit',
  'firebreak.share',
  'firebreak.restoreMissing',
  'firebreak.recordFieldEdit',
  'firebreak.restoreField',
] as const satisfies readonly CommandId[];
export type LazyCommand = (typeof lazyCommands)[number];

/** The commands that are loaded when somebody first runs one of them: no start of VS Code waits for them. */
export function lazyHandlers(load: () => WorkCommands): WorkCommands {
  let loaded: WorkCommands | undefined;
  const handlers: Partial<Record<LazyCommand, WorkCommands[LazyCommand]>> = {};
  for (const id of lazyCommands) {
    handlers[id] = (...parameters) => {
      loaded ??= load();
      return loaded[id](...parameters);
    };
  }
  return handlers as WorkCommands;
}
