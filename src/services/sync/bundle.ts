/** What the bundle of its own, loaded at the first sync, gives to the composition roots. */

export * as resolving from '../resolveConflict.ts';
export { GitHubSync } from './gitHubSync.ts';
export { ImportIssues } from './importIssues.ts';
export { paceLimits, RequestPace } from './pacing.ts';
export { PublishItems } from './publishItems.ts';
