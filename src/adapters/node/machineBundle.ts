/** What the bundle of its own, loaded when an action is first run, gives to the composition root. */
export { NodeEvidence } from './evidence.ts';
export { NodeProcesses } from './processes.ts';
