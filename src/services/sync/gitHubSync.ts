import { FirebreakError } from '../../core/errors.ts';
import type { IssueLink, RepositoryName } from '../../core/github.ts';
import { type Incident, type Item, isIncident } from '../../core/item.ts';
import type { Log } from '../../core/ports/environment.ts';
import type { Files } from '../../core/ports/files.ts';
import type { PublishedFiles } from '../../core/ports/git.ts';
import { type IssueTracker, type RemoteRepository, TrackerError } from '../../core/ports/issueTracker.ts';
import { day } from '../../core/time.ts';
import type { WorkspaceIndex } from '../../store/workspaceIndex.ts';
import { actionItems } from '../actionItems.ts';
import type { ServiceContext } from '../context.ts';
import { recordHandEdits } from '../handEdits.ts';
import { applyPurges } from '../purges.ts';
import { RememberedStates } from './itemStates.ts';
import { keeping, keptInside } from './keptInside.ts';
import { pacedMessage, type RequestPace } from './pacing.ts';
import { dutyOf, type PlanContext, planSync } from './plan.ts';
import { privateNames } from './privateNames.ts';
import { ReportBuilder } from './reportBuilder.ts';
import { reviewUrls } from './reviewUrls.ts';
import { RepositoryRenamed } from './roundGuard.ts';
import { remainingProblems, standingProblems } from './standingProblems.ts';
import type { SyncContext } from './syncContext.ts';
import type { PendingWork, SyncProblem, SyncReport, Waiting } from './syncReport.ts';
import { SyncRound } from './syncRound.ts';
import { nothingLeaves, readSyncRules, type SyncRules, type SyncSettings } from './syncRules.ts';
import { emptyCursor, type KnownRepository } from './syncState.ts';
import { SyncStore } from './syncStore.ts';

export interface GitHubSyncOptions {
  readonly services: ServiceContext;
  /** This clone's private state; the folder `sync/` of it is used. */
  readonly privateFiles: Files;
  readonly repository: RepositoryName;
  /** Loaded when there is something to ask; called again with the new name when the repository was renamed. */
  readonly tracker: (repository: RepositoryName) => Promise<IssueTracker>;
  /** One syncer at a time for the clone, whatever windows and terminals there are; undefined when another has it. */
  readonly lock: () => Promise<{ dispose(): Promise<void> } | undefined>;
  /** One syncer at a time for a repository (by id) on this machine, whatever clones there are. */
  readonly repositoryLock?: (repositoryId: number) => Promise<{ dispose(): Promise<void> } | undefined>;
  /** The pace of this user on this machine: the same that the tracker's requests go through. */
  readonly pace?: RequestPace;
  /** Whether the configured branch is checked out. */
  readonly mayPushInferred: () => Promise<boolean>;
  /** The reviews (`rca.md`) that everybody finds in the repository on GitHub; none where that is not known. */
  readonly published?: () => Promise<PublishedFiles | undefined>;
  /** What is under way in git (a merge, a rebase, a stash), if anything. */
  readonly paused: () => Promise<string | undefined>;
  readonly log: Log;
  /** What the team has set; the usual unless told. */
  readonly settings?: SyncSettings;
}

export interface SyncOptions {
  /** Lists what would be done, why it waits and what needs a person, and asks GitHub nothing. */
  readonly dryRun?: boolean;
  /**
   * Small events wait a little for others, so that one comment holds them all. Not for somebody who asked to sync: then all
   * goes out at once.
   */
  readonly gather?: boolean;
  /** Stops before the next write. */
  readonly signal?: AbortSignal;
  /** Somebody agreed that incidents go to this repository though it is public. Remembered. */
  readonly publicConfirmed?: boolean;
}

/** Tokens and permissions change seldom; a rename shows by itself. */
const repositoryKeptFor = day;

/** The use case "Sync with GitHub" of one clone and one repository. To be kept while repository and token stay the same. */
export class GitHubSync {
  readonly #options: GitHubSyncOptions;
  readonly #rules: SyncRules;
  /** Why nothing is done: the settings mean nothing. */
  readonly #broken: Waiting | undefined;
  readonly #remembered = new RememberedStates();
  #running: Promise<SyncReport> | undefined;
  /** By name, since a tracker remembers who may write. */
  readonly #trackers = new Map<string, Promise<IssueTracker>>();

