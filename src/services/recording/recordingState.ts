import { FileError, type Files } from '../../core/ports/files.ts';
import { type RecordingState, readRecordingState } from '../../core/recording.ts';

export const recordingStatePath = 'recording/state.json';

/** Whether this clone records, and what for, as its private state has it. @throws FileError */
export async function recordingState(privateFiles: Files): Promise<RecordingState> {
  return readRecordingState(await readJson(privateFiles, recordingStatePath));
}

/** @returns undefined for what is not there, or was cut off @throws FileError */
export async function readJson(files: Files, path: string): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await files.read(path)));
  } catch (error) {
    // Cut off, or thrown away while it was looked for.
    if (error instanceof SyntaxError || FileError.is(error, 'notFound')) return undefined;
    throw error;
  }
}
