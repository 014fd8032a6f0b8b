import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { readFile, stat, utimes } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import path from 'node:path';
import { FileError, type Files } from '../../core/ports/files.ts';
import { isAlive } from './isAlive.ts';

/** What is held until it is given back, or until the process that holds it is no more. */
export interface Lock {
  /** Gives the lock back. A second call does nothing. */
  dispose(): Promise<void>;
}

/** Where locks are kept. */
export interface LockPlace {
  readonly files: Files;
  /** The folder of `files`, absolute. */
  readonly folder: string;
}

interface Holder {
  readonly pid: number;
  /** The machine, and what tells process ids apart on it. */
  readonly host: string;
  /** When the process began, as its system counts; undefined where the system does not tell. */
  readonly process: string | undefined;
  /** When the lock was taken, epoch milliseconds of that machine. */
  readonly taken: number;
  /** Random: tells this holding from every other. */
  readonly id: string;
  readonly released?: true;
}

/** Generations that are kept behind the newest, so that a slow reader of the folder can't miss all of them. */
const keptGenerations = 8;
const defaultStaleMs = 10 * 60_000;
/** The clock of a boot is only known roughly. */
const bootSlackMs = 5_000;

/**
 * Takes a lock that one process on all machines which see the folder can have at a time.
 *
 * Each holding is a file `locks/<name>/<generation>` that is made exclusively, one higher than the highest there is,
 * and only ever replaced by a note that it was released. So no two processes can take the same dead holder's place, and
 * a process that looked at the folder long ago finds a higher generation than its own and stands back: nothing is
 * deleted that somebody could recreate while another holds the lock.
 *
 * @param options.staleMs a holder on another machine that has not been heard of for this long (milliseconds; 10
 * minutes) counts as dead. One on this machine is dead when its process is.
 * @returns undefined while somebody else has it
 * @throws FileError when the folder can't be read or written
 */
export async function acquireLock(
  place: LockPlace,
  name: string,
  options: { readonly staleMs?: number } = {},
): Promise<Lock | undefined> {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new FileError('outside', name);
  const staleMs = options.staleMs ?? defaultStaleMs;
  const folder = `locks/${name}`;
  const before = await generations(place.files, folder);
  const newest = before.at(-1);
  if (newest !== undefined && (await isHeld(place, `${folder}/${newest}`, staleMs))) return undefined;

  const generation = (newest ?? 0) + 1;
  const mine: Holder = {
    pid: process.pid,
    host: thisHost(),
    process: await processStart(process.pid),
    taken: Date.now(),
    id: randomBytes(8).toString('hex'),
  };
  const file = `${folder}/${generation}`;
  try {
    await place.files.create(file, JSON.stringify(mine));
  } catch (error) {
    if (FileError.is(error, 'exists')) return undefined;
    throw error;
  }
  const after = await generations(place.files, folder);
  if (after.at(-1) !== generation) {
    // Whoever made the higher one did so before this one was made anew, and may hold it.
    await place.files.delete(file);
    return undefined;
  }
  for (const old of after.slice(0, -keptGenerations)) await place.files.delete(`${folder}/${old}`);
  return heldLock(place, file, mine, staleMs);
}

function heldLock(place: LockPlace, file: string, mine: Holder, staleMs: number): Lock {
  const target = onDisk(place, file);
  // Another machine can't ask whether this process lives; it looks at the age of the file.
  const sign = setInterval(() => {
    const now = new Date();
    utimes(target, now, now).catch(() => undefined);
  }, staleMs / 4);
  sign.unref();
  let disposed: Promise<void> | undefined;
  const release = async () => {
    clearInterval(sign);
    // Somebody threw the private state away, or took the lock from a holder long unheard of: then it is not ours to note.
    const holder = await readHolder(place.files, file);
    if (typeof holder === 'object' && holder.id === mine.id)
      await place.files.write(file, JSON.stringify({ ...mine, released: true }));
  };
  return { dispose: () => (disposed ??= release()) };
}

async function generations(files: Files, folder: string): Promise<number[]> {
  const names = (await files.list(folder)).map((entry) => entry.name);
  return names
    .filter((name) => /^[1-9]\d{0,14}$/.test(name))
    .map(Number)
    .sort((left, right) => left - right);
}

async function isHeld(place: LockPlace, file: string, staleMs: number): Promise<boolean> {
  const holder = await readHolder(place.files, file);
  if (holder === 'missing') return false;
  if (holder !== 'unreadable' && holder.released) return false;
  if (holder === 'unreadable' || holder.host !== thisHost()) {
    // Not to be understood: a newer version's, or one that is being written where files can't appear whole.
    return Date.now() - (await lastSign(place, file)) <= staleMs;
  }
  if (holder.taken < Date.now() - uptime() * 1000 - bootSlackMs) return false;
  return isStillHeld(holder);
}

async function readHolder(files: Files, file: string): Promise<Holder | 'missing' | 'unreadable'> {
  try {
    const holder: unknown = JSON.parse(new TextDecoder().decode(await files.read(file)));
    return isHolder(holder) ? holder : 'unreadable';
  } catch (error) {
    if (FileError.is(error, 'notFound')) return 'missing';
    if (error instanceof SyntaxError) return 'unreadable';
    throw error;
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, host, taken, id } = value as Partial<Record<keyof Holder, unknown>>;
  return Number.isSafeInteger(pid) && typeof host === 'string' && typeof taken === 'number' && typeof id === 'string';
}

/** When the holder last showed that it lives, epoch milliseconds; 0 when its file is gone. */
async function lastSign(place: LockPlace, file: string): Promise<number> {
  try {
    return (await stat(onDisk(place, file))).mtimeMs;
  } catch {
    return 0;
  }
}

async function isStillHeld(holder: Holder): Promise<boolean> {
  if (!isAlive(holder.pid)) return false;
  const start = await processStart(holder.pid);
  // The number may have been given to another process since.
  return start !== 'ended' && (start === undefined || holder.process === undefined || start === holder.process);
}

/** Linux tells when a process began, and whether it only waits to be buried. */
async function processStart(pid: number): Promise<string | 'ended' | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything; what follows it is regular (proc_pid_stat(5)).
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? 'ended' : fields[18];
  } catch {
    return undefined;
  }
}

let host: string | undefined;

/** Containers share a host name at times, but then count their processes anew: the name alone does not tell. */
function thisHost(): string {
  if (host === undefined) {
    host = hostname();
    try {
      host += ` ${readlinkSync('/proc/self/ns/pid')}`;
    } catch {
      // Elsewhere than on Linux there is one numbering of processes.
    }
  }
  return host;
}

function onDisk(place: LockPlace, file: string): string {
  return path.join(place.folder, ...file.split('/'));
}
