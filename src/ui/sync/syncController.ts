import * as vscode from 'vscode';
import { safeApiUrl } from '../../core/apiAddress.ts';
import { FirebreakError } from '../../core/errors.ts';
import type { RepositoryName } from '../../core/github.ts';
import { isIncident } from '../../core/item.ts';
import type { Log } from '../../core/ports/environment.ts';
import { type RemoteRepository, TrackerError } from '../../core/ports/issueTracker.ts';
import { readChosen } from '../../services/sync/chosenItems.ts';
import type { PendingWork, SyncProblem, SyncReport } from '../../services/sync/syncReport.ts';
import type { SyncSettings } from '../../services/sync/syncRules.ts';
import { syncRepository } from '../../services/syncTarget.ts';
import type { CommandId } from '../contributions.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { affects, settings } from '../settings.ts';
import type { GitHubTokens } from './githubTokens.ts';
import { hiddenPoll, pollDelay } from './pollDelay.ts';
import { nothingKnown, type Reason, type Standing } from './standing.ts';
import { longReason, waitingCount } from './standingWords.ts';
import { type Agreement, SyncConsent } from './syncConsent.ts';

const { t } = vscode.l10n;

/** Several acts in a row are one flush; a person who waits for the issue does not notice. */
const afterChangeMs = 2_000;
/** What changes where something is sent, or whether. */
const syncKeys = [
  'firebreak.github.apiUrl',
  'firebreak.github.repository',
  'firebreak.github.sync',
  'firebreak.github.exclude',
  'firebreak.github.labels',
] as const;
/** Longer than any timer of JavaScript takes. */
const longestTimerMs = 24 * 60 * 60_000;

export interface SyncTarget {
  /** Checked: https, or http to this machine. */
  readonly apiUrl: string;
  readonly repository: RepositoryName;
  /** Empty where nobody is signed in: then nothing can be asked of GitHub. */
  readonly token: string;
  /** The branch whose hand-made edits are sent; empty for the remote's default branch. */
  readonly branch: string;
  /** What the team has set, as it is written. */
  readonly settings: SyncSettings;
}

/** The use case of one session and one target. */
export interface SyncRun {
  /** What the server says of the repository. @throws TrackerError */
  repository(): Promise<RemoteRepository>;
  /** What waits to be sent, as far as this clone knows; asks GitHub nothing. */
  pendingWork(): Promise<PendingWork>;
  /**
   * @param publicConfirmed whether the user agreed that incidents go to this repository though it is public
   * @param gather whether small events wait a little for others
   */
  sync(options: { publicConfirmed: boolean; gather: boolean; signal: AbortSignal }): Promise<SyncReport>;
}

export type CreateSync = (session: OpenSession, target: SyncTarget) => Promise<SyncRun>;

export interface SyncControllerOptions {
  readonly root: OpenRoot;
  readonly reporter: Reporter;
  readonly log: Log;
  readonly tokens: GitHubTokens;
  readonly createSync: CreateSync;
  readonly memory: vscode.Memento;
}

/** Decides when to sync, and says how it stands. What is sent is the use case's to decide. */
export class SyncController implements vscode.Disposable {
  readonly #options: SyncControllerOptions;
  readonly #consent: SyncConsent;
  readonly #standingChanged = new vscode.EventEmitter<Standing>();
  readonly #own: vscode.Disposable[];
  #standing = nothingKnown;
  #timer: NodeJS.Timeout | undefined;
  /** On the clock that only goes on. */
  #dueAt = 0;
  #running: Promise<void> | undefined;
  #kept: { readonly session: OpenSession; readonly key: string; readonly run: Promise<SyncRun> } | undefined;
  /** Something changed while a sync was running: it may have missed it. */
  #again = false;
  #abort = new AbortController();
  readonly onDidChangeStanding = this.#standingChanged.event;

