import { severities } from '../../src/core/severity.ts';
import { declareIncident } from '../../src/services/declareIncident.ts';
import { FakeGitHub } from '../github/fakeGitHub.ts';
import type { Fault } from '../github/faults.ts';
import { MovableClock } from '../github/movableClock.ts';
import type { IssueRecord } from '../github/records.ts';
import type { Repository } from '../github/repository.ts';
import { testToken } from '../support/testTokens.ts';
import { workOnAction } from './actionActs.ts';
import { ModelRemote } from './gitModel.ts';
import { type MakeSyncer, ModelClone } from './modelClone.ts';
import type { Step } from './steps.ts';
import { doubleIssue, reviewIncident } from './syncActs.ts';
import { actOnWeb } from './webActs.ts';
import { withhold } from './withholding.ts';
import { sprintOf, work } from './workActs.ts';

export const repositoryName = 'acme/shop';
const dayMs = 86_400_000;

export interface ModelOptions {
  readonly makeSyncer?: MakeSyncer;
}

/** A line that somebody wrote, and the item whose text it went into. */
export interface Line {
  readonly uid: string;
  readonly text: string;
}

/** Three clones, a web page and a GitHub that fails: plays a history, and keeps account of every word that was said. */
export class ModelWorld {
  readonly clock = new MovableClock('2025-09-23T14:30:00Z');
  readonly gitHub: FakeGitHub;
  readonly remote = new ModelRemote();
  readonly makeSyncer: MakeSyncer;
  readonly clones: ModelClone[] = [];
  /** Notes and status updates that a use case took, by text. */
  readonly said: Line[] = [];
  /** Words that a purge was to take away everywhere, and the event that they stood in. */
  readonly purges: (Line & { readonly event: string })[] = [];
  /** What the markers named of comments that a person deleted on GitHub. */
  readonly deletedKeys = new Set<string>();
  /** Comments of people that were deleted there. */
  readonly deleted = new Set<number>();
  /** Comments of people on GitHub: the last text of each. */
  readonly told = new Map<number, Line>();
  /** Lines that a person put into a body, here or on GitHub. */
  readonly lines: Line[] = [];
  /** Keys that nobody but people knows, by uid. */
  readonly keys: Line[] = [];
  /** Titles that a use case took here. */
  readonly titles: Line[] = [];
  /** Sprints that somebody on GitHub put an issue into. */
  readonly sprints: Line[] = [];
  /** Reviews that somebody asked to post. */
  readonly reviews: Line[] = [];
  /** Action items that somebody chose to publish. */
  readonly chosen = new Set<string>();
  /** Issues that somebody opened with the text of one of ours, as they were then. */
  readonly copies = new Map<number, { readonly title: string; readonly body: string }>();
  /** Labels of ours that somebody renamed or deleted. */
  readonly lostLabels = new Set<string>();
  /** Files in which git found a conflict though it never should. */
  readonly clashes: string[] = [];
  /** Every path that was ever in a work tree: none may be taken away. */
  readonly paths = new Set<string>();
  /** The private state of a clone was thrown away, and what it was asked to post with it. */
  hasForgotten = false;
  /** How many steps were played: what a step says has its number in it, so that no two say the same. */
  step = 0;
  #beforeRequest: (() => void) | undefined;
  #requestsLeft = 0;

  private constructor(gitHub: FakeGitHub, options: ModelOptions) {
    this.gitHub = gitHub;
    this.makeSyncer = options.makeSyncer ?? ((clone) => clone.gitHubSync());
  }

  static async start(options: ModelOptions = {}): Promise<ModelWorld> {
    const clock = { now: () => new Date(0) };
    const world = new ModelWorld(await FakeGitHub.inProcess({ now: () => clock.now() }), options);
    clock.now = world.clock.now;
    const { state } = world.gitHub;
    for (const login of ['alice', 'bob', 'carol']) state.addToken(world.tokenOf(login), login);
    state.addRepository(repositoryName, {
      private: true,
      permissions: { alice: 'write', bob: 'write', carol: 'write', mallory: 'read', manager: 'write' },
    });
    const people = [
      { login: 'alice', skew: 0 },
      { login: 'bob', skew: dayMs },
      { login: 'carol', skew: -dayMs },
    ];
    for (const [index, { login, skew }] of people.entries()) {
      const clone = new ModelClone(world, { login, skew, origin: `c10e0${index}`, seed: index * 1000 });
      await clone.index.load();
      world.clones.push(clone);
    }
    return world;
  }

