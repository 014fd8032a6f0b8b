/** What the bundle of its own, loaded at the first sync, gives to the composition roots. */

export * as resolving from '../resolveConflict.ts';
export { GitHubSync } from './gitHubSync.ts';
export { paceLimits, RequestPace } from './pacing.ts';
