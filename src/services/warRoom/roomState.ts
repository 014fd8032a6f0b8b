import { isSafeId } from '../../core/itemId.ts';
import { type AnnounceTarget, announceTargets } from '../../core/policy.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import type { MessagingReason } from '../../core/ports/messaging.ts';

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
  /** Whether it says whose it is, and people were invited. */
  readonly prepared?: boolean;
  readonly topic?: string;
  /** By the key of the message: its id in the channel. */
  readonly posted: Readonly<Record<string, string>>;
  /** A message that was sent and not answered. */
  readonly sending?: string;
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
  /** Who is told, as the user chose. */
  readonly targets: readonly AnnounceTarget[];
  readonly slack: SlackState;
  /** Keys of messages that were sent. */
  readonly webhook: readonly string[];
  readonly pages: readonly ('trigger' | 'acknowledge' | 'resolve')[];
  /** What was written into the timeline about it. */
  readonly noted: readonly string[];
  readonly failures: Readonly<Partial<Record<AnnounceTarget, Failure>>>;
}

export function newRoom(uid: string, openedAt: number, targets: readonly AnnounceTarget[]): RoomState {
  const slack: SlackState = { attempt: 1, posted: {} };
  return { uid, openedAt, targets, slack, webhook: [], pages: [], noted: [], failures: {} };
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
    isArrayOf(value.targets, (target) => announceTargets.some((known) => known === target)) &&
    isSlack(value.slack) &&
    isTexts(value.webhook) &&
    isArrayOf(value.pages, (page) => page === 'trigger' || page === 'acknowledge' || page === 'resolve') &&
    isTexts(value.noted) &&
    isRecord(value.failures) &&
    Object.values(value.failures).every(isFailure)
  );
}

function isSlack(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.attempt === 'number' &&
    isRecord(value.posted) &&
    Object.values(value.posted).every((ts) => typeof ts === 'string') &&
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

function isTexts(value: unknown): boolean {
  return isArrayOf(value, (entry) => typeof entry === 'string');
}

function isArrayOf(value: unknown, fits: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
