/**
 * What package.json contributes, as typed data: a test holds the two against each other, and the compiler sees to it that
 * no command is without a handler.
 */
export const commandIds = [
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
  'firebreak.snoozeReminders',
  'firebreak.remindAgain',
  'firebreak.mergeIncident',
  'firebreak.openOnGitHub',
  'firebreak.importIssues',
  'firebreak.publish',
  'firebreak.publishItem',
  'firebreak.stopPublishing',
  'firebreak.sync',
  'firebreak.showSyncPlan',
  'firebreak.showRequests',
  'firebreak.setGitHubToken',
  'firebreak.removeGitHubToken',
  'firebreak.commit',
  'firebreak.share',
  'firebreak.postRca',
  'firebreak.purgeEvent',
  'firebreak.restoreMissing',
  'firebreak.resolveConflict',
  'firebreak.completeMerge',
  'firebreak.keepMine',
  'firebreak.keepGitHubs',
  'firebreak.markResolved',
  'firebreak.recordFieldEdit',
  'firebreak.restoreField',
  'firebreak.chooseFolder',
  'firebreak.showLog',
] as const;
export type CommandId = (typeof commandIds)[number];

export const viewIds = ['firebreak.incidents', 'firebreak.backlog', 'firebreak.reference'] as const;
export type ViewId = (typeof viewIds)[number];

/** Context keys of our own that `when` clauses ask for. */
export const contextKeys = [
  'firebreak.ready',
  'firebreak.restricted',
  'firebreak.hasIncident',
  'firebreak.hasOpenIncident',
  'firebreak.hasMissing',
  'firebreak.hasConflict',
  'firebreak.statusDraftActive',
] as const;
export type ContextKey = (typeof contextKeys)[number];

export const settingKeys = [
  'firebreak.root',
  'firebreak.git.commit',
  'firebreak.git.branch',
  'firebreak.github.repository',
  'firebreak.github.sync',
  'firebreak.github.exclude',
  'firebreak.github.labels',
  'firebreak.github.apiUrl',
  'firebreak.github.createsPerMinute',
  'firebreak.github.createsPerHour',
  'firebreak.reminders.enabled',
] as const;
export type SettingKey = (typeof settingKeys)[number];
