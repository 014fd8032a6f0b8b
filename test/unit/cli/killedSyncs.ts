import assert from 'node:assert/strict';
import { appendFile, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { isTemporaryName } from '../../../src/core/temporaryName.ts';
import { parseCommentMarker } from '../../../src/services/sync/commentMarker.ts';
import { parseIssueBody } from '../../../src/services/sync/markers.ts';
import { isWrite } from '../../github/apiPipeline.ts';
import { FakeGitHub } from '../../github/fakeGitHub.ts';
import type { IssueRecord } from '../../github/records.ts';
import type { Repository } from '../../github/repository.ts';
import { secretMark, testToken } from '../../support/testTokens.ts';
import { type CliRun, CliWorkspace } from './builtCli.ts';
import { FastClock } from './fastClock.ts';
import type { ItemJson, ListJson, ShowJson } from './shapes.ts';

export type Act =
  | 'declare'
  | 'note'
  | 'update'
  | 'phase'
  | 'severity'
  | 'publish'
  | 'write'
  | 'webComment'
  | 'webTitle'
  | 'webText';

/** When a sync is killed. */
export type Kill =
  /** At some part of the time that a whole sync takes. */
  | { readonly at: 'moment'; readonly part: number }
  | {
      /**
       * At its n-th request: while it is on its way, so that it never comes; when it comes, so that it is done for nobody;
       * when it is done and not answered.
       */
      readonly at: 'sending' | 'coming' | 'answering';
      readonly of: 'changes' | 'requests';
      readonly number: number;
    }
  /** So long after its n-th request was answered: while files are written. */
  | {
      readonly at: 'later';
      readonly of: 'changes' | 'requests';
      readonly number: number;
      readonly milliseconds: number;
    };

export interface Round {
  readonly acts: readonly Act[];
  readonly kill: Kill;
}

interface ReportJson {
  readonly waiting: readonly { readonly reason: string }[];
  readonly problems: readonly { readonly code: string }[];
}

/** Words that must be found again. */
interface Words {
  readonly uid: string;
  readonly text: string;
}

/** Why a sync may leave something behind here. `busy` is no reason: who held the lock is dead. */
const patient = new Set(['ambiguous', 'paced']);
const phases = ['triage', 'respond', 'mitigate', 'investigate', 'fix', 'verify'];
const mostRestarts = 16;
const limits = { perMinute: 80, perHour: 500 };
const token = testToken('alice');

/** A workspace whose syncs, by the real command line in processes of their own, are killed with SIGKILL. */
export class KilledSyncs {
  readonly #clock: FastClock;
  readonly #workspace: CliWorkspace;
  readonly #gitHub: FakeGitHub;
  readonly #repository: Repository;
  readonly #items: ItemJson[] = [];
  readonly #said: Words[] = [];
  readonly #told: Words[] = [];
  readonly #lines: Words[] = [];
  readonly #titles = new Map<string, string>();
  readonly #output: string[] = [];
  #count = 0;
  #wholeSync = 0;
  /** How many syncs were killed before they were done. */
  kills = 0;

  private constructor(clock: FastClock, workspace: CliWorkspace, gitHub: FakeGitHub, repository: Repository) {
    this.#clock = clock;
    this.#workspace = workspace;
    this.#gitHub = gitHub;
    this.#repository = repository;
  }

  static async start(): Promise<KilledSyncs> {
    const clock = new FastClock('2025-09-23T14:30:00Z', 10);
    // Lists lag, so that who sends again what got no answer, without waiting, doubles it.
    const behaviour = { listLagMs: 80_000 };
    const gitHub = await FakeGitHub.start({ strict: true, contentLimits: limits, now: clock.now, behaviour });
    gitHub.state.addToken(token, 'alice');
    const permissions = { alice: 'write', manager: 'write' } as const;
    const repository = gitHub.state.addRepository('acme/shop', { private: true, permissions });
    const workspace = await CliWorkspace.make();
    // Texts go both ways on a branch only.
    await workspace.git('commit', '--quiet', '--allow-empty', '--message', 'Begin');
    const syncs = new KilledSyncs(clock, workspace, gitHub, repository);
    await syncs.#act('declare');
    const begin = performance.now();
    syncs.#reportOf(await syncs.#sync().ended);
    syncs.#wholeSync = performance.now() - begin;
    return syncs;
  }

  async stop(): Promise<void> {
    await this.#gitHub.stop();
    await this.#workspace.remove();
  }

  /** People do something, and the sync that follows is killed. */
  async play({ acts, kill }: Round): Promise<void> {
    for (const act of acts) await this.#act(act);
    const sync = this.#sync();
    let timer: NodeJS.Timeout | undefined;
    if (kill.at === 'moment') timer = setTimeout(() => sync.kill('SIGKILL'), kill.part * this.#wholeSync);
    else {
      let seen = 0;
      let isOver = false;
      this.#gitHub.onRequest = async (moment, request) => {
        if (moment === 'came' && (kill.of === 'requests' || request.method !== 'GET')) seen += 1;
        const isItsMoment = moment === (kill.at === 'sending' || kill.at === 'coming' ? 'came' : 'done');
        if (isOver || seen !== kill.number || !isItsMoment) return undefined;
        isOver = true;
        if (kill.at === 'later') {
          timer = setTimeout(() => sync.kill('SIGKILL'), kill.milliseconds);
          return undefined;
        }
        sync.kill('SIGKILL');
        await sync.ended;
        return kill.at === 'sending' ? 'drop' : undefined;
      };
    }
    const run = await sync.ended;
    clearTimeout(timer);
    this.#gitHub.onRequest = undefined;
    if (run.code === null) this.kills += 1;
    else this.#reportOf(run);
    await this.#assertStateReadable();
  }

  /** Syncs until nothing is left to do, twice. */
  async restartUntilQuiet(): Promise<void> {
    for (let quiet = 0, restart = 0; quiet < 2; restart++) {
      assert.ok(restart < mostRestarts, `still something to do after ${restart} restarts: ${this.#output.at(-1)}`);
      // What got no answer is looked for again after 90 s.
      this.#clock.advance(95);
      const before = this.#gitHub.requests.length;
      const report = this.#reportOf(await this.#sync().ended);
      const changes = this.#gitHub.requests.slice(before).filter(isWrite).length;
      quiet = report.waiting.length === 0 && changes === 0 ? quiet + 1 : 0;
    }
  }

  /** Everything is there once, here and on GitHub, and both agree. */
  async assertWhole(): Promise<void> {
    const { items, problems, missing } = await this.#json<ListJson>('list', '--all');
    assert.deepEqual([problems, missing], [[], []]);
    assert.deepEqual(items.map(({ uid }) => uid).sort(), this.#items.map(({ uid }) => uid).sort());
    const shown = new Map<string, ShowJson>();
    for (const { uid } of this.#items) shown.set(uid, await this.#json<ShowJson>('show', uid));
    for (const [uid, { item }] of shown) {
      const issues = this.#issuesOf(uid);
      assert.deepEqual(
        issues.map(({ number }) => `acme/shop#${number}`),
        [item.github],
        `issues of ${item.id}`,
      );
      const [issue] = issues;
      if (issue) this.#assertAgrees(item, issue);
    }
    const keys = [...this.#repository.comments.values()].flatMap(({ body }) => parseCommentMarker(body) ?? []);
    assert.deepEqual(
      keys.filter((key, at) => keys.indexOf(key) !== at),
      [],
      'events that were posted twice',
    );
    const posted = [...this.#repository.comments.values()].map(({ body }) => body).join('\n');
    for (const { uid, text } of this.#said) {
      assert.equal(timesOf(text, bodiesOf(shown.get(uid))), 1, `"${text}" here`);
      assert.equal(timesOf(text, posted), 1, `"${text}" on GitHub`);
    }
    for (const { uid, text } of this.#told) assert.equal(timesOf(text, bodiesOf(shown.get(uid))), 1, `"${text}" here`);
    const kept = await this.#texts(path.join(this.#workspace.folder, '.firebreak', 'conflicts'));
    for (const { uid, text } of this.#lines) {
      const here = [shown.get(uid)?.body ?? '', ...kept].join('\n');
      assert.ok(timesOf(text, here) >= 1, `the line "${text}" is gone`);
    }
    assert.deepEqual(this.#gitHub.violations, []);
    assert.equal(this.#gitHub.requests.filter(({ tooEarly }) => tooEarly).length, 0, 'sent before retry-after');
    assert.ok(this.#output.every((text) => !text.includes(secretMark)));
  }

  #assertAgrees(item: ItemJson, issue: IssueRecord): void {
    assert.deepEqual([issue.title, item.title], [this.#titles.get(item.uid), this.#titles.get(item.uid)]);
    const standing = item.incident ? `phase: ${item.incident.phase}` : `status: ${item.status}`;
    assert.deepEqual(
      this.#repository
        .labelsOf(issue)
        .map(({ name }) => name)
        .sort(),
      [standing, `severity: ${item.severity}`, 'type: bug'].sort(),
    );
    assert.equal(issue.state, 'open');
  }

  /** No file of the private state is cut short. The tree's files speak up in the next command: it may not say a word on stderr. */
  async #assertStateReadable(): Promise<void> {
    const state = path.join(this.#workspace.folder, '.git', 'firebreak');
    for (const entry of await readdir(state, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || isTemporaryName(entry.name)) continue;
      const file = path.join(entry.parentPath, entry.name);
      const text = await readFile(file, 'utf8');
      assert.notEqual(text, '', file);
      if (entry.name.endsWith('.json')) JSON.parse(text);
    }
  }

  async #act(act: Act): Promise<void> {
    this.#count += 1;
    const item = this.#items[this.#count % Math.max(1, this.#items.length)];
    const text = `word ${this.#count}.`;
    if (act === 'declare' || act === 'publish' || !item) {
      await this.#make(act === 'publish' ? 'add' : 'declare', text);
      return;
    }
    const { id, uid } = item;
    const issue = this.#issuesOf(uid)[0];
    if (act.startsWith('web')) {
      if (!issue) return;
      const manager = this.#gitHub.web('manager', 'acme/shop');
      if (act === 'webComment') {
        manager.comment(issue.number, `Told: ${text}`);
        if (item.incident) this.#told.push({ uid, text });
      } else if (act === 'webTitle') {
        manager.editTitle(issue.number, `Title ${text}`);
        this.#titles.set(uid, `Title ${text}`);
      } else {
        manager.editBody(issue.number, `There: ${text}\n${issue.body ?? ''}`);
        this.#lines.push({ uid, text });
      }
      return;
    }
    if (act === 'write') {
      const { item: now } = await this.#json<ShowJson>('show', uid);
      await appendFile(path.join(this.#workspace.folder, now.path), `\nHere: ${text}\n`);
      this.#lines.push({ uid, text });
      return;
    }
    if (act === 'severity') await this.#done('severity', id, `P${1 + (this.#count % 3)}`);
    if (!item.incident) return;
    if (act === 'phase') await this.#done('phase', id, phases[this.#count % phases.length] ?? 'fix');
    if (act === 'note') await this.#done('note', id, text);
    if (act === 'update') await this.#done('update', id, text);
    if (act === 'note' || act === 'update') this.#said.push({ uid, text });
  }

  /** An incident is published without being asked for; another item when somebody says so, and that is killed too. */
  async #make(command: 'declare' | 'add', text: string): Promise<void> {
    const title = `Made ${this.#count}`;
    const words = command === 'add' ? ['--desc', `Here: ${text}`] : [];
    const { item } = await this.#json<{ item: ItemJson }>(command, title, '--severity', 'P1', ...words);
    this.#items.push(item);
    this.#titles.set(item.uid, title);
    if (command === 'declare') return;
    this.#lines.push({ uid: item.uid, text });
    await this.#publish(item.id);
  }

  async #publish(id: string): Promise<void> {
    let changes = 0;
    const publish = this.#start('publish', id, '--yes');
    this.#gitHub.onRequest = async (moment, request) => {
      if (moment === 'came' && request.method !== 'GET') changes += 1;
      if (moment === 'done' && changes === 1 + (this.#count % 2)) {
        publish.kill('SIGKILL');
        await publish.ended;
      }
      return undefined;
    };
    await publish.ended;
    this.#gitHub.onRequest = undefined;
  }

  /** A command that must succeed without a word on stderr, where files with problems are named. */
  async #done(...words: string[]): Promise<string> {
    const run = await this.#workspace.runWith({ environment: this.#clock.environment }, ...words);
    assert.deepEqual([run.code, run.stderr], [0, ''], `firebreak ${words.join(' ')}`);
    return run.stdout;
  }

  async #json<T>(...words: string[]): Promise<T> {
    return JSON.parse(await this.#done(...words, '--json'));
  }

  #sync() {
    return this.#start('sync');
  }

  #start(...words: string[]) {
    const environment = {
      ...this.#clock.environment,
      GITHUB_TOKEN: token,
      FIREBREAK_CREATES_PER_MINUTE: String(limits.perMinute),
      FIREBREAK_CREATES_PER_HOUR: String(limits.perHour),
    };
    const target = ['--repo', 'acme/shop', '--api-url', this.#gitHub.url, '--json'];
    return this.#workspace.start({ environment }, ...words, ...target);
  }

  /** The report of a sync that nobody killed, which may have to wait, but for nothing else. */
  #reportOf(run: CliRun): ReportJson {
    this.#output.push(run.stdout, run.stderr);
    assert.ok(run.stdout.startsWith('{'), `${run.code}: ${run.stdout}${run.stderr}`);
    const report = JSON.parse(run.stdout) as ReportJson;
    assert.deepEqual(
      [
        report.waiting.filter(({ reason }) => !patient.has(reason)),
        report.problems.filter(({ code }) => code !== 'conflict'),
      ],
      [[], []],
    );
    return report;
  }

  #issuesOf(uid: string): IssueRecord[] {
    return [...this.#repository.issues.values()].filter(({ body }) => parseIssueBody(body ?? '').marker?.uid === uid);
  }

  async #texts(folder: string): Promise<string[]> {
    const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = names.filter((entry) => entry.isFile());
    return Promise.all(files.map((entry) => readFile(path.join(entry.parentPath, entry.name), 'utf8')));
  }
}

function bodiesOf(shown: ShowJson | undefined): string {
  return shown?.timeline.map(({ body }) => body).join('\n') ?? '';
}

function timesOf(text: string, all: string): number {
  return all.split(text).length - 1;
}
