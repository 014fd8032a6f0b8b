import { OctokitIssueTracker } from '../../src/adapters/github/octokitTracker.ts';
import { type Incident, type Item, isIncident } from '../../src/core/item.ts';
import { silentLog } from '../../src/core/ports/environment.ts';
import { openSession, type Session } from '../../src/services/session.ts';
import { GitHubSync } from '../../src/services/sync/gitHubSync.ts';
import { defaultLimits, RequestPace } from '../../src/services/sync/pacing.ts';
import { PublishItems } from '../../src/services/sync/publishItems.ts';
import type { SyncReport } from '../../src/services/sync/syncReport.ts';
import type { SyncSettings } from '../../src/services/sync/syncRules.ts';
import { memoryFiles } from '../unit/support/memoryFiles.ts';
import { ModelRepository, type Snapshot } from './gitModel.ts';
import { Machine } from './machine.ts';
import type { ModelWorld } from './modelWorld.ts';
import { nothingLeft } from './withholding.ts';

/** What a syncer does for a clone; the naive one stands in for comparison. */
export interface Syncer {
  sync(): Promise<SyncReport | undefined>;
}

export type MakeSyncer = (clone: ModelClone) => Syncer;

/** One person's clone: a disk that survives everything, a repository, and a process that can be killed. */
export class ModelClone {
  readonly tree = memoryFiles();
  readonly privateFiles = memoryFiles();
  /** What this person's machine keeps of the server, for all clones on it. */
  readonly serverFiles = memoryFiles();
  /** A sync was killed: what GitHub said about its limits in that moment may be unknown. */
  diedInSync = false;
  readonly repository: ModelRepository;
  readonly origin: string;
  readonly login: string;
  readonly log: string[] = [];
  readonly world: ModelWorld;
  machine = new Machine();
  #session: Session;
  #syncer: Syncer;
  readonly #skew: number;
  #seed: number;
  /** Folders that the team keeps inside, as this clone knows. */
  readonly #excluded = new Set<string>();

  constructor(world: ModelWorld, name: { login: string; origin: string; skew: number; seed: number }) {
    this.world = world;
    this.login = name.login;
    this.origin = name.origin;
    this.#skew = name.skew;
    this.#seed = name.seed;
    this.repository = new ModelRepository(world.remote);
    this.#session = this.#open();
    this.#syncer = world.makeSyncer(this);
  }

  /** Milliseconds on this machine's clock, which may be wrong. */
  now = (): number => this.world.clock.now().getTime() + this.#skew;

  get context() {
    return this.#session.context;
  }

  get index() {
    return this.#session.index;
  }

  get items(): Item[] {
    return [...this.index.items()].sort((left, right) => (left.uid < right.uid ? -1 : 1));
  }

  get incidents(): Incident[] {
    return this.items.filter(isIncident);
  }

  /** All that is no incident. */
  get actions(): Item[] {
    return this.items.filter((item) => !isIncident(item));
  }

  /** The items of which nothing may leave this clone. */
  get withheld(): Item[] {
    const isExcluded = (item: Item) => isIncident(item) && this.#excluded.has(item.incident.folder);
    return this.items.filter((item) => item.private || isExcluded(item));
  }

  /** Whether a folder is kept inside is a setting of this clone; its sync begins anew with that. */
  exclude(folder: string, isExcluded: boolean): void {
    if (isExcluded) this.#excluded.add(folder);
    else this.#excluded.delete(folder);
    this.#syncer = this.world.makeSyncer(this);
  }

  get snapshot(): Snapshot {
    return new Map(Object.entries(this.tree.snapshot()));
  }

  /** As after a reboot, or a window that was closed: nothing but the disk is remembered. */
  async restart(): Promise<void> {
    this.machine = new Machine();
    this.#session = this.#open();
    this.#syncer = this.world.makeSyncer(this);
    await this.index.load();
  }

