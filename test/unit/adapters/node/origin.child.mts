// Asks for the id of a clone as soon as a file says go. Arguments: root, state folder, that file. Prints the id.
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openPrivateState, originOf } from '../../../../src/adapters/node/privateState.ts';

const [root = '', stateFolder = '', go = ''] = process.argv.slice(2);
const state = await openPrivateState(root, stateFolder);
while (!existsSync(go)) await pause(1);
process.stdout.write(await originOf(state));
