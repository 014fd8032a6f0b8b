import { authorName } from '../core/people.ts';
import type { Log, Now } from '../core/ports/environment.ts';
import type { Files } from '../core/ports/files.ts';
import type { Git } from '../core/ports/git.ts';
import { subfolder } from '../core/ports/subfolder.ts';
import { type Random, ulidFactory } from '../core/ulids.ts';
import { WorkspaceIndex } from '../store/workspaceIndex.ts';
import type { ServiceContext } from './context.ts';
import { WorkspaceWriter } from './workspaceWriter.ts';

/** The outside world, as an editor or a terminal provides it. */
export interface SessionPorts {
  /** The tree, from the root folder down. */
  readonly files: Files;
  /** The private state of this clone; undefined where none can be kept (then there is no journal and no sync). */
  readonly privateFiles: Files | undefined;
  /** The random id of this clone. */
  readonly origin: string;
  readonly now: Now;
  readonly random: Random;
  readonly log: Log;
  /** Loaded when first needed; undefined where there is no repository. */
  readonly git: () => Promise<Git | undefined>;
  /** Who works here when git does not say: the operating system's user. */
  readonly fallbackAuthor: string;
}

/** One open root folder: its index, the use cases' context, and the ports they stand on. */
export interface Session extends SessionPorts {
  readonly index: WorkspaceIndex;
  readonly context: ServiceContext;
}

/** Makes a session. Reads nothing yet: `session.index.load()` does. */
export function openSession(ports: SessionPorts): Session {
  const journal = ports.privateFiles && subfolder(ports.privateFiles, 'journal');
  const index = new WorkspaceIndex({ files: ports.files, ...(journal ? { journal } : {}), log: ports.log });
  const writer = new WorkspaceWriter({ files: ports.files, journal, index, log: ports.log });
  let identity: Promise<{ name: string | undefined; email: string | undefined }> | undefined;
  const context: ServiceContext = {
    index,
    writer,
    now: ports.now,
    newId: ulidFactory(ports.random),
    origin: ports.origin,
    author: async () => {
      identity ??= gitIdentity(ports);
      return authorName(await identity, index.policy().people);
    },
  };
  return { ...ports, index, context };
}

async function gitIdentity(ports: SessionPorts): Promise<{ name: string | undefined; email: string | undefined }> {
  try {
    const known = await (await ports.git())?.identity();
    return { name: known?.name ?? ports.fallbackAuthor, email: known?.email };
  } catch (error) {
    // Declaring must not wait for, or fail by, a broken git.
    ports.log.warn(`git does not say who works here: ${String(error)}`);
    return { name: ports.fallbackAuthor, email: undefined };
  }
}
