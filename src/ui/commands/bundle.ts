/** What the bundle of its own, loaded when somebody first runs a command, gives to the composition root. */
export { workCommands } from './workCommands.ts';