  tokenOf(login: string): string {
    return testToken(login);
  }

  /** Through which all clones speak to GitHub: people may be faster than the next request. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    this.#requestsLeft -= 1;
    if (this.#requestsLeft < 0) {
      const act = this.#beforeRequest;
      this.#beforeRequest = undefined;
      act?.();
    }
    return this.gitHub.fetch(input, init);
  };

  /** What was said about an item, here and on GitHub. */
  wordsOf(uid: string): string[] {
    return [...this.said, ...this.told.values()].filter((line) => line.uid === uid).map(({ text }) => text);
  }

  get repository(): Repository {
    return this.gitHub.state.repository(repositoryName);
  }

  get issues(): IssueRecord[] {
    return [...this.repository.issues.values()];
  }

  /** Whether its item has another issue: then people wait until it is clear which one stands for it. */
  isDoubled({ number, body }: IssueRecord): boolean {
    const uid = uidIn(body);
    if (uid === undefined) return false;
    const all = this.issues.filter((issue) => uidIn(issue.body) === uid && !this.copies.has(issue.number));
    return all.some((other) => other.number < number || (other.number > number && other.state === 'open'));
  }

  labelsOf(issue: IssueRecord): string[] {
    return this.gitHub.state
      .repository(repositoryName)
      .labelsOf(issue)
      .map(({ name }) => name)
      .sort();
  }

  commentsOf(issue: IssueRecord): string[] {
    return this.gitHub.state
      .repository(repositoryName)
      .commentsOf(issue)
      .map(({ body }) => body);
  }

  assigneesOf(issue: IssueRecord): string[] {
    return issue.assigneeIds.flatMap((id) => this.gitHub.state.users.get(id)?.login.toLowerCase() ?? []).sort();
  }

  /** Empty for none. */
  milestoneOf({ milestoneNumber }: IssueRecord): string {
    const { milestones } = this.gitHub.state.repository(repositoryName);
    return milestoneNumber === null ? '' : (milestones.get(milestoneNumber)?.title ?? '');
  }

  /** Whether somebody on GitHub took an issue out of a sprint's milestone. */
  leftKnowingly(sprint: string): boolean {
    const repository = this.gitHub.state.repository(repositoryName);
    const manager = this.gitHub.state.user('manager').id;
    return repository.events.some(
      ({ actorId, detail }) => detail.event === 'demilestoned' && detail.milestone === sprint && actorId === manager,
    );
  }

  /** Whether somebody on GitHub, who saw this title, put another in its place. */
  renamedKnowingly(title: string): boolean {
    const repository = this.gitHub.state.repository(repositoryName);
    const manager = this.gitHub.state.user('manager').id;
    return repository.events.some(
      ({ actorId, detail }) => detail.event === 'renamed' && detail.from === title && actorId === manager,
    );
  }

  /** Whether the declaration of an incident got as far as the event that says so. */
  isDeclared(uid: string): boolean {
    return this.clones.some((clone) =>
      [...clone.snapshot].some(
        ([path, text]) => path.includes('/timeline/') && text.includes(uid) && text.includes('kind: phase'),
      ),
    );
  }

  /** Whether a sync of this person was killed. */
  hasDied(login: string | null): boolean {
    return this.clones.some((clone) => clone.login === login && clone.diedInSync);
  }

  wasHit(name: Fault['name']): boolean {
    return this.gitHub.requests.some(({ fault }) => fault === name);
  }

  /** The first incident is there in every clone before anything else happens. */
  async begin(): Promise<void> {
    const [first, ...others] = this.clones;
    if (!first) return;
    await this.declare(first, undefined);
    first.repository.commit(first.snapshot);
    first.repository.push();
    for (const clone of others) await clone.show(clone.repository.pullMerge());
  }

  async play(step: Step): Promise<void> {
    this.step += 1;
    this.clock.advance(1);
    await this.#play(step);
    for (const clone of this.clones) for (const path of clone.tree.paths()) this.paths.add(path);
  }

