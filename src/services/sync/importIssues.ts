import { FirebreakError } from '../../core/errors.ts';
import type { RepositoryName } from '../../core/github.ts';
import type { Files } from '../../core/ports/files.ts';
import {
  type IssuePage,
  type IssueTracker,
  type RemoteIssue,
  type RemoteRepository,
  TrackerError,
} from '../../core/ports/issueTracker.ts';
import type { ServiceContext } from '../context.ts';
import { importedItem, importedUid } from './importedItem.ts';
import { type ImportCounts, type ImportEntry, type ImportJob, ImportJobs, type ImportQuery } from './importJob.ts';
import { parseIssueBody } from './markers.ts';
import { readSyncRules, type SyncRules, type SyncSettings } from './syncRules.ts';
import { SyncStore } from './syncStore.ts';

export interface ImportIssuesOptions {
  readonly services: ServiceContext;
  /** This clone's private state. */
  readonly privateFiles: Files;
  readonly repository: RepositoryName;
  /** Loaded when there is something to ask. */
  readonly tracker: (repository: RepositoryName) => Promise<IssueTracker>;
  /** One import at a time for the clone; undefined while another window or terminal has it. */
  readonly lock: () => Promise<{ dispose(): Promise<void> } | undefined>;
  /** What the team has set; the usual unless told. */
  readonly settings?: SyncSettings;
}

export interface ImportProgress {
  readonly signal?: AbortSignal;
  /** Told after each page. */
  readonly onProgress?: (job: ImportJob) => void;
}

/** Labels whose number is shown before an import. */
const countedLabels = 50;

/**
 * The use case "Import GitHub Issues": existing issues become items of the backlog. First they are listed, and nothing is
 * written to the tree; then what was listed is brought in. Both can be stopped at any time and go on later, page by page,
 * so that ten thousand issues need no more memory than a hundred. Nothing is ever written to GitHub, and comments stay
 * there: those of an incident come with its sync.
 */
export class ImportIssues {
  readonly #options: ImportIssuesOptions;
  readonly #jobs: ImportJobs;
  readonly #rules: SyncRules;

  /** @throws FirebreakError `invalidInput` for settings that mean nothing */
  constructor(options: ImportIssuesOptions) {
    this.#options = options;
    this.#rules = readSyncRules(options.settings ?? {});
    this.#jobs = new ImportJobs(options.privateFiles);
  }

  /** The import that was begun and not finished, if any. */
  pending(): Promise<ImportJob | undefined> {
    return this.#jobs.read();
  }

  /** Forgets an import that was begun. What it brought in stays. @throws FirebreakError `syncBusy` */
  async discard(): Promise<void> {
    await this.#alone(() => this.#jobs.forget());
  }

