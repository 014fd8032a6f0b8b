import * as vscode from 'vscode';
import { alertPause, isAlertLookDue } from '../../core/alertPace.ts';
import { FirebreakError } from '../../core/errors.ts';
import { isActiveIncident } from '../../core/item.ts';
import type { Log } from '../../core/ports/environment.ts';
import type { AlertDesk } from '../../services/alerts/alertDesk.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { affects, settings } from '../settings.ts';
import type { Ticker } from '../ticker.ts';
import { plain } from './alertRows.ts';
import type { AlertTarget } from './alertTarget.ts';
import { isAlertTrouble } from './alertTrouble.ts';

const { t } = vscode.l10n;

export interface AlertWatchOptions {
  readonly root: OpenRoot;
  readonly ticker: Ticker;
  readonly reporter: Reporter;
  readonly log: Log;
  readonly target: () => Promise<AlertTarget>;
  readonly deskOf: (session: OpenSession) => AlertDesk | undefined;
  /** Says that alerts can't be followed just now. */
  readonly tell: (error: FirebreakError, also: string) => Promise<void>;
}

/**
 * Follows the alerts of open incidents. It has no timer of its own: the one of the clocks tells it when to look. An
 * Alertmanager that is gone is told once, asked less and less often, and found again by itself.
 */
export class AlertWatch implements vscode.Disposable {
  readonly #options: AlertWatchOptions;
  readonly #own: vscode.Disposable[];
  #next: number | undefined;
  #failures = 0;
  #isTold = false;
  #looking: Promise<void> | undefined;

  constructor(options: AlertWatchOptions) {
    this.#options = options;
    const { root, ticker } = options;
    const look = () => this.#lookWhenDue();
    this.#own = [
      root.onDidOpen(() => this.lookNow()),
      root.onDidChange(look),
      ticker.onDidTick(look),
      ticker.wish(() => this.#next),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, 'firebreak.alerts.url')) this.lookNow();
      }),
    ];
    this.lookNow();
  }

  /** Looks at once: something that was in the way may be out of it. */
  lookNow(): void {
    this.#next = undefined;
    this.#failures = 0;
    this.#isTold = false;
    this.#lookWhenDue();
  }

  #lookWhenDue(): void {
    const session = this.#options.root.session;
    const desk = session && vscode.workspace.isTrusted ? this.#options.deskOf(session) : undefined;
    if (!session || !desk?.isNeeded() || settings.alertsUrl() === '') {
      this.#next = undefined;
      return;
    }
    if (this.#looking || !isAlertLookDue(this.#next, session.now())) return;
    this.#looking = this.#look(session, desk)
      .catch((error: unknown) => this.#options.reporter.background('Following alerts', () => Promise.reject(error)))
      .finally(() => {
        this.#looking = undefined;
        const isActive = session.index.items().some(isActiveIncident);
        this.#next = session.now() + alertPause(this.#failures, isActive);
        this.#options.ticker.settle();
      });
  }

  async #look(session: OpenSession, desk: AlertDesk): Promise<void> {
    try {
      const { url, source } = await this.#options.target();
      const events = await desk.look(source, url);
      if (session !== this.#options.root.session) return;
      for (const { body } of events ?? []) {
        vscode.window.setStatusBarMessage(`$(bell) ${plain(headOf(body), 100)}`, 15_000);
      }
      if (this.#isTold) vscode.window.setStatusBarMessage(`$(check) ${t('Alertmanager answers again.')}`, 10_000);
      this.#failures = 0;
      this.#isTold = false;
    } catch (error) {
      this.#failures += 1;
      this.#options.log.warn(`Alerts can't be followed: ${error instanceof Error ? error.message : String(error)}`);
      if (!isAlertTrouble(error)) throw error;
      // One answer that failed to come is nothing to speak of.
      const isPassing = FirebreakError.is(error, 'alertsUnreachable') && this.#failures < 2;
      if (this.#isTold || isPassing) return;
      this.#isTold = true;
      const also = t('Until then what the alerts of open incidents do is not recorded.');
      this.#options.reporter.background('Telling of alerts', () => this.#options.tell(error, also));
    }
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}

/** The first line of an event's words, without its markup. */
function headOf(body: string): string {
  return (body.split('\n')[0] ?? '').replace(/\*\*/g, '').replace(/\\(.)/g, '$1');
}
