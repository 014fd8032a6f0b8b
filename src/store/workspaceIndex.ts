import type { Item, ItemRecord, RecordedField } from '../core/item.ts';
import type { Policy } from '../core/policy.ts';
import type { Log } from '../core/ports/environment.ts';
import type { Files } from '../core/ports/files.ts';
import type { Problem } from '../core/problem.ts';
import type { Role } from '../core/role.ts';
import type { StoredEvent } from '../core/timelineEvent.ts';

/** What is not as it was before a refresh. */
export interface IndexChange {
  /** Of items that came, went, or read differently; and of the incidents that these are merged into. */
  readonly uids: ReadonlySet<string>;
  readonly problems: boolean;
  readonly policy: boolean;
}

/** A value in a file that no record explains: an edit by hand, to be recorded as following `prev`. */
export interface HandEdit {
  readonly field: RecordedField | 'phase' | Role;
  readonly value: string;
  readonly prev: string;
}

export interface WorkspaceIndexOptions {
  /** The tree, from the root folder down. */
  readonly files: Files;
  /** Copies of this clone's records, at the same paths. */
  readonly journal?: Files;
  readonly log: Log;
}

/** The index of one root folder, kept by changes: one changed file costs one read. */
export class WorkspaceIndex {
  readonly #options: WorkspaceIndexOptions;

  constructor(options: WorkspaceIndexOptions) {
    this.#options = options;
  }

  /** Reads everything. Never throws: what can't be read is a problem. */
  async load(): Promise<void> {
    throw new Error(`not written yet ${String(this.#options)}`);
  }

  /** Takes in what was created, changed or deleted. A folder stands for all in it. */
  async refresh(paths: readonly string[]): Promise<void> {
    throw new Error(`not written yet ${String(paths)}`);
  }

  /** All items, incidents among them, in the order of their paths. */
  items(): readonly Item[] {
    throw new Error('not written yet');
  }

  /** The item with this uid, id, alias or `owner/repo#n`, in this order; exact. */
  item(name: string): Item | undefined {
    throw new Error(`not written yet ${name}`);
  }

  /** The item that a file belongs to: its own document, or anything in an incident's folder. */
  itemAt(path: string): Item | undefined {
    throw new Error(`not written yet ${path}`);
  }

  /** The records of an item, lowest id first. */
  records(uid: string): readonly ItemRecord[] {
    throw new Error(`not written yet ${uid}`);
  }

  /** An incident's own events in display order. Those of an incident that was closed at loading are read now. */
  async events(uid: string): Promise<readonly StoredEvent[]> {
    throw new Error(`not written yet ${uid}`);
  }

  /** An incident's events and those of all incidents merged into it, in display order. */
  async timeline(uid: string): Promise<readonly StoredEvent[]> {
    throw new Error(`not written yet ${uid}`);
  }

  /** An incident's own events in display order; undefined when they are not loaded yet. */
  loadedEvents(uid: string): readonly StoredEvent[] | undefined {
    throw new Error(`not written yet ${uid}`);
  }

  /** What is wrong, in the order of paths and lines. */
  problems(): readonly Problem[] {
    throw new Error('not written yet');
  }

  policy(): Policy {
    throw new Error('not written yet');
  }

  /** Journalled paths whose record the tree lacks, wherever it might be in it. */
  missing(): readonly string[] {
    throw new Error('not written yet');
  }

  /** The item's fields whose value in the file no record explains. */
  handEdits(uid: string): readonly HandEdit[] {
    throw new Error(`not written yet ${uid}`);
  }

  /** Is told once per load or refresh that changed something. */
  onDidChange(listener: (change: IndexChange) => void): { dispose(): void } {
    throw new Error(`not written yet ${String(listener)}`);
  }
}
