import { oneOf } from './oneOf.ts';
import { type Instant, parseInstant } from './time.ts';

/** What is recorded while recording is on. */
export const recordedKinds = ['command', 'commit', 'branch', 'push', 'tag', 'task', 'debug'] as const;
export type RecordedKind = (typeof recordedKinds)[number];
export const isRecordedKind = oneOf(recordedKinds);

/** Something that was done, as it was seen: nothing of it is masked yet. */
export interface Observation {
  readonly kind: RecordedKind;
  /** When it began, epoch milliseconds. */
  readonly at: number;
  /** A command line, the subject of a commit, or a sentence. */
  readonly text: string;
  /** The text was read off the screen: breaks in it may be the screen's own. */
  readonly offScreen?: boolean;
  /** The short hash of the commit that it is about. */
  readonly ref?: string;
  /** What it is the same by when it is seen again, or by another window. What has none is seen once. */
  readonly key?: string;
  readonly exit?: number;
  /** Seconds. */
  readonly duration?: number;
  readonly cwd?: string;
  /** What it printed, or the end of it. */
  readonly output?: string;
}

/** An observation that waits for a person to keep it or to drop it, with its secrets masked. */
export interface Proposal extends Omit<Observation, 'at' | 'key' | 'offScreen'> {
  /** The id that its event will have. */
  readonly id: string;
  /** The uid of the incident. */
  readonly incident: string;
  readonly at: Instant;
}

/** Whether private state holds a proposal: it may have been written by another version, or cut off. */
export function isProposal(value: unknown): value is Proposal {
  if (typeof value !== 'object' || value === null) return false;
  const { id, incident, kind, at, text, ref, exit, duration, cwd, output } = value as Partial<
    Record<keyof Proposal, unknown>
  >;
  const isText = (field: unknown) => field === undefined || typeof field === 'string';
  const isNumber = (field: unknown) => field === undefined || (typeof field === 'number' && Number.isFinite(field));
  return (
    typeof id === 'string' &&
    typeof incident === 'string' &&
    isRecordedKind(kind) &&
    typeof at === 'string' &&
    parseInstant(at) !== undefined &&
    typeof text === 'string' &&
    [ref, cwd, output].every(isText) &&
    [exit, duration].every(isNumber)
  );
}

/** What all windows of a clone know of the recording. */
export interface RecordingState {
  /** The uid of the incident that is being recorded. */
  readonly incident: string | undefined;
  /** Since when, epoch milliseconds. */
  readonly since: number;
  /** The uids of the incidents for which it was asked. */
  readonly asked: readonly string[];
}

export const notRecording: RecordingState = { incident: undefined, since: 0, asked: [] };

/** Reads the state as private state holds it; what is not understood counts as not there. */
export function readRecordingState(value: unknown): RecordingState {
  if (typeof value !== 'object' || value === null) return notRecording;
  const { incident, since, asked } = value as Partial<Record<keyof RecordingState, unknown>>;
  const isOn = typeof incident === 'string' && typeof since === 'number' && Number.isFinite(since);
  return {
    incident: isOn ? incident : undefined,
    since: isOn ? since : 0,
    asked: Array.isArray(asked) ? asked.filter((uid) => typeof uid === 'string') : [],
  };
}
