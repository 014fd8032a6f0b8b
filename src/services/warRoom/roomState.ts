import { isSafeId } from '../../core/itemId.ts';
import { type AnnounceTarget, announceTargets } from '../../core/policy.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import type { MessagingReason } from '../../core/ports/messaging.ts';
import type { HeldWords } from './saidWords.ts';

/** Why something waits, and when it is tried again. */
export interface Failure {
  readonly reason: MessagingReason | 'switchedOff';
  readonly message: string;
  /** How often it failed in a row. */
  readonly tries: number;
  /** Epoch milliseconds on this machine's clock. */
  readonly until: number;
}

export interface SlackState {
  /** From 1 on: how many names were tried. */
  readonly attempt: number;
  /** The name of a channel that is being made, kept before it is asked for: an answer may get lost. */
  readonly creating?: string;
  /** A channel of that name is there and says nothing of itself yet: perhaps a colleague is making it right now. */
  readonly doubted?: string;
  readonly channel?: string;
  readonly name?: string;
  readonly address?: string;
  /** Whether it was there before. */
  readonly reused?: boolean;
  /** Whether it says whose it is. */
  readonly prepared?: boolean;
  /** Who was invited, by chat id: empty, or why they are not in. */
  readonly invited?: Readonly<Record<string, string>>;
  readonly topic?: string;
  /** By the key of the message: its id in the channel. */
  readonly posted: Readonly<Record<string, string>>;
  /** By the key of a message that was posted: what it holds. */
  readonly held?: Readonly<Record<string, HeldWords>>;
  /** Messages that ought to read otherwise and can't be changed, by key: why. */
  readonly unchangeable?: Readonly<Record<string, string>>;
  /** Keys of messages that another clone may have posted, and that were not there. */
  readonly sought?: readonly string[];
  /** A message that was sent and not answered. */
  readonly sending?: string;
  /** Whether it was taken out of the archive, and belongs there again. */
  readonly cameBack?: boolean;
  /** Whether a channel that was there has been looked through. */
  readonly looked?: boolean;
  readonly pinned?: boolean;
  /** When pins were last read: epoch milliseconds on this machine's clock. */
  readonly pinsReadAt?: number;
}

/** What this clone knows of one incident's war room. */
export interface RoomState {
  readonly uid: string;
  /** When somebody here opened it: epoch milliseconds. Only they can: no file of the workspace does. */
  readonly openedAt: number;
  /** Ids of the status updates that were there by then: the declaration ends with the last of them. */
  readonly before?: readonly string[];
  /** The incident was private or excluded since: nothing is sent, on whatever branch, before somebody opens the room again. */
  readonly silent?: boolean;
  /** Who is told, as the user chose. */
  readonly targets: readonly AnnounceTarget[];
  readonly slack: SlackState;
  /** Keys of messages that were sent. */
  readonly webhook: readonly string[];
  readonly pages: readonly ('trigger' | 'acknowledge' | 'resolve')[];
  /** What was written into the timeline about it. */
  readonly noted: readonly string[];
  /** What was sent where nothing can be changed, by {@link sentKey}: what it held. Kept before it is sent. */
  readonly sent?: Readonly<Record<string, HeldWords>>;
  readonly failures: Readonly<Partial<Record<AnnounceTarget, Failure>>>;
}

/** Of a room whose channel is not made yet, or gone. */
export const newChat: SlackState = { attempt: 1, posted: {} };

/** @param key of a message, or the action of a page */
export function sentKey(target: 'webhook' | 'pagerduty', key: string): string {
  return `${target}:${key}`;
}

/** In which order they are told: whoever has to come is called first. */
export const targetOrder: readonly AnnounceTarget[] = ['pagerduty', 'slack', 'webhook'];

/** @param before ids of the status updates so far */
export function newRoom(
  uid: string,
  openedAt: number,
  before: readonly string[],
  targets: readonly AnnounceTarget[],
): RoomState {
  return { uid, openedAt, before, targets, slack: newChat, webhook: [], pages: [], noted: [], failures: {} };
}

const folder = 'war-room';

/** The rooms that were opened at this clone. What can't be read counts as absent. */
export async function readRooms(files: Files): Promise<Map<string, RoomState>> {
  const rooms = new Map<string, RoomState>();
  for (const { name, kind } of await files.list(folder)) {
    if (kind !== 'file' || !name.endsWith('.json')) continue;
    const room = await readRoom(files, name.slice(0, -'.json'.length));
    if (room) rooms.set(room.uid, room);
  }
  return rooms;
}

export async function readRoom(files: Files, uid: string): Promise<RoomState | undefined> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await files.read(pathOf(uid))));
    return isRoom(value) && value.uid === uid ? value : undefined;
  } catch (error) {
    if (FileError.is(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @throws FileError */
export async function writeRoom(files: Files, room: RoomState): Promise<void> {
  await files.write(pathOf(room.uid), `${JSON.stringify(room)}\n`);
}

function pathOf(uid: string): string {
  if (!isSafeId(uid)) throw new FileError('outside', uid);
  return `${folder}/${uid}.json`;
}

function isRoom(value: unknown): value is RoomState {
  return (
    isRecord(value) &&
    typeof value.uid === 'string' &&
    typeof value.openedAt === 'number' &&
    (value.before === undefined || isTexts(value.before)) &&
    (value.silent === undefined || typeof value.silent === 'boolean') &&
    isArrayOf(value.targets, (target) => announceTargets.some((known) => known === target)) &&
    isSlack(value.slack) &&
    isTexts(value.webhook) &&
    isArrayOf(value.pages, (page) => page === 'trigger' || page === 'acknowledge' || page === 'resolve') &&
    isTexts(value.noted) &&
    (value.sent === undefined || isRecordOf(value.sent, isHeld)) &&
    isRecord(value.failures) &&
    Object.values(value.failures).every(isFailure)
  );
}

function isSlack(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.attempt === 'number' &&
    isRecordOf(value.posted, isText) &&
    (value.held === undefined || isRecordOf(value.held, isHeld)) &&
    (value.unchangeable === undefined || isRecordOf(value.unchangeable, isText)) &&
    (value.sought === undefined || isTexts(value.sought)) &&
    (value.invited === undefined || isRecordOf(value.invited, isText)) &&
    [value.creating, value.doubted, value.channel, value.name, value.address, value.topic, value.sending].every(
      (text) => text === undefined || typeof text === 'string',
    ) &&
    (value.pinsReadAt === undefined || typeof value.pinsReadAt === 'number')
  );
}

function isFailure(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.reason === 'string' &&
    typeof value.message === 'string' &&
    typeof value.tries === 'number' &&
    typeof value.until === 'number'
  );
}

function isHeld(value: unknown): boolean {
  return isRecord(value) && isTexts(value.sources) && isTexts(value.amended);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isTexts(value: unknown): boolean {
  return isArrayOf(value, isText);
}

function isRecordOf(value: unknown, fits: (entry: unknown) => boolean): boolean {
  return isRecord(value) && Object.values(value).every(fits);
}

function isArrayOf(value: unknown, fits: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
