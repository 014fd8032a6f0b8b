import type { GitIdentity } from '../../../src/core/people.ts';
import { silentLog } from '../../../src/core/ports/environment.ts';
import type { Files } from '../../../src/core/ports/files.ts';
import type { Git } from '../../../src/core/ports/git.ts';
import type { Random } from '../../../src/core/ulids.ts';
import { openSession, type Session } from '../../../src/services/session.ts';
import { type MemoryFiles, memoryFiles } from '../support/memoryFiles.ts';

/** 2025-09-23T14:30:00Z, a Tuesday of week 39. */
export const start = Date.UTC(2025, 8, 23, 14, 30);

export const alice: GitIdentity = { name: 'Alice', email: '123+alice@users.noreply.github.com' };
export const bob: GitIdentity = { name: 'Bob', email: 'bob@users.noreply.github.com' };

/** The same numbers for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface CloneOptions {
  readonly tree?: MemoryFiles;
  readonly privateFiles?: MemoryFiles | undefined;
  /** What use cases and the index see, when it is not the bare files: faults are put in here. */
  readonly through?: (files: Files, place: 'tree' | 'private') => Files;
  readonly origin?: string;
  readonly seed?: number;
  readonly at?: number;
  readonly who?: GitIdentity;
}

/** One clone on one machine: a work tree, its private state, a clock that only a test moves, and an open session. */
export class Clone {
  readonly tree: MemoryFiles;
  readonly privateFiles: MemoryFiles | undefined;
  readonly #options: CloneOptions;
  #now: number;
  #session: Session;

  constructor(options: CloneOptions = {}) {
    this.#options = options;
    this.tree = options.tree ?? memoryFiles();
    this.privateFiles = 'privateFiles' in options ? options.privateFiles : memoryFiles();
    this.#now = options.at ?? start;
    this.#session = this.#open(options.seed ?? 1);
  }

  get session(): Session {
    return this.#session;
  }

  get context() {
    return this.#session.context;
  }

  get index() {
    return this.#session.index;
  }

  get now(): number {
    return this.#now;
  }

  /** Lets time pass, or go back, on this machine. */
  pass(milliseconds: number): this {
    this.#now += milliseconds;
    return this;
  }

  async load(): Promise<this> {
    await this.#session.index.load();
    return this;
  }

  /** What a new window sees: the same files, nothing remembered. */
  async reopen(seed: number, through?: CloneOptions['through']): Promise<this> {
    this.#session = this.#open(seed, through);
    return this.load();
  }

  #open(seed: number, through = this.#options.through ?? ((files: Files) => files)): Session {
    const { origin = 'a11ce0', who = alice } = this.#options;
    return openSession({
      files: through(this.tree, 'tree'),
      privateFiles: this.privateFiles && through(this.privateFiles, 'private'),
      origin,
      now: () => this.#now,
      random: seededRandom(seed),
      log: silentLog,
      git: async () => gitThatKnows(who),
      fallbackAuthor: 'somebody',
    });
  }
}

/** A clone, with its index loaded. */
export function openClone(options: CloneOptions = {}): Promise<Clone> {
  return new Clone(options).load();
}

function gitThatKnows(who: GitIdentity): Git {
  const unexpected = async (): Promise<never> => {
    throw new Error('No use case here runs this git command.');
  };
  return {
    identity: async () => who,
    branch: unexpected,
    defaultBranch: unexpected,
    operationUnderWay: unexpected,
    authors: async () => [],
    published: async () => undefined,
    remotes: unexpected,
    commit: unexpected,
    share: unexpected,
  };
}

/** The methods of a port as own properties, so that a test can put one of its own among them. */
export function portOf(files: Files): Files {
  return {
    stat: files.stat.bind(files),
    list: files.list.bind(files),
    read: files.read.bind(files),
    write: files.write.bind(files),
    create: files.create.bind(files),
    move: files.move.bind(files),
    delete: files.delete.bind(files),
  };
}