  constructor(options: SyncControllerOptions) {
    this.#options = options;
    this.#consent = new SyncConsent(options.memory);
    const { root } = options;
    this.#own = [
      this.#standingChanged,
      root.onDidOpen(() => {
        this.#abort.abort();
        this.#abort = new AbortController();
        this.#begin();
      }),
      root.onDidChange(() => this.#schedule(afterChangeMs)),
      vscode.window.onDidChangeWindowState((state) => {
        if (state.focused) this.#schedule(afterChangeMs);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, ...syncKeys)) {
          this.#schedule(afterChangeMs);
        }
      }),
      vscode.authentication.onDidChangeSessions(({ provider }) => {
        if (provider.id === 'github') this.#schedule(afterChangeMs);
      }),
    ];
    this.#begin();
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** The user clicked: signs in, asks what must be asked, syncs, and says what came of it. */
  async syncNow(): Promise<void> {
    // Another sync's failure is not this one's; and two clicks are two turns.
    while (this.#running) await this.#running.catch(() => undefined);
    await vscode.window.withProgress({ location: { viewId: 'firebreak.incidents' } }, () => this.#start(true));
  }

  /**
   * Where what the user clicked goes to: signs in if need be.
   * @throws FirebreakError `noToken`, `noRepository`, `unsafeAddress`, `readOnly`
   */
  async clickedTarget(session: OpenSession): Promise<SyncTarget> {
    const target = session.privateFiles && (await this.#target(session, true));
    if (!target) {
      throw new FirebreakError('readOnly', t('There is no place for the state of a sync here. The log says why.'));
    }
    return target;
  }

  async tokenChanged(): Promise<void> {
    this.#schedule(0);
  }

  /** Works out anew how sync stands, from what is on disk: GitHub is asked nothing. */
  async refresh(): Promise<void> {
    const { session } = this.#options.root;
    const { signal } = this.#abort;
    const found = session?.privateFiles && vscode.workspace.isTrusted ? await this.#place(session) : undefined;
    const standing = session && found ? await this.#look(session, found) : nothingKnown;
    if (!signal.aborted) this.#tell(standing);
  }

  /** A folder was opened: what waits there is shown at once, and sent soon. */
  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tell(nothingKnown);
    this.#options.reporter.background('Looking what waits for GitHub', () => this.refresh());
    this.#schedule(afterChangeMs);
  }

  /** What is due sooner stays so: the next look must not put off what changed during the last one. */
  #schedule(delayMs: number): void {
    const dueAt = performance.now() + delayMs;
    if (!vscode.workspace.isTrusted || (this.#timer && this.#dueAt <= dueAt)) return;
    clearTimeout(this.#timer);
    const { reporter } = this.#options;
    this.#dueAt = dueAt;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (this.#running) this.#again = true;
        else if (settings.sync() === 'manual') reporter.background('Looking what waits', () => this.refresh());
        else reporter.background('Syncing', () => this.#start(false));
      },
      Math.min(delayMs, longestTimerMs),
    );
  }

  #start(clicked: boolean): Promise<void> {
    this.#running = this.#sync(clicked).finally(() => {
      this.#running = undefined;
      if (this.#again) {
        this.#again = false;
        this.#schedule(afterChangeMs);
      }
    });
    return this.#running;
  }

  async #sync(clicked: boolean): Promise<void> {
    const session = this.#options.root.session;
    if (!session) return;
    if (!session.privateFiles) {
      if (!clicked) return;
      throw new FirebreakError('readOnly', t('There is no place for the state of a sync here. The log says why.'));
    }
    if (!clicked && !(await hasDuties(session))) return;
    const found = await this.#target(session, clicked);
    if (!found) return this.refresh();
    const folder = session.root.uri;
    const run = await this.#runOf(session, found);
    const known = this.#consent.given(folder, found.apiUrl, found.repository);
    if (!known && !clicked) {
      await this.refresh();
      // Not awaited: a question may stand for hours, and a click in the meantime must not wait for it.
      if (this.#standing.steps.length > 0) {
        this.#options.reporter.background('Asking before the first sync', () => this.#askInTime(run, found, folder));
      }
      return;
    }
    const agreed = known ?? (await this.#agree(run, found, folder, clicked));
    if (!agreed) return this.refresh();
    this.#tell({ ...this.#standing, repository: nameOf(found.repository), syncing: true });
    const { signal } = this.#abort;
    try {
      await this.#send(run, found, { folder, agreed, clicked, signal });
    } catch (error) {
      // What failed once is tried again without a click.
      if (!signal.aborted) {
        await this.refresh();
        this.#schedule(hiddenPoll);
      }
      throw error;
    }
  }

