import * as vscode from 'vscode';
import { safeApiUrl } from '../../core/apiAddress.ts';
import { FirebreakError } from '../../core/errors.ts';
import type { RepositoryName } from '../../core/github.ts';
import { isIncident } from '../../core/item.ts';
import type { Log } from '../../core/ports/environment.ts';
import { type RemoteRepository, TrackerError } from '../../core/ports/issueTracker.ts';
import type { PendingWork, SyncReport, Waiting } from '../../services/sync/syncReport.ts';
import { syncRepository } from '../../services/syncTarget.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { affects, settings } from '../settings.ts';
import type { GitHubTokens } from './githubTokens.ts';
import { type Agreement, SyncConsent } from './syncConsent.ts';

const { t } = vscode.l10n;

/** Several acts in a row are one flush; a person who waits for the issue does not notice. */
const afterChangeMs = 2_000;
const visiblePollMs = 60_000;
const hiddenPollMs = 5 * 60_000;

export interface SyncTarget {
  /** Checked: https, or http to this machine. */
  readonly apiUrl: string;
  readonly repository: RepositoryName;
  readonly token: string;
  /** The branch whose hand-made edits are sent; empty for the remote's default branch. */
  readonly branch: string;
}

/** The use case of one session and one target. */
export interface SyncRun {
  /** What the server says of the repository. @throws TrackerError */
  repository(): Promise<RemoteRepository>;
  /** What waits to be sent, as far as this clone knows; asks GitHub nothing. */
  pendingWork(): Promise<PendingWork>;
  /** @param publicConfirmed whether the user agreed that incidents go to this repository though it is public */
  sync(options: { publicConfirmed: boolean; signal: AbortSignal }): Promise<SyncReport>;
}

export type CreateSync = (session: OpenSession, target: SyncTarget) => Promise<SyncRun>;

