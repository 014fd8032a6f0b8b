/** What the room's bundle, loaded once an incident is open, gives to the composition root. */
export { RoomUi } from './roomUi.ts';