  async #play(step: Step): Promise<void> {
    switch (step.do) {
      case 'declare':
        return this.declare(this.#clone(step.clone), step.kill);
      case 'phase':
      case 'severity':
      case 'title':
      case 'owner':
      case 'sprint':
      case 'note':
      case 'update':
      case 'correct':
      case 'retract':
      case 'purge':
        return work(this, this.#clone(step.clone), step);
      case 'edit':
        return this.#edit(step);
      case 'sync':
        if (step.meanwhile) {
          const { after, web } = step.meanwhile;
          this.#requestsLeft = after;
          this.#beforeRequest = () => actOnWeb(this, web);
        }
        await this.#clone(step.clone).sync(step.kill);
        this.#beforeRequest = undefined;
        return;
      case 'restart':
        return this.#clone(step.clone).restart();
      case 'forget': {
        const clone = this.#clone(step.clone);
        // Whoever made an issue twice may be the only one to know where to look for the other.
        if (this.issues.some((issue) => issue.state === 'open' && this.isDoubled(issue))) return;
        clone.privateFiles.remove('sync');
        this.hasForgotten = true;
        return clone.restart();
      }
      case 'share':
        return this.#share(this.#clone(step.clone), step.how, step.decide);
      case 'oldBranch':
        return this.#oldBranch(this.#clone(step.clone), step.back);
      case 'mainBranch':
        return this.#mainBranch(this.#clone(step.clone), step.merge, step.decide);
      case 'withhold':
        return withhold(this.#clone(step.clone), step);
      case 'double':
        return doubleIssue(this, this.#clone(step.clone), step.apart);
      case 'review':
        return reviewIncident(this, this.#clone(step.clone), step.incident);
      case 'takeOver': {
        this.clock.advance(3_700);
        const clone = this.#clone(step.clone);
        const incident = clone.incidents[step.incident % Math.max(1, clone.incidents.length)];
        if (incident) await clone.choose([incident]);
        return;
      }
      case 'action':
        return workOnAction(this, this.#clone(step.clone), step);
      case 'web':
        return actOnWeb(this, step);
      case 'fault':
        this.gitHub.inject(step.fault);
        return;
      case 'wait':
        this.clock.advance(step.seconds);
    }
  }

  /** Faults stop, everybody comes back to the main branch, and all share and sync until nothing moves any more. */
  async settle(rounds: number): Promise<void> {
    this.gitHub.clearFaults();
    this.gitHub.clearRateLimits();
    for (const clone of this.clones) {
      await this.#mainBranch(clone, true, 0);
      await clone.context.writer.restore(clone.index.missing());
    }
    for (let round = 0; round < rounds; round++) {
      // In one of them the day is over, after which deleted comments are looked for.
      this.clock.advance(round === 1 ? dayMs / 1000 : 600);
      for (const clone of this.clones) {
        await clone.sync();
        await this.#share(clone, 'merge', 0);
      }
      for (const clone of this.clones) await this.#share(clone, 'merge', 0);
    }
  }

  #clone(pick: number): ModelClone {
    const clone = this.clones[pick % this.clones.length];
    if (!clone) throw new Error('There are no clones');
    return clone;
  }

  async declare(clone: ModelClone, kill: number | undefined): Promise<void> {
    const title = `Trouble ${this.step}`;
    await clone.act(
      () =>
        declareIncident(clone.context, {
          title,
          severity: 'P0',
          criteria: ['production-down'],
          impact: `Impact ${this.step}`,
          commander: `@${clone.login}`,
        }),
      kill,
    );
  }

  async #edit(step: Extract<Step, { readonly do: 'edit' }>): Promise<void> {
    const clone = this.#clone(step.clone);
    const incident = clone.incidents[step.incident % Math.max(1, clone.incidents.length)];
    // What somebody writes on a branch and never merges is not in the end's files, and that is their will.
    if (!incident || clone.repository.conflicts || clone.repository.branch !== 'main') return;
    const source = clone.tree.text(incident.path);
    if (source === undefined) return;
    const { uid } = incident;
    const text = `${step.what} ${this.step}`;
    const edited = () => {
      switch (step.what) {
        case 'above':
          this.lines.push({ uid, text });
          return source.replace(/\n---\n/, () => `\n---\n${text}\n\n`);
        case 'below':
          this.lines.push({ uid, text });
          return `${source.trimEnd()}\n\n${text}\n`;
        case 'severity':
          return source.replace(/^severity: .*$/m, `severity: ${severities[step.value % severities.length]}`);
        case 'title':
          return source.replace(/^title: .*$/m, `title: ${text}`);
        case 'owner':
          return source.replace(/^owner: .*$/m, `owner: "@${['alice', 'bob', 'carol'][step.value % 3]}"`);
        case 'sprint':
          return source.replace(/^sprint: .*$/m, `sprint: ${sprintOf(step.value, this.step) || '2025-W01'}`);
        case 'key':
          this.keys.push({ uid, text: `own${this.step}: kept # as it is` });
          return source.replace(/\n---\n/, () => `\nown${this.step}: kept # as it is\n---\n`);
      }
    };
    const tree = new Map(clone.snapshot);
    tree.set(incident.path, edited());
    await clone.show(tree);
  }

  /** Commit, fetch, merge or rebase, push: what `Share` does, or a person by hand. */
  async #share(clone: ModelClone, how: 'merge' | 'rebase', decide: number): Promise<void> {
    const { repository } = clone;
    if (repository.branch !== 'main') return;
    if (repository.conflicts) await this.#decide(clone, decide);
    repository.commit(clone.snapshot);
    if (how === 'rebase') {
      const ours = decide % 2 === 0;
      await clone.show(
        repository.pullRebase((path, upstream, replayed) => {
          this.#noteConflict(path);
          const [kept, other] = ours ? [upstream ?? replayed, replayed] : [replayed ?? upstream, upstream];
          return kept === undefined || !isDocument(path) ? kept : withLinesOf(kept, other ?? '');
        }),
      );
    } else {
      await clone.show(repository.pullMerge());
      // Some conflicts stay for a while, with git's marks in the files.
      if (repository.conflicts) {
        for (const path of repository.conflicts.paths) this.#noteConflict(path);
        if (decide % 3 === 0) await this.#decide(clone, decide);
        else return;
      }
    }
    repository.push();
  }

  /** A person ends a merge: each file as one side has it, with the other's lines of prose below. */
  async #decide(clone: ModelClone, decide: number): Promise<void> {
    const { conflicts } = clone.repository;
    if (!conflicts) return;
    const tree = new Map(clone.snapshot);
    for (const path of conflicts.paths) {
      const [ours, theirs] = [conflicts.ours.get(path), conflicts.theirs.get(path)];
      const [kept, other] = decide % 2 === 0 ? [ours ?? theirs, theirs] : [theirs ?? ours, ours];
      tree.set(path, isDocument(path) ? withLinesOf(kept ?? '', other ?? '') : (kept ?? ''));
    }
    clone.repository.conclude(tree);
    await clone.show(tree);
  }

  #noteConflict(path: string): void {
    // Where a clone took in a comment that another has purged already, nobody could have known.
    const isPurged = this.clones.some(({ tree }) => this.purges.some((it) => tree.text(path)?.includes(it.event)));
    if (isPurged) return;
    if (/\/timeline\/|^\.firebreak\//.test(path)) this.clashes.push(path);
  }

  async #oldBranch(clone: ModelClone, back: number): Promise<void> {
    const { repository } = clone;
    if (repository.branch !== 'main' || repository.conflicts) return;
    repository.commit(clone.snapshot);
    await clone.show(repository.switchBack('side', back));
  }