  constructor(options: GitHubSyncOptions) {
    this.#options = options;
    try {
      this.#rules = readSyncRules(options.settings ?? {});
    } catch (error) {
      if (!FirebreakError.is(error, 'invalidInput')) throw error;
      this.#rules = nothingLeaves;
      this.#broken = { reason: 'settings', until: undefined, message: error.message };
    }
  }

  /** What the server says of the repository. @throws TrackerError, FirebreakError `noToken`, `unsafeAddress` */
  async repository(): Promise<RemoteRepository> {
    return (await this.#tracker(this.#options.repository)).repository();
  }

  /**
   * Brings this clone and GitHub in step. A second call while one is running waits for that one.
   * @returns what was done and what is left. Networks, limits and refusals are told there, and not thrown.
   * @throws FirebreakError `noToken`, `unsafeAddress`; FileError when the private state can't be written
   */
  async sync(options: SyncOptions = {}): Promise<SyncReport> {
    if (this.#broken) return { ...new ReportBuilder().finish(), waiting: [this.#broken] };
    if (options.dryRun) {
      const { steps, reasons, problems } = await this.pendingWork();
      const report = new ReportBuilder();
      for (const reason of reasons) report.wait(reason);
      for (const problem of problems) report.problem(problem);
      return report.finish(steps);
    }
    this.#running ??= this.#run(options).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** What the next sync would do and why it waits, as far as this clone knows. Asks GitHub nothing. */
  async pendingWork(): Promise<PendingWork> {
    const store = this.#store();
    await store.load();
    const kept = await this.#keptInside(store);
    const steps = await planSync(this.#planContext(store, kept));
    const now = this.#options.services.now();
    const told = store.cursor.waiting.filter(({ until }) => until === undefined || until > now);
    const reasons = this.#broken ? [this.#broken] : told;
    const problems = standingProblems(store, this.#options.services.index);
    return { count: steps.length, steps, reasons, problems };
  }

  async #run(options: SyncOptions): Promise<SyncReport> {
    const report = new ReportBuilder();
    const lock = await this.#options.lock();
    if (!lock) {
      report.wait({ reason: 'busy', until: undefined, message: 'Another window or terminal is syncing this folder.' });
      return report.finish();
    }
    try {
      const store = this.#store();
      await store.load({ isAlone: true });
      let completed = false;
      try {
        await this.#sync(options, store, report);
        completed = true;
      } catch (error) {
        if (!(await this.#explain(error, store, report))) throw error;
      } finally {
        await this.#tellHowManyWait(store, report);
        const { problems, waiting } = report;
        const isOver = (problem: SyncProblem) => report.isOver(problem);
        const found = { problems, isOver, complete: waiting.length === 0 && completed };
        await store.saveCursor({ waiting, problems: remainingProblems(store.cursor.problems ?? [], found) });
      }
    } finally {
      await lock.dispose();
    }
    return report.finish();
  }

  async #tellHowManyWait(store: SyncStore, report: ReportBuilder): Promise<void> {
    const paced = report.waiting.find(({ reason }) => reason === 'paced');
    if (!paced) return;
    const steps = await planSync(this.#planContext(store));
    const left = steps.filter(({ step }) => step === 'create' || step === 'comment').length;
    report.replace({ ...paced, left, message: `${paced.message} ${left === 1 ? 'One waits.' : `${left} wait.`}` });
  }

  async #sync(options: SyncOptions, store: SyncStore, report: ReportBuilder): Promise<void> {
    const { services, paused, mayPushInferred } = this.#options;
    const checkpoint = async () => {
      if (options.signal?.aborted) throw new FirebreakError('cancelled', 'The sync was cancelled.');
      const operation = await paused();
      if (operation !== undefined) {
        throw new FirebreakError('gitBusy', `Git is in the middle of a ${operation}: syncing goes on after it.`);
      }
    };
    await checkpoint();
    await applyPurges(services);
    if (await mayPushInferred()) await recordHandEdits(services);
    await this.#noteKeptInside(store);
    if (!(await this.#hasDuties(store))) return;
    const pausedUntil = await this.#pausedUntil(store);
    if (pausedUntil !== undefined) {
      report.wait({ reason: 'rateLimited', until: pausedUntil, message: 'GitHub asked for a pause.' });
      return;
    }
    for (let renames = 0; ; renames++) {
      try {
        const round = await this.#round(store, report, checkpoint, options.gather === true);
        if (round) await this.#alone(report, round.repository, () => this.#pass(options, store, report, round));
        return;
      } catch (error) {
        if (!(error instanceof RepositoryRenamed) || renames > 0) throw error;
        await store.saveCursor({ repository: undefined });
      }
    }
  }

  async #pass(options: SyncOptions, store: SyncStore, report: ReportBuilder, round: SyncRound): Promise<void> {
    await round.pull();
    if (await this.#mayPublish(options, store, report, round.repository)) await round.push();
  }

  /** Two clones on one machine that sync at once would each look for what the other is about to make. */
  async #alone(report: ReportBuilder, repository: KnownRepository, act: () => Promise<void>): Promise<void> {
    const { repositoryLock } = this.#options;
    if (!repositoryLock) return act();
    const lock = await repositoryLock(repository.id);
    if (!lock) {
      const message = `Another clone of ${fullName(repository)} on this machine is syncing.`;
      report.wait({ reason: 'busy', until: undefined, message });
      return;
    }
    try {
      await act();
    } finally {
      await lock.dispose();
    }
  }

  async #pausedUntil(store: SyncStore): Promise<number | undefined> {
    const { pace, services } = this.#options;
    if (pace) return pace.pausedUntil();
    const { pausedUntil } = store.cursor;
    const now = services.now();
    // A pause that is further away than any is was written before the clock was set back.
    return pausedUntil !== undefined && pausedUntil > now && pausedUntil <= now + 2 * day ? pausedUntil : undefined;
  }

  async #hasDuties(store: SyncStore): Promise<boolean> {
    const context = this.#planContext(store);
    for (const item of this.#options.services.index.items()) if ((await dutyOf(context, item)) !== 'none') return true;
    return false;
  }

  async #round(
    store: SyncStore,
    report: ReportBuilder,
    checkpoint: () => Promise<void>,
    gather: boolean,
  ): Promise<SyncRound | undefined> {
    const { services, log, mayPushInferred, repository: configured } = this.#options;
    let tracker = await this.#tracker(configured);
    const repository = await this.#known(tracker, store, report);
    if (!repository) return undefined;
    if (fullName(repository) !== fullName(configured)) {
      tracker = await this.#tracker({ owner: repository.owner, repo: repository.repo });
    }
    const rules = keeping(this.#rules, store.cursor.keptInside ?? []);
    const context: Omit<SyncContext, 'seen'> = {
      services,
      store,
      tracker,
      repository,
      report,
      log,
      rules,
      namesPrivate: privateNames(services.index.items(), rules.isWithheld),
      isOurs: isOneOf(configured, repository),
      mayPushInferred,
      reviewUrl: reviewUrls(this.#options.published, repository, services.index),
      actionsOf: actionLists(services.index),
      checkpoint,
      gather,
      admit: (item) => this.#admit(item, report),
    };
    return new SyncRound(context);
  }

  async #admit(item: Item, report: ReportBuilder): Promise<boolean> {
    const { pace } = this.#options;
    const until = await pace?.admit(isIncident(item));
    if (!pace || until === undefined) return true;
    report.wait({ reason: 'paced', until, message: pacedMessage(pace.limits) });
    return false;
  }

  /** The repository as it is known, asked for anew once a day; undefined when it can't be synced with. */
  async #known(tracker: IssueTracker, store: SyncStore, report: ReportBuilder): Promise<KnownRepository | undefined> {
    const configured = fullName(this.#options.repository);
    const known = store.cursor.repository;
    const age = this.#options.services.now() - (known?.checkedAt ?? 0);
    if (known?.configured === configured && age >= 0 && age < repositoryKeptFor) return known;
    const found = await tracker.repository();
    const refuse = (message: string) => {
      report.wait({ reason: 'repository', until: undefined, message });
      return undefined;
    };
    if (known?.configured === configured && known.id !== found.id) {
      return refuse(
        `${configured} is another repository than the one synced with before. If that is meant, delete the folder "sync" of the private state.`,
      );
    }
    if (found.archived) return refuse(`${configured} is archived, so nothing can be sent there.`);
    if (!found.hasIssues) return refuse(`${configured} has its issues switched off.`);
    const { owner, repo, id, canPush, url } = found;
    const repository = {
      configured,
      owner,
      repo,
      id,
      canPush,
      url,
      private: found.private,
      checkedAt: this.#options.services.now(),
    };
    // What is known of lists and labels belongs to the repository that it came from.
    if (known && known.id !== id) await store.saveCursor({ ...forgotten, repository });
    else await store.saveCursor({ repository });
    return repository;
  }

  async #mayPublish(
    options: SyncOptions,
    store: SyncStore,
    report: ReportBuilder,
    repository: KnownRepository,
  ): Promise<boolean> {
    if (repository.private || store.cursor.mayPublish === repository.id) return true;
    if (options.publicConfirmed) {
      await store.saveCursor({ mayPublish: repository.id });
      return true;
    }
    report.wait({
      reason: 'notConfirmed',
      until: undefined,
      message: `${fullName(repository)} is public: nothing is sent until somebody says that it may be.`,
    });
    return false;
  }

  async #tracker(repository: RepositoryName): Promise<IssueTracker> {
    const name = fullName(repository);
    const opened = this.#trackers.get(name) ?? this.#options.tracker(repository);
    this.#trackers.set(name, opened);
    try {
      return await opened;
    } catch (error) {
      // A token that was missing may be there next time.
      this.#trackers.delete(name);
      throw error;
    }
  }

  #store(): SyncStore {
    const { privateFiles, services } = this.#options;
    return new SyncStore({ files: privateFiles, now: services.now, remembered: this.#remembered });
  }

  /** What is kept inside beside what the files say that are here. */
  async #keptInside({ cursor }: SyncStore): Promise<readonly string[]> {
    const { mayPushInferred, services } = this.#options;
    const known = cursor.keptInside ?? [];
    return (await mayPushInferred()) ? keptInside(known, services.index.items(), this.#rules.isWithheld) : known;
  }

  async #noteKeptInside(store: SyncStore): Promise<void> {
    const kept = await this.#keptInside(store);
    await store.saveCursor({ keptInside: kept.length === 0 ? undefined : kept });
  }

  #planContext(store: SyncStore, kept = store.cursor.keptInside ?? []): PlanContext {
    const { services, repository, mayPushInferred } = this.#options;
    const rules = keeping(this.#rules, kept);
    const known = store.cursor.repository;
    return {
      services,
      store,
      mayPushInferred,
      reviewUrl: reviewUrls(this.#options.published, known, services.index),
      actionsOf: actionLists(services.index),
      rules,
      namesPrivate: privateNames(services.index.items(), rules.isWithheld),
      isOurs: isOneOf(repository, ...(known ? [known] : [])),
      repositoryId: known?.configured === fullName(repository) ? known.id : undefined,
    };
  }

  /** @returns false for what is no matter of networks, limits or patience */
  async #explain(error: unknown, store: SyncStore, report: ReportBuilder): Promise<boolean> {
    if (FirebreakError.is(error, 'cancelled', 'gitBusy')) {
      const reason = error.code === 'cancelled' ? 'cancelled' : 'gitBusy';
      report.wait({ reason, until: undefined, message: error.message });
      return true;
    }
    if (!TrackerError.is(error)) return false;
    const until = error.until;
    if (error.reason === 'rateLimited') await store.saveCursor({ pausedUntil: until });
    report.wait({ reason: waitingReason(error), until, message: error.message });
    return true;
  }
}

/** Grouped once, when an incident first needs it. */
function actionLists(index: WorkspaceIndex): (incident: Incident) => readonly Item[] {
  let grouped: ReadonlyMap<string, readonly Item[]> | undefined;
  return ({ uid }) => {
    grouped ??= actionItems(index);
    return grouped.get(uid) ?? [];
  };
}

const forgotten = {
  ...emptyCursor,
  milestones: undefined,
  strays: undefined,
  issues: undefined,
  comments: undefined,
  mayPublish: undefined,
  noSubIssues: undefined,
};

function waitingReason(
  error: TrackerError,
): 'offline' | 'rateLimited' | 'paced' | 'unauthorized' | 'ambiguous' | 'server' | 'repository' {
  switch (error.reason) {
    case 'offline':
    case 'rateLimited':
    case 'paced':
    case 'unauthorized':
    case 'ambiguous':
    case 'server':
      return error.reason;
    default:
      return 'repository';
  }
}

function fullName({ owner, repo }: RepositoryName): string {
  return `${owner}/${repo}`;
}

/** GitHub's names do not mind their case. */
function isOneOf(...repositories: readonly RepositoryName[]): (link: IssueLink) => boolean {
  const names = new Set(repositories.map((repository) => fullName(repository).toLowerCase()));
  return (link) => names.has(fullName(link).toLowerCase());
}