  /** @param killAfter at which of its operations the process dies; undefined lets it live */
  async sync(killAfter?: number): Promise<SyncReport | undefined> {
    const { world, withheld } = this;
    const from = world.gitHub.requests.length;
    const report = await this.#sync(killAfter);
    if (withheld.length > 0) nothingLeft(world, withheld, world.gitHub.requests.slice(from));
    return report;
  }

  async #sync(killAfter?: number): Promise<SyncReport | undefined> {
    const { machine } = this;
    if (killAfter === undefined) return this.#syncer.sync();
    machine.killAfter(killAfter);
    const report = await machine.live(() => this.#syncer.sync());
    machine.spare();
    if (report === undefined) {
      this.diedInSync = true;
      await this.restart();
    }
    return report;
  }

  /** Does what a use case does, and dies in it if told so. */
  async act(act: () => Promise<unknown>, killAfter?: number): Promise<void> {
    const { machine } = this;
    if (killAfter === undefined) {
      await act();
      return;
    }
    machine.killAfter(killAfter);
    let done = false;
    await machine.live(async () => {
      await act();
      done = true;
    });
    machine.spare();
    if (!done) await this.restart();
  }

  /** What git made of the work tree, or a person with an editor; the watcher tells of it. */
  async show(tree: Snapshot): Promise<void> {
    const before = this.snapshot;
    const changed: string[] = [];
    for (const [path, text] of tree) {
      if (before.get(path) === text) continue;
      this.tree.put(path, text);
      changed.push(path);
    }
    for (const path of before.keys()) {
      if (tree.has(path)) continue;
      this.tree.remove(path);
      changed.push(path);
    }
    if (changed.length > 0) await this.index.refresh(changed);
  }

  /** Has this clone make issues of items, and send what others recorded of incidents among them and have not sent. */
  async choose(items: readonly Item[]): Promise<void> {
    const publishing = new PublishItems({
      services: this.context,
      privateFiles: this.machine.files(this.privateFiles),
      pace: this.#pace(),
      lock: async () => ({ dispose: async () => {} }),
      settings: this.#settings(),
    });
    await publishing.choose(items);
  }

  #settings(): SyncSettings {
    return { exclude: [...this.#excluded] };
  }

  #pace(): RequestPace {
    const { machine, world } = this;
    return new RequestPace({
      files: machine.files(this.serverFiles),
      lock: async () => ({ dispose: async () => {} }),
      now: this.now,
      sleep: async (milliseconds) => world.clock.advance(milliseconds / 1000),
      limits: () => defaultLimits,
      patience: 5_000,
    });
  }

  gitHubSync(): GitHubSync {
    const { machine, world, repository } = this;
    const pace = this.#pace();
    return new GitHubSync({
      services: this.context,
      privateFiles: machine.files(this.privateFiles),
      repository: { owner: 'acme', repo: 'shop' },
      tracker: async (name) =>
        new OctokitIssueTracker({
          apiUrl: world.gitHub.url,
          repository: name,
          token: world.tokenOf(this.login),
          now: this.now,
          log: (line) => this.log.push(line),
          fetch: machine.fetch(world.fetch),
          gate: pace,
        }),
      pace,
      settings: this.#settings(),
      lock: async () => ({ dispose: async () => {} }),
      mayPushInferred: async () => repository.branch === 'main' && !repository.conflicts,
      paused: async () => (repository.conflicts ? 'merge' : undefined),
      log: silentLog,
    });
  }

  #open(): Session {
    this.#seed += 1;
    let state = this.#seed * 7919 + 13;
    return openSession({
      files: this.machine.files(this.tree),
      privateFiles: this.machine.files(this.privateFiles),
      origin: this.origin,
      now: this.now,
      random: () => {
        state = (state * 16807) % 2147483647;
        return state / 2147483647;
      },
      log: silentLog,
      git: async () => undefined,
      fallbackAuthor: `@${this.login}`,
    });
  }
}