  async #mainBranch(clone: ModelClone, merge: boolean, decide: number): Promise<void> {
    const { repository } = clone;
    if (repository.conflicts) await this.#decide(clone, decide);
    if (repository.branch === 'main') return;
    repository.commit(clone.snapshot);
    await clone.show(repository.switchTo('main'));
    // Work on a side branch is for the person to bring over, or to drop; what Firebreak recorded is in the journal.
    if (!merge) return;
    await clone.show(repository.mergeBranch('side'));
    if (repository.conflicts) await this.#decide(clone, decide);
  }
}

function uidIn(body: string | null): string | undefined {
  return /firebreak:uid=(\S+)/.exec(body ?? '')?.[1];
}

function isDocument(path: string): boolean {
  return path.endsWith('/incident.md') || path.startsWith('backlog/');
}

/** Whether words are in a text; a number goes on as far as it goes. */
export function holds(text: string, words: string): boolean {
  return timesIn(text, words) > 0;
}

export function timesIn(text: string, words: string): number {
  return text.split(new RegExp(`${words}(?!\\d)`)).length - 1;
}

/** The text, with the keys of people and the lines of prose that it lacks and the other has. */
function withLinesOf(text: string, other: string): string {
  const lacking = (lines: readonly string[]) => lines.filter((line) => line.trim() !== '' && !text.includes(line));
  const [, front = '', prose = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(other) ?? [];
  const keys = lacking(front.split('\n').filter((line) => /^own\d/.test(line)));
  const whole = keys.length === 0 ? text : text.replace(/\n---\n/, () => `\n${keys.join('\n')}\n---\n`);
  const missing = lacking(prose.split('\n'));
  return missing.length === 0 ? whole : `${whole.trimEnd()}\n\n${missing.join('\n')}\n`;
}
