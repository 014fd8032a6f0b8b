import assert from 'node:assert/strict';
import { OctokitIssueTracker } from '../../../../src/adapters/github/octokitTracker.ts';
import { type Incident, type Item, isFinishedItem, isIncident } from '../../../../src/core/item.ts';
import { silentLog } from '../../../../src/core/ports/environment.ts';
import type { TimelineEvent } from '../../../../src/core/timelineEvent.ts';
import type { ServiceContext } from '../../../../src/services/context.ts';
import { type DeclareInput, declareIncident } from '../../../../src/services/declareIncident.ts';
import { openSession } from '../../../../src/services/session.ts';
import { GitHubSync, type GitHubSyncOptions, type SyncOptions } from '../../../../src/services/sync/gitHubSync.ts';
import { defaultLimits, type PaceLimits, RequestPace } from '../../../../src/services/sync/pacing.ts';
import { PublishItems } from '../../../../src/services/sync/publishItems.ts';
import type { SyncReport } from '../../../../src/services/sync/syncReport.ts';
import { isWrite, type RequestRecord } from '../../../github/apiPipeline.ts';
import { FakeGitHub, type FakeGitHubOptions } from '../../../github/fakeGitHub.ts';
import { MovableClock } from '../../../github/movableClock.ts';
import type { IssueRecord } from '../../../github/records.ts';
import type { WebPerson } from '../../../github/webPerson.ts';
import { holdsSecret } from '../../../support/secretScan.ts';
import { testToken } from '../../../support/testTokens.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';

export const repositoryName = 'acme/shop';

/** A GitHub, a clock that a test moves, and the clones of people who work with it. */
export class SyncWorld {
  readonly clock = new MovableClock('2025-09-23T14:30:00Z');
  readonly gitHub: FakeGitHub;
  readonly #clones: TestClone[] = [];

  private constructor(gitHub: FakeGitHub) {
    this.gitHub = gitHub;
  }

  static async start(options: FakeGitHubOptions = {}, repository: { private?: boolean } = { private: true }) {
    const clock = { now: () => new Date(0) };
    const world = new SyncWorld(await FakeGitHub.start({ strict: true, now: () => clock.now(), ...options }));
    clock.now = world.clock.now;
    const { state } = world.gitHub;
    for (const login of ['alice', 'bob', 'mallory']) state.addToken(tokenOf(login), login);
    state.addRepository(repositoryName, {
      ...repository,
      permissions: { alice: 'write', bob: 'write', mallory: 'read', manager: 'write' },
    });
    return world;
  }

  async stop(): Promise<void> {
    await this.gitHub.stop();
    assert.deepEqual(this.gitHub.violations, [], 'GitHub’s own description was violated');
    for (const clone of this.#clones) clone.assertNoToken();
  }

  clone(login: string, options: CloneOptions = {}): TestClone {
    const clone = new TestClone(this, login, options);
    this.#clones.push(clone);
    return clone;
  }

  /** Somebody with write permission at the web page. */
  get manager(): WebPerson {
    return this.gitHub.web('manager', repositoryName);
  }

  get issues(): IssueRecord[] {
    return [...this.gitHub.state.repository(repositoryName).issues.values()];
  }

  issue(number = 1): IssueRecord {
    const issue = this.issues.find((candidate) => candidate.number === number);
    assert.ok(issue, `there is no issue #${number}`);
    return issue;
  }

  labels(number = 1): string[] {
    const repository = this.gitHub.state.repository(repositoryName);
    return repository
      .labelsOf(this.issue(number))
      .map((label) => label.name)
      .sort();
  }

  comments(number = 1): string[] {
    const repository = this.gitHub.state.repository(repositoryName);
    return repository.commentsOf(this.issue(number)).map((comment) => comment.body);
  }

  /** Requests since the last call: `POST /repos/acme/shop/issues 201`. */
  takeRequests(): string[] {
    return this.gitHub.requests.splice(0).map(lineOf);
  }

  takeWrites(): string[] {
    return this.gitHub.requests.splice(0).filter(isWrite).map(lineOf);
  }
}

function lineOf({ method, path, status }: RequestRecord): string {
  return `${method} ${path} ${status}`;
}

/** A P0 with an impact and a commander: five events. */
export function declare(clone: TestClone, title = 'Production API down', more: Partial<DeclareInput> = {}) {
  return declareIncident(clone.context, {
    title,
    severity: 'P0',
    criteria: ['production-down'],
    impact: 'All checkouts fail',
    commander: '@alice',
    ...more,
  });
}

export function tokenOf(login: string): string {
  return testToken(login);
}

export interface CloneOptions {
  /** Somebody publishes whatever is in the backlog, before each sync. */
  readonly publish?: 'all';
  readonly onConfiguredBranch?: boolean;
  /** Milliseconds that the clone's clock is wrong by. */
  readonly skew?: number;
  readonly apiUrl?: string;
  readonly timeout?: number;
  readonly fetch?: typeof globalThis.fetch;
  readonly tree?: MemoryFiles;
  readonly privateFiles?: MemoryFiles;
  readonly origin?: string;
  /** What a machine keeps for all its clones; one of its own unless told. */
  readonly machine?: TestMachine;
  readonly limits?: PaceLimits;
}

/** A user's machine: what its clones share, in memory. */
export class TestMachine {
  readonly files = new MemoryFiles();
  readonly #held = new Set<string>();

