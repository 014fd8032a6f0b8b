/** What the bundle of its own, loaded once there is something to keep in step, gives to the composition root. */
export { SyncUi } from './syncUi.ts';