  async #send(
    run: SyncRun,
    found: SyncTarget,
    how: { folder: vscode.Uri; agreed: Agreement; clicked: boolean; signal: AbortSignal },
  ): Promise<void> {
    const { folder, agreed, clicked, signal } = how;
    let report = await run.sync({ publicConfirmed: agreed === 'public', gather: !clicked, signal });
    // A repository that was private when the user agreed may have been published since.
    if (report.waiting.some(({ reason }) => reason === 'notConfirmed')) {
      if (!clicked) this.#options.reporter.background('Asking again', () => this.#askInTime(run, found, folder));
      else if (await this.#agree(run, found, folder, clicked))
        report = await run.sync({ publicConfirmed: true, gather: false, signal });
    }
    // Another folder is open now, and its sync speaks for itself.
    if (signal.aborted) return;
    await this.refresh();
    this.#say(report, clicked);
    this.#poll(report);
  }

  async #askInTime(run: SyncRun, target: SyncTarget, folder: vscode.Uri): Promise<void> {
    if (await this.#agree(run, target, folder, false)) this.#schedule(0);
  }

  /** undefined when the user did not agree, or could not be asked. */
  async #agree(
    run: SyncRun,
    { apiUrl }: SyncTarget,
    folder: vscode.Uri,
    clicked: boolean,
  ): Promise<Agreement | undefined> {
    const remote = await this.#lookAt(run, clicked);
    return remote && this.#consent.ask(folder, apiUrl, remote, clicked);
  }

  async #lookAt(run: SyncRun, clicked: boolean): Promise<RemoteRepository | undefined> {
    try {
      return await run.repository();
    } catch (error) {
      if (clicked || !TrackerError.is(error)) throw error;
      const { message, until } = error;
      const reason: Reason = { reason: error.reason === 'offline' ? 'offline' : 'server', until, message };
      this.#tell({ ...this.#standing, reasons: [reason] });
      this.#schedule(hiddenPoll);
      return undefined;
    }
  }

  /** undefined when sync can't be had now; a person who clicked is told why, by an error. */
  async #target(session: OpenSession, clicked: boolean): Promise<SyncTarget | undefined> {
    try {
      const place = await this.#findPlace(session);
      const token = await this.#options.tokens.find(place.apiUrl, clicked);
      if (token) return { ...place, token };
      if (clicked) {
        throw new FirebreakError(
          'noToken',
          t('There is no token for {0}: run "Firebreak: Set GitHub Token".', new URL(place.apiUrl).origin),
        );
      }
    } catch (error) {
      if (clicked) throw error;
      // Without a repository on GitHub there is nothing to keep in step, and nothing to complain about.
      this.#options.log.debug(`No sync: ${String(error)}`);
    }
    return undefined;
  }

  async #place(session: OpenSession): Promise<Omit<SyncTarget, 'token'> | undefined> {
    try {
      return await this.#findPlace(session);
    } catch (error) {
      if (FirebreakError.is(error)) return undefined;
      throw error;
    }
  }

  /** @throws FirebreakError `noRepository`, `invalidInput`, `unsafeAddress` */
  async #findPlace(session: OpenSession): Promise<Omit<SyncTarget, 'token'>> {
    const apiUrl = safeApiUrl(settings.apiUrl());
    const git = await session.git();
    const remotes = (await git?.remotes()) ?? [];
    const folder = session.root.folder.uri;
    return {
      apiUrl,
      repository: syncRepository(settings.repository(folder), remotes, apiUrl),
      branch: settings.branch(folder),
      settings: settings.syncSettings(folder),
    };
  }

  /** Kept while nothing of the target changes: it remembers who may write, and what the server last said. */
  #runOf(session: OpenSession, target: SyncTarget): Promise<SyncRun> {
    const key = JSON.stringify(target);
    if (this.#kept?.session !== session || this.#kept.key !== key) {
      this.#kept = { session, key, run: this.#options.createSync(session, target) };
      this.#kept.run.catch(() => {
        this.#kept = undefined;
      });
    }
    return this.#kept.run;
  }

  async #look(session: OpenSession, place: Omit<SyncTarget, 'token'>): Promise<Standing> {
    const repository = nameOf(place.repository);
    if (!(await hasDuties(session))) return { ...nothingKnown, repository };
    const token = await this.#options.tokens.find(place.apiUrl, false);
    const run = await this.#runOf(session, { ...place, token: token ?? '' });
    const { steps, reasons, problems } = await run.pendingWork();
    const agreed = this.#consent.given(session.root.uri, place.apiUrl, place.repository);
    const own = ownReason({ token, agreed, waits: steps.length > 0 });
    // A sync that was cancelled waits for nothing: the next one goes on.
    const told = reasons.filter(({ reason }) => reason !== 'cancelled');
    return { repository, syncing: false, reasons: own ? [own] : told, steps, problems };
  }

  #say(report: SyncReport, clicked: boolean): void {
    const { log } = this.#options;
    for (const problem of report.problems) log.warn(`${problem.item}: ${problem.message}`);
    for (const waiting of report.waiting) log.info(`Waiting (${waiting.reason}): ${waiting.message}`);
    const [waiting] = report.waiting;
    // Of conflicts there is a notice of its own, which offers the ways out.
    const problems = report.problems.filter(({ code }) => code !== 'conflict');
    const overruled = report.problems.filter(({ code }) => code === 'overruled');
    if (!clicked) {
      if (overruled.length > 0) this.#warn(problemText(overruled));
      return;
    }
    const { length } = this.#standing.steps;
    if (waiting) this.#warn([longReason(waiting), length > 0 && `${waitingCount(length)}.`].filter(Boolean).join(' '));
    else if (problems.length > 0) this.#warn(problemText(problems));
    else vscode.window.setStatusBarMessage(`$(check) ${summary(report)}`, 8_000);
  }

  #warn(message: string): void {
    const show = t('Show Sync Plan');
    vscode.window.showWarningMessage(message, show).then((answer) => {
      if (answer === show) vscode.commands.executeCommand('firebreak.showSyncPlan' satisfies CommandId);
    });
  }

  #poll(report: SyncReport): void {
    const now = this.#options.root.session?.now() ?? 0;
    const waiting = [...report.waiting, { until: report.gatheringUntil }];
    this.#schedule(pollDelay(waiting, vscode.window.state.focused, now));
  }

  #tell(standing: Standing): void {
    this.#standing = standing;
    this.#standingChanged.fire(standing);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
    for (const disposable of this.#own) disposable.dispose();
  }
}