  async lock(name: string): Promise<{ dispose(): Promise<void> } | undefined> {
    if (this.#held.has(name)) return undefined;
    this.#held.add(name);
    return {
      dispose: async () => {
        this.#held.delete(name);
      },
    };
  }
}

let origins = 0;

/** One person's clone, over real services and the real adapter; only disk and clock are made up. */
export class TestClone {
  readonly tree: MemoryFiles;
  readonly privateFiles: MemoryFiles;
  readonly machine: TestMachine;
  readonly log: string[] = [];
  /** Milliseconds that were slept for the sake of the pace. */
  slept = 0;
  pace: RequestPace;
  onConfiguredBranch: boolean;
  /** Milliseconds that its clock is wrong by. */
  skew: number;
  gitOperation: string | undefined;
  locked = false;
  readonly #world: SyncWorld;
  readonly #login: string;
  readonly #options: CloneOptions;
  readonly #session: ReturnType<typeof openSession>;
  sync: GitHubSync;

  constructor(world: SyncWorld, login: string, options: CloneOptions) {
    this.#world = world;
    this.#login = login;
    this.#options = options;
    this.tree = options.tree ?? new MemoryFiles();
    this.privateFiles = options.privateFiles ?? new MemoryFiles();
    this.machine = options.machine ?? new TestMachine();
    this.skew = options.skew ?? 0;
    this.pace = this.#newPace();
    this.onConfiguredBranch = options.onConfiguredBranch ?? true;
    origins += 1;
    let seed = origins;
    this.#session = openSession({
      files: this.tree,
      privateFiles: this.privateFiles,
      origin: options.origin ?? `c10e${origins}`,
      now: () => this.now(),
      random: () => {
        seed = (seed * 16807) % 2147483647;
        return seed / 2147483647;
      },
      log: silentLog,
      git: async () => undefined,
      fallbackAuthor: `@${login}`,
    });
    this.sync = this.newSync();
  }

  now(): number {
    return this.#world.clock.now().getTime() + this.skew;
  }

  get context(): ServiceContext {
    return this.#session.context;
  }

  get origin(): string {
    return this.#session.origin;
  }