  /**
   * Goes through the issues and says what an import would bring. A list of the same query that was begun is gone on with.
   * @throws FirebreakError `cancelled`, `syncBusy`; TrackerError
   */
  async list(query: ImportQuery, progress: ImportProgress = {}): Promise<ImportJob> {
    return this.#alone(async () => {
      const { tracker, repository } = await this.#open();
      const known = await this.#jobs.read();
      const goesOn =
        known?.stage === 'listing' &&
        known.repository === repository.id &&
        JSON.stringify(known.query) === JSON.stringify(query);
      let job = goesOn ? known : await this.#begin(query, repository);
      const taken = await this.#taken(repository);
      while (job.stage === 'listing') {
        stopIfAsked(progress.signal);
        const page = await this.#page(tracker, job, repository);
        job = await this.#keep(page, repository, taken);
        progress.onProgress?.(job);
      }
      return job;
    });
  }

  /**
   * Brings in what was listed, and finishes the job.
   * @throws FirebreakError `notFound` when nothing was listed, `cancelled`, `syncBusy`, `readOnly`
   */
  async apply(progress: ImportProgress = {}): Promise<ImportCounts> {
    return this.#alone(async () => {
      let job = await this.#jobs.read();
      if (job?.stage !== 'listed') {
        throw new FirebreakError('notFound', 'No import was begun: say which issues are wanted.');
      }
      while (job.first <= job.last) {
        stopIfAsked(progress.signal);
        const made = await this.#write(await this.#jobs.page(job.first));
        const before: number = job.first;
        job = await this.#jobs.save({ ...job, first: before + 1, imported: job.imported + made });
        await this.#jobs.forgetPage(before);
        progress.onProgress?.(job);
      }
      await this.#jobs.forget();
      const { seen, chosen, known, imported } = job;
      return { seen, chosen, known, imported };
    });
  }

  async #begin(query: ImportQuery, repository: RemoteRepository): Promise<ImportJob> {
    await this.#jobs.forget();
    const none = { seen: 0, chosen: 0, known: 0, imported: 0 };
    return { ...none, query, repository: repository.id, stage: 'listing', first: 1, last: 0, labels: {} };
  }

  async #open(): Promise<{ tracker: IssueTracker; repository: RemoteRepository }> {
    const { repository: configured } = this.#options;
    const tracker = await this.#options.tracker(configured);
    const repository = await tracker.repository();
    if (!repository.hasIssues) {
      throw new FirebreakError('noRepository', `${repository.owner}/${repository.repo} has its issues switched off.`);
    }
    const isRenamed = repository.owner !== configured.owner || repository.repo !== configured.repo;
    return { tracker: isRenamed ? await this.#options.tracker(repository) : tracker, repository };
  }

  /** The next page; and from the start again where the place in the list has expired. */
  async #page(
    tracker: IssueTracker,
    job: ImportJob,
    repository: RemoteRepository,
  ): Promise<{ readonly job: ImportJob; readonly page: IssuePage }> {
    try {
      return { job, page: await tracker.issuePage(job.query, job.next) };
    } catch (error) {
      if (job.next === undefined || !TrackerError.is(error, 'refused', 'notFound', 'gone')) throw error;
      const anew = await this.#begin(job.query, repository);
      return { job: anew, page: await tracker.issuePage(job.query) };
    }
  }

  async #keep(
    { job, page }: { readonly job: ImportJob; readonly page: IssuePage },
    repository: RemoteRepository,
    taken: (issue: RemoteIssue) => boolean,
  ): Promise<ImportJob> {
    const wanted = page.issues.filter((issue) => matches(job.query, issue));
    const fresh = wanted.filter((issue) => !taken(issue));
    const entries: ImportEntry[] = fresh.map((issue) => importedItem(repository, issue, this.#rules.labels));
    const last = entries.length > 0 ? job.last + 1 : job.last;
    if (entries.length > 0) await this.#jobs.savePage(last, entries);
    const { next: _, ...rest } = job;
    return this.#jobs.save({
      ...rest,
      ...(page.next === undefined ? { stage: 'listed' } : { next: page.next }),
      last,
      seen: job.seen + page.issues.length,
      chosen: job.chosen + fresh.length,
      known: job.known + wanted.length - fresh.length,
      labels: counted(job.labels, fresh),
    });
  }

  /** Whether an issue has an item already, here or in another clone. */
  async #taken(repository: RemoteRepository): Promise<(issue: RemoteIssue) => boolean> {
    const { index } = this.#options.services;
    const numbers = new Set<number>();
    const names = [repository, this.#options.repository].map(({ owner, repo }) => `${owner}/${repo}`.toLowerCase());
    for (const { github } of index.items()) {
      if (github && names.includes(`${github.owner}/${github.repo}`.toLowerCase())) numbers.add(github.number);
    }
    const store = new SyncStore({ files: this.#options.privateFiles, now: this.#options.services.now });
    await store.load();
    // An item whose file is on another branch.
    for (const { number, repository: id } of store.items()) {
      if (number !== undefined && id === repository.id) numbers.add(number);
    }
    return (issue) =>
      numbers.has(issue.number) ||
      index.item(importedUid(repository.id, issue.number)) !== undefined ||
      (issue.trusted && parseIssueBody(issue.body).marker !== undefined);
  }

  /** @returns how many of them there are now, also from a try that was cut short */
  async #write(entries: readonly ImportEntry[]): Promise<number> {
    const { index, writer } = this.#options.services;
    // Git may have brought some since they were listed; and whatever else has the name stays as it is.
    await writer.createMany(entries.filter(({ uid, id }) => !index.item(uid) && !index.item(id)));
    return entries.filter(({ uid }) => index.item(uid)).length;
  }

  async #alone<T>(act: () => Promise<T>): Promise<T> {
    const lock = await this.#options.lock();
    if (!lock) throw new FirebreakError('syncBusy', 'Another window or terminal is importing issues here.');
    try {
      return await act();
    } finally {
      await lock.dispose();
    }
  }
}

function stopIfAsked(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new FirebreakError('cancelled', 'The import was stopped. It can go on later.');
}

/** What GitHub's list can't be asked for. */
function matches({ milestone, text }: ImportQuery, issue: RemoteIssue): boolean {
  if (milestone !== undefined && issue.milestone?.title.toLowerCase() !== milestone.toLowerCase()) return false;
  const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const searched = `${issue.title}\n${issue.body}`.toLowerCase();
  return words.every((word) => searched.includes(word));
}

/** Adds up labels, and keeps the most frequent: there may be as many as issues. */
function counted(before: Readonly<Record<string, number>>, issues: readonly RemoteIssue[]): Record<string, number> {
  const counts = new Map(Object.entries(before));
  for (const { labels } of issues) for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const sorted = [...counts].sort(([left, some], [right, others]) => others - some || (left < right ? -1 : 1));
  return Object.fromEntries(sorted.slice(0, countedLabels));
}
