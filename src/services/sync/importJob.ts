import { FileError, type Files } from '../../core/ports/files.ts';
import type { IssueQuery } from '../../core/ports/issueTracker.ts';
import type { NewFile } from '../newFile.ts';

/** Which issues are wanted. */
export interface ImportQuery extends IssueQuery {
  /** The title of a milestone; any when undefined. */
  readonly milestone?: string | undefined;
  /** Words that the title or the text must hold, all of them, in any case. */
  readonly text?: string | undefined;
}

/** What became of the issues that were looked at. */
export interface ImportCounts {
  /** Issues of the lists that were read. */
  readonly seen: number;
  /** To be brought in. */
  readonly chosen: number;
  /** Of the query, but linked to an item already, or made from one. */
  readonly known: number;
  /** Brought in. */
  readonly imported: number;
}

/** An import that is under way, as it stands on disk: it goes on after a restart. */
export interface ImportJob extends ImportCounts {
  readonly query: ImportQuery;
  /** The id of the repository. */
  readonly repository: number;
  readonly stage: 'listing' | 'listed';
  /** Where the next page of the list begins. */
  readonly next?: string;
  /** Pages on disk that are still to be written, first and last; none when `last` is below `first`. */
  readonly first: number;
  readonly last: number;
  /** How many of the chosen issues have each label: of the most frequent. */
  readonly labels: Readonly<Record<string, number>>;
}

export interface ImportEntry extends NewFile {
  readonly uid: string;
  readonly id: string;
}

const folder = 'sync/import';
const file = `${folder}/job.json`;

/** The job of a clone and the files that it is going to write, page by page, in the private state. */
export class ImportJobs {
  readonly #files: Files;

  constructor(files: Files) {
    this.#files = files;
  }

  /** undefined when there is none, or none that can be read. */
  async read(): Promise<ImportJob | undefined> {
    const value = await this.#json(file);
    return isJob(value) ? value : undefined;
  }

  async save(job: ImportJob): Promise<ImportJob> {
    await this.#files.write(file, `${JSON.stringify(job)}\n`);
    return job;
  }

  /** Takes the job away, and what it kept. */
  async forget(): Promise<void> {
    // The job first: pages without one are no job.
    await this.#files.delete(file);
    for (const { name } of await this.#files.list(folder)) await this.#files.delete(`${folder}/${name}`);
  }

  async savePage(number: number, entries: readonly ImportEntry[]): Promise<void> {
    await this.#files.write(pagePath(number), JSON.stringify(entries));
  }

  /** Nothing where the page is gone. */
  async page(number: number): Promise<readonly ImportEntry[]> {
    const value = await this.#json(pagePath(number));
    return Array.isArray(value) ? value.filter(isEntry) : [];
  }

  async forgetPage(number: number): Promise<void> {
    await this.#files.delete(pagePath(number));
  }

  async #json(path: string): Promise<unknown> {
    try {
      return JSON.parse(new TextDecoder().decode(await this.#files.read(path)));
    } catch (error) {
      if (FileError.is(error, 'notFound') || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

function pagePath(number: number): string {
  return `${folder}/page-${number}.json`;
}

type Shape = Readonly<Record<string, unknown>>;

function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEntry(value: unknown): value is ImportEntry {
  return isShape(value) && [value.path, value.text, value.uid, value.id].every((part) => typeof part === 'string');
}

function isQuery(value: unknown): value is ImportQuery {
  if (!isShape(value)) return false;
  const { state, labels, milestone, text } = value;
  return (
    (state === 'open' || state === 'closed' || state === 'all') &&
    Array.isArray(labels) &&
    labels.every((label) => typeof label === 'string') &&
    [milestone, text].every((part) => part === undefined || typeof part === 'string')
  );
}

function isJob(value: unknown): value is ImportJob {
  if (!isShape(value)) return false;
  const { query, stage, next, labels } = value;
  const numbers = [value.repository, value.first, value.last, value.seen, value.chosen, value.known, value.imported];
  return (
    isQuery(query) &&
    (stage === 'listing' || stage === 'listed') &&
    (next === undefined || typeof next === 'string') &&
    numbers.every((number) => Number.isSafeInteger(number)) &&
    isShape(labels) &&
    Object.values(labels).every((count) => typeof count === 'number')
  );
}
