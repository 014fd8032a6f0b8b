/** What the recording's bundle, loaded once there is something to record, gives to the composition root. */
export { RecordingUi } from './recordingUi.ts';
