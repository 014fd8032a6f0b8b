import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import { isIncident } from '../../core/item.ts';
import type { AnnounceTarget } from '../../core/policy.ts';
import { FileError } from '../../core/ports/files.ts';
import type { MessagingTargets, Messengers, OpenMessengers } from '../../core/ports/messaging.ts';
import { type RoundReport, WarRoom } from '../../services/warRoom/warRoom.ts';
import type { CommandId } from '../contributions.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { affects, targetSettings } from '../settings.ts';
import type { WarRoomStanding } from '../warRoomStanding.ts';
import { exitRules } from './exitRules.ts';
import { failureText, needsSomebody, noticeText, rowOf, targetNames } from './roomWords.ts';
import type { WarRoomTokens } from './warRoomTokens.ts';

const { t } = vscode.l10n;

/** What is written together is sent in one round. */
const afterChangeMs = 300;
const afterTroubleMs = 60_000;

export interface RoomSchedulerOptions {
  readonly root: OpenRoot;
  readonly reporter: Reporter;
  readonly tokens: WarRoomTokens;
  readonly standing: WarRoomStanding;
  readonly openMessengers: OpenMessengers;
  /** What one process of all has at a time, waited for a moment; undefined when another keeps it. */
  readonly lock: (session: OpenSession, name: string) => Promise<{ dispose(): Promise<void> } | undefined>;
}

/** Decides when the war rooms have a round, and says what holds them up. Nothing runs while there is nothing to tell or to hear. */
export class RoomScheduler implements vscode.Disposable {
  readonly #options: RoomSchedulerOptions;
  readonly #own: vscode.Disposable[];
  #room: { readonly session: OpenSession; readonly room: WarRoom } | undefined;
  #messengers: { readonly key: string; readonly made: Messengers } | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** On the clock that only goes on. */
  #dueAt = Number.POSITIVE_INFINITY;
  #running: Promise<RoundReport | undefined> | undefined;
  #stop = new AbortController();
  /** Troubles that were told: each once, until it is over. */
  #told: ReadonlySet<string> = new Set();

  constructor(options: RoomSchedulerOptions) {
    this.#options = options;
    const { root } = options;
    this.#own = [
      root.onDidOpen(() => {
        this.#stop.abort();
        this.#stop = new AbortController();
        options.standing.show(new Map());
        this.#schedule(0);
      }),
      root.onDidChange(() => this.#schedule(afterChangeMs)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, ...targetSettings)) this.changed();
      }),
    ];
    this.#schedule(0);
  }

  /** The war rooms of the open folder; undefined where nothing may be sent or kept. */
  room(session: OpenSession): WarRoom | undefined {
    if (this.#room?.session === session) return this.#room.room;
    const { context, privateFiles } = session;
    if (!session.canAct || !privateFiles) return undefined;
    const lock = () => this.#options.lock(session, 'war-room');
    const room = new WarRoom({ context, privateFiles, withheld: () => exitRules(session), lock });
    this.#room = { session, room };
    return room;
  }

  /** @throws FirebreakError `unsafeAddress` */
  async messengers(): Promise<Messengers> {
    const targets: MessagingTargets = await this.#options.tokens.targets();
    const key = JSON.stringify(targets);
    if (this.#messengers?.key !== key) this.#messengers = { key, made: this.#options.openMessengers(targets) };
    return this.#messengers.made;
  }

  /** A token or a setting is another one: what failed is tried anew. */
  changed(): void {
    const { session } = this.#options.root;
    const room = session && this.room(session);
    this.#options.reporter.background('The war room', async () => {
      await room?.retry();
      this.#schedule(0);
    });
  }

  /**
   * A round now; when one is under way, one after it.
   * @param saysNotices whether the caller says what the report holds of notices
   */
  async now(saysNotices = false): Promise<RoundReport | undefined> {
    while (this.#running) await this.#running.catch(() => undefined);
    return this.#start(saysNotices);
  }

  #schedule(delayMs: number): void {
    const dueAt = performance.now() + delayMs;
    if (this.#timer && this.#dueAt <= dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#options.reporter.background('The war room', () => this.now());
    }, delayMs);
  }

  #start(saysNotices: boolean): Promise<RoundReport | undefined> {
    this.#running = this.#round(saysNotices).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #round(saysNotices: boolean): Promise<RoundReport | undefined> {
    const { session } = this.#options.root;
    const room = session && vscode.workspace.isTrusted ? this.room(session) : undefined;
    if (!session || !room || !session.index.items().some(isIncident)) return undefined;
    const { signal } = this.#stop;
    try {
      const report = await room.round(await this.messengers(), signal);
      if (signal.aborted) return undefined;
      this.#show(session, report, saysNotices);
      if (report.next !== undefined) this.#schedule(Math.max(0, report.next - session.now()));
      return report;
    } catch (error) {
      // Settings that mean nothing hold up everything: somebody has to know.
      if (FirebreakError.is(error, 'invalidInput')) this.#tellOnce(error.message);
      // A full disk, or a setting that is no address: said in the log, and looked at again.
      if (FileError.is(error)) this.#schedule(afterTroubleMs);
      throw error;
    }
  }

  #show({ log }: OpenSession, { standings }: RoundReport, saysNotices: boolean): void {
    this.#options.standing.show(new Map(standings.map((standing) => [standing.uid, rowOf(standing)])));
    const troubles = new Set<string>();
    for (const { uid, failures, notices } of standings) {
      for (const failure of failures) {
        // What passes by itself has its row; of what needs somebody, somebody is told.
        if (!needsSomebody(failure)) continue;
        const key = `${failure.target} ${failure.reason} ${failure.message}`;
        const target = failure.reason === 'badToken' ? failure.target : undefined;
        if (!troubles.has(key) && !this.#told.has(key)) this.#warn(uid, failureText(failure), target);
        troubles.add(key);
      }
      const said = notices.map(noticeText);
      const news = said.filter((text) => !this.#told.has(`${uid} ${text}`));
      // Of several people who are not invited, one notification tells.
      if (news.length > 0 && !saysNotices) this.#warn(uid, news.join('; '), undefined);
      for (const text of news) log.warn(`The war room of ${uid}: ${text}`);
      for (const text of said) troubles.add(`${uid} ${text}`);
    }
    this.#told = troubles;
  }

  /** @param token the target that needs another one */
  #warn(uid: string, what: string, token: AnnounceTarget | undefined): void {
    const button = token ? t('Set Token…') : t('Show War Room');
    vscode.window.showWarningMessage(t('The war room: {0}.', what), button).then((answer) => {
      if (answer !== button) return;
      const command: CommandId = token ? 'firebreak.setWarRoomToken' : 'firebreak.openWarRoom';
      vscode.commands.executeCommand(command, token ? targetNames[token] : uid);
    });
  }

  #tellOnce(text: string): void {
    if (this.#told.has(text)) return;
    this.#told = new Set([...this.#told, text]);
    void vscode.window.showWarningMessage(t('The war room: {0}', text));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
    for (const disposable of this.#own) disposable.dispose();
  }
}
