/** What the bundle of its own, loaded when something is first recorded, gives to the composition roots. */
export { createSecretMask } from './createSecretMask.ts';