async function hasDuties({ index, privateFiles }: OpenSession): Promise<boolean> {
  if (index.items().some((item) => isIncident(item) || item.github)) return true;
  return privateFiles !== undefined && (await readChosen(privateFiles)).size > 0;
}

/** What keeps a sync from beginning at all. */
function ownReason(how: {
  token: string | undefined;
  agreed: Agreement | undefined;
  waits: boolean;
}): Reason | undefined {
  const reason = (name: Reason['reason'], message: string): Reason => ({ reason: name, until: undefined, message });
  if (!how.token) {
    return reason(
      'signIn',
      t('Not signed in. "Firebreak: Sync with GitHub" signs in; "Set GitHub Token" takes a token.'),
    );
  }
  if (!how.waits) return undefined;
  if (!how.agreed)
    return reason('notAgreed', t('Nothing is sent before you agree: "Firebreak: Sync with GitHub" sends it.'));
  return settings.sync() === 'manual'
    ? reason('manual', t('The setting "firebreak.github.sync" is "manual": "Firebreak: Sync with GitHub" sends it.'))
    : undefined;
}

function nameOf({ owner, repo }: RepositoryName): string {
  return `${owner}/${repo}`;
}

function problemText(problems: readonly SyncProblem[]): string {
  const [first] = problems;
  const text = first ? `${first.item}: ${first.message}` : '';
  return problems.length > 1 ? `${text} ${t('And {0} more.', problems.length - 1)}` : text;
}

function summary(report: SyncReport): string {
  const parts = [
    report.created > 0 && (report.created === 1 ? t('1 issue made') : t('{0} issues made', report.created)),
    report.updated > 0 && t('{0} changed', report.updated),
    report.commented > 0 &&
      (report.commented === 1 ? t('1 comment posted') : t('{0} comments posted', report.commented)),
    report.pulled > 0 && (report.pulled === 1 ? t('1 change received') : t('{0} changes received', report.pulled)),
  ].filter(Boolean);
  return parts.length === 0 ? t('GitHub: everything is in step.') : `GitHub: ${parts.join(', ')}`;
}
