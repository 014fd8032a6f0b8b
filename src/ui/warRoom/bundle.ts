export { WarRoomUi } from './warRoomUi.ts';