export interface SyncState {
  /** For the view; undefined when there is nothing to say. */
  readonly message: string | undefined;
}

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
  readonly #stateChanged = new vscode.EventEmitter<SyncState>();
  readonly #own: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** Something changed while a sync was running: it may have missed it. */
  #again = false;
  #abort = new AbortController();
  readonly onDidChangeState = this.#stateChanged.event;

  constructor(options: SyncControllerOptions) {
    this.#options = options;
    this.#consent = new SyncConsent(options.memory);
    const { root } = options;
    this.#own = [
      this.#stateChanged,
      root.onDidOpen(() => {
        this.#abort.abort();
        this.#abort = new AbortController();
        this.#tell(undefined);
        this.#schedule(afterChangeMs);
      }),
      root.onDidChange(() => this.#schedule(afterChangeMs)),
      vscode.window.onDidChangeWindowState((state) => {
        if (state.focused) this.#schedule(afterChangeMs);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, 'firebreak.github.apiUrl', 'firebreak.github.repository', 'firebreak.github.sync')) {
          this.#schedule(afterChangeMs);
        }
      }),
      vscode.authentication.onDidChangeSessions(({ provider }) => {
        if (provider.id === 'github') this.#schedule(afterChangeMs);
      }),
    ];
  }

  /** The user clicked: signs in, asks what must be asked, syncs, and says what came of it. */
  async syncNow(): Promise<void> {
    // Another sync's failure is not this one's; and two clicks are two turns.
    while (this.#running) await this.#running.catch(() => undefined);
    await vscode.window.withProgress({ location: { viewId: 'firebreak.incidents' } }, () => this.#start(true));
  }

  async tokenChanged(): Promise<void> {
    this.#tell(undefined);
    this.#schedule(0);
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    if (!vscode.workspace.isTrusted || settings.sync() === 'manual') return;
    this.#timer = setTimeout(() => {
      if (this.#running) this.#again = true;
      else this.#options.reporter.background('Syncing', () => this.#start(false));
    }, delayMs);
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
    if (!clicked && !session.index.items().some((item) => isIncident(item) || item.github)) return;
    const found = await this.#target(session, clicked);
    if (!found) return;
    const { apiUrl, repository } = found;
    const folder = session.root.uri;
    const run = await this.#options.createSync(session, found);
    const known = this.#consent.given(folder, apiUrl, repository);
    if (!known && !clicked) {
      // Not awaited: a question may stand for hours, and a click in the meantime must not wait for it.
      if ((await run.pendingWork()).count > 0) {
        this.#options.reporter.background('Asking before the first sync', () => this.#askInTime(run, found, folder));
      }
      return;
    }
    const agreed = known ?? (await this.#agree(run, found, folder, clicked));
    if (!agreed) return;
    this.#tell(t('GitHub: syncing\u2026'));
    const { signal } = this.#abort;
    try {
      await this.#send(run, found, { folder, agreed, clicked, signal });
    } catch (error) {
      // Nothing is syncing any more; and what failed once is tried again without a click.
      if (!signal.aborted) {
        this.#tell(undefined);
        this.#schedule(hiddenPollMs);
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
    let report = await run.sync({ publicConfirmed: agreed === 'public', signal });
    // A repository that was private when the user agreed may have been published since.
    if (report.waiting.some(({ reason }) => reason === 'notConfirmed')) {
      if (!clicked) this.#options.reporter.background('Asking again', () => this.#askInTime(run, found, folder));
      else if (await this.#agree(run, found, folder, clicked))
        report = await run.sync({ publicConfirmed: true, signal });
    }
    // Another folder is open now, and its sync speaks for itself.
    if (signal.aborted) return;
    this.#say(report, report.waiting.length > 0 ? (await run.pendingWork()).count : 0, clicked);
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
      this.#tell(named(error.message));
      this.#schedule(hiddenPollMs);
      return undefined;
    }
  }

  /** undefined when sync can't be had now; a person who clicked is told why, by an error. */
  async #target(session: OpenSession, clicked: boolean): Promise<SyncTarget | undefined> {
    try {
      const apiUrl = safeApiUrl(settings.apiUrl());
      const git = await session.git();
      const remotes = (await git?.remotes()) ?? [];
      const repository = syncRepository(settings.repository(session.root.folder.uri), remotes, apiUrl);
      const token = await this.#options.tokens.find(apiUrl, clicked);
      if (token) return { apiUrl, repository, token, branch: settings.branch(session.root.folder.uri) };
      this.#tell(t('GitHub: not signed in. "Firebreak: Sync with GitHub" signs in; "Set GitHub Token" takes a token.'));
      if (clicked) {
        throw new FirebreakError(
          'noToken',
          t('There is no token for {0}: run "Firebreak: Set GitHub Token".', new URL(apiUrl).origin),
        );
      }
    } catch (error) {
      if (clicked) throw error;
      // Without a repository on GitHub there is nothing to keep in step, and nothing to complain about.
      this.#options.log.debug(`No sync: ${String(error)}`);
    }
    return undefined;
  }

  /** @param left how many steps wait */
  #say(report: SyncReport, left: number, clicked: boolean): void {
    const { log } = this.#options;
    for (const problem of report.problems) log.warn(`${problem.item}: ${problem.message}`);
    for (const waiting of report.waiting) log.info(`Waiting (${waiting.reason}): ${waiting.message}`);
    const [waiting] = report.waiting;
    const [problem] = report.problems;
    this.#tell(waiting ? waitingText(waiting, left) : problem && `GitHub: ${problem.item}: ${problem.message}`);
    if (!clicked) return;
    if (waiting) vscode.window.showWarningMessage(waitingText(waiting, left));
    else if (problem) vscode.window.showWarningMessage(`${problem.item}: ${problem.message}`);
    else vscode.window.setStatusBarMessage(`$(check) ${summary(report)}`, 8_000);
  }

  #poll(report: SyncReport): void {
    const until = report.waiting.map((waiting) => waiting.until).filter((time) => time !== undefined);
    const now = this.#options.root.session?.now() ?? 0;
    const normal = vscode.window.state.focused ? visiblePollMs : hiddenPollMs;
    // What waits for a moment is tried then, and not before.
    this.#schedule(until.length > 0 ? Math.max(1_000, Math.min(...until) - now) : normal);
  }

  #tell(message: string | undefined): void {
    this.#stateChanged.fire({ message });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
    for (const disposable of this.#own) disposable.dispose();
  }
}

function waitingText(waiting: Waiting, left: number): string {
  const parts = [
    named(waiting.message),
    waiting.until !== undefined && t('Until {0}.', new Date(waiting.until).toLocaleTimeString()),
    left > 0 && (left === 1 ? t('1 change waits here.') : t('{0} changes wait here.', left)),
  ];
  return parts.filter(Boolean).join(' ');
}

/** Says whom a sentence is about, where it does not say so itself. */
function named(message: string): string {
  return message.startsWith('GitHub') ? message : `GitHub: ${message}`;
}

function summary(report: SyncReport): string {
  const parts = [
    report.created > 0 && t('{0} issues made', report.created),
    report.updated > 0 && t('{0} changed', report.updated),
    report.commented > 0 && t('{0} comments posted', report.commented),
    report.pulled > 0 && t('{0} changes received', report.pulled),
  ].filter(Boolean);
  return parts.length === 0 ? t('GitHub: everything is in step.') : `GitHub: ${parts.join(', ')}`;
}
