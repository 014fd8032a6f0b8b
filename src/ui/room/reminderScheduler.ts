import * as vscode from 'vscode';
import { isOpenIncident } from '../../core/item.ts';
import type { Saying } from '../../core/reminderMemory.ts';
import { minute, second } from '../../core/time.ts';
import { runningByIncident } from '../../services/actions/runningActions.ts';
import { ReminderDesk } from '../../services/room/reminderDesk.ts';
import type { ReminderStanding } from '../reminderStanding.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { affects, settings } from '../settings.ts';
import type { Ticker } from '../ticker.ts';
import { sayingText, standingText } from './reminderWords.ts';

/** By then VS Code has put a notification that nobody answered away: the next may come. */
const patience = minute;
/** Another window has the memory just now. */
const retry = second;

export interface Lock {
  dispose(): Promise<void>;
}

export interface ReminderSchedulerOptions {
  readonly root: OpenRoot;
  readonly ticker: Ticker;
  readonly reporter: Reporter;
  readonly standing: ReminderStanding;
  /** What one window of all has at a time, waited for a moment. */
  readonly lock: (session: OpenSession, name: string) => Promise<Lock | undefined>;
  /** Whether a process of this machine is still there: one that keeps an action may be gone. */
  readonly isAlive: (pid: number) => boolean;
  /** Shows a notification, and does what is chosen on it; done when it is closed. */
  readonly notify: (
    session: OpenSession,
    desk: ReminderDesk,
    text: string,
    sayings: readonly Saying[],
  ) => Promise<void>;
}

interface Shown {
  readonly sayings: readonly Saying[];
  readonly at: number;
}

/**
 * Says what is due, in the commander's window alone, in one notification at a time. What came meanwhile is said together
 * in the next; what was done meanwhile is not said at all.
 */
export class ReminderScheduler implements vscode.Disposable {
  readonly #options: ReminderSchedulerOptions;
  readonly #own: vscode.Disposable[];
  #desk: { readonly session: OpenSession; readonly desk: ReminderDesk } | undefined;
  #waiting: readonly Saying[] = [];
  #shown: Shown | undefined;
  #next: number | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #disposed = false;

  constructor(options: ReminderSchedulerOptions) {
    this.#options = options;
    const { root, ticker } = options;
    const look = () => this.look();
    this.#own = [
      root.onDidOpen(() => {
        this.#forget();
        look();
      }),
      root.onDidChange(look),
      ticker.onDidTick(look),
      ticker.wish(() => this.#next),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, 'firebreak.reminders.enabled')) look();
      }),
    ];
    look();
  }

  /** The reminders of the open folder. */
  desk(session: OpenSession): ReminderDesk | undefined {
    if (this.#desk?.session === session) return this.#desk.desk;
    const { privateFiles, context, now } = session;
    if (!session.canAct || !privateFiles) return undefined;
    const desk = new ReminderDesk({
      context,
      privateFiles,
      now,
      lock: () => this.#options.lock(session, 'reminders'),
      running: () => runningByIncident(privateFiles, { isAlive: this.#options.isAlive }),
    });
    this.#desk = { session, desk };
    return desk;
  }

  /** Looks what is due. Many looks at once are one, and one more after it. */
  look(): void {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = this.#look()
      .catch((error: unknown) => this.#options.reporter.background('Reminding', () => Promise.reject(error)))
      .finally(() => {
        this.#looking = undefined;
        if (this.#again && !this.#disposed) {
          this.#again = false;
          this.look();
        }
      });
  }

  async #look(): Promise<void> {
    const session = this.#options.root.session;
    const desk = session && settings.reminders() ? this.desk(session) : undefined;
    if (!session || !desk || !session.index.items().some(isOpenIncident)) {
      this.#forget();
      return;
    }
    const turn = await desk.takeTurn();
    if (this.#disposed || session !== this.#options.root.session) return;
    const now = session.now();
    if (!turn) {
      this.#wake(now + retry);
      return;
    }
    const stands = new Set(turn.standing.map(occasion));
    const isDue = (saying: Saying) => stands.has(occasion(saying));
    this.#options.standing.show(turn.standing.map((saying) => standingText(saying, now)));
    const said = new Set(turn.say.map(occasion));
    this.#waiting = [...turn.say, ...this.#waiting.filter((saying) => isDue(saying) && !said.has(occasion(saying)))];
    if (this.#shown && !this.#shown.sayings.some(isDue)) this.#shown = undefined;
    const shownFor = this.#shown ? now - this.#shown.at : patience;
    if (this.#waiting.length > 0 && (shownFor >= patience || shownFor < 0)) this.#show(session, desk, now);
    const instants = [turn.next, this.#shown && this.#waiting.length > 0 ? this.#shown.at + patience : null];
    this.#wake(Math.min(...instants.filter((instant) => instant !== null)));
  }

  #show(session: OpenSession, desk: ReminderDesk, now: number): void {
    const shown: Shown = { sayings: this.#waiting, at: now };
    this.#shown = shown;
    this.#waiting = [];
    this.#options.notify(session, desk, sayingText(shown.sayings, now), shown.sayings).then(
      () => {
        if (this.#shown === shown) this.#shown = undefined;
        this.look();
      },
      (error: unknown) => {
        if (this.#shown === shown) this.#shown = undefined;
        this.#options.reporter.report(vscode.l10n.t('The reminder'), error);
      },
    );
  }

  #wake(at: number): void {
    const next = Number.isFinite(at) ? at : undefined;
    if (next === this.#next) return;
    this.#next = next;
    this.#options.ticker.settle();
  }

  #forget(): void {
    this.#waiting = [];
    this.#shown = undefined;
    this.#next = undefined;
    this.#options.standing.show([]);
  }

  dispose(): void {
    this.#disposed = true;
    for (const disposable of this.#own) disposable.dispose();
  }
}

function occasion({ incident, reminder }: Saying): string {
  return `${incident.uid}/${reminder.key}`;
}