  #newPace(): RequestPace {
    return new RequestPace({
      files: this.machine.files,
      lock: () => this.machine.lock('pace'),
      now: () => this.now(),
      sleep: async (milliseconds) => {
        this.slept += milliseconds;
        this.#world.clock.advance(milliseconds / 1000);
      },
      limits: () => this.#options.limits ?? defaultLimits,
      patience: 5_000,
    });
  }

  /** As after a restart: nothing but the disk is remembered. */
  newSync({ publish, ...changes }: Partial<GitHubSyncOptions> & Pick<CloneOptions, 'publish'> = {}): GitHubSync {
    this.pace = this.#newPace();
    const isGenerous = (publish ?? this.#options.publish) === 'all';
    const publishAll = () => this.publishAll();
    class Sync extends GitHubSync {
      override async sync(options?: SyncOptions): Promise<SyncReport> {
        if (isGenerous) await publishAll();
        return super.sync(options);
      }
    }
    this.sync = new Sync({
      services: this.context,
      privateFiles: this.privateFiles,
      repository: { owner: 'acme', repo: 'shop' },
      tracker: async (repository) =>
        new OctokitIssueTracker({
          apiUrl: this.#options.apiUrl ?? this.#world.gitHub.url,
          repository,
          token: tokenOf(this.#login),
          now: () => this.now(),
          log: (line) => this.log.push(line),
          timeout: this.#options.timeout ?? 20_000,
          ...(this.#options.fetch ? { fetch: this.#options.fetch } : {}),
          gate: this.pace,
        }),
      lock: async () => {
        if (this.locked) return undefined;
        this.locked = true;
        return {
          dispose: async () => {
            this.locked = false;
          },
        };
      },
      repositoryLock: (id) => this.machine.lock(`repository-${id}`),
      pace: this.pace,
      mayPushInferred: async () => this.onConfiguredBranch,
      paused: async () => this.gitOperation,
      log: silentLog,
      ...changes,
    });
    return this.sync;
  }

  get publishing(): PublishItems {
    return new PublishItems({
      services: this.context,
      privateFiles: this.privateFiles,
      pace: this.pace,
      lock: () => this.machine.lock('chosen'),
    });
  }

  async publishAll(): Promise<void> {
    const items = this.context.index.items().filter((item) => !isFinishedItem(item) && !item.github);
    if (items.length > 0) await this.publishing.choose(items);
  }

  async load(): Promise<this> {
    await this.context.index.load();
    return this;
  }

  /** Files that came by git, or an editor: the ones that are new or other. */
  async receive(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) this.tree.put(path, text);
    await this.context.index.refresh(Object.keys(files));
  }

  /** All that the other clone has committed, where nothing conflicts. */
  async pullFrom(other: TestClone): Promise<void> {
    await this.receive(other.tree.snapshot());
  }

  item(name: string): Item {
    const item = this.context.index.item(name);
    assert.ok(item, `there is no ${name}`);
    return item;
  }

  incident(name: string): Incident {
    const item = this.item(name);
    assert.ok(isIncident(item), `${name} is no incident`);
    return item;
  }

  async events(name: string): Promise<TimelineEvent[]> {
    return (await this.context.index.events(this.item(name).uid)).map((stored) => stored.event);
  }

  /** Syncs and expects nothing to be left over. */
  async syncClean(): Promise<SyncReport> {
    const report = await this.sync.sync();
    assert.deepEqual({ waiting: report.waiting, problems: report.problems }, { waiting: [], problems: [] });
    return report;
  }

  /** The next sync writes nothing anywhere. */
  async assertSilent(): Promise<void> {
    const tree = this.tree.snapshot();
    this.#world.takeRequests();
    await this.syncClean();
    assert.deepEqual(this.#world.takeWrites(), []);
    assert.deepEqual(this.tree.snapshot(), tree);
    await this.syncClean();
    // The first of the two may have remembered an ETag, or that a write came through after all.
    const settled = this.privateFiles.snapshot();
    await this.syncClean();
    assert.deepEqual(this.privateFiles.snapshot(), settled);
    assert.deepEqual(this.#world.takeWrites(), []);
  }

  assertNoToken(): void {
    const everything = JSON.stringify([
      this.tree.snapshot(),
      this.privateFiles.snapshot(),
      this.machine.files.snapshot(),
      this.log,
    ]);
    assert.ok(!holdsSecret(everything), 'a token is in a file or a log');
  }
}
