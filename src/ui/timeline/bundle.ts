/** What the bundle of its own, loaded with the first panel, gives to the composition root. */
export { LivePanels } from './livePanels.ts';
