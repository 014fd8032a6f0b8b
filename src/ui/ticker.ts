import * as vscode from 'vscode';
import { nextVisibleChange } from '../core/clocks.ts';
import { isOpenIncident } from '../core/item.ts';
import { minute } from '../core/time.ts';
import { clocksOf } from './clockText.ts';
import type { OpenRoot } from './session/openRoot.ts';

/** Timers stand still while a machine sleeps: however far the next instant, this is when the clock is looked at again. */
const longestMs = minute;
/** What is due at once is done together with what is due a moment later. */
const shortestMs = 250;

/**
 * One timer for everything that time changes: it goes off when a clock that is shown reads otherwise, or when somebody
 * wished to be told. None runs while no incident is open.
 */
export class Ticker implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #ticked = new vscode.EventEmitter<void>();
  readonly #own: vscode.Disposable[];
  readonly #wishes = new Set<() => number | undefined>();
  #timer: NodeJS.Timeout | undefined;
  readonly onDidTick = this.#ticked.event;

  constructor(root: OpenRoot) {
    this.#root = root;
    const settle = () => this.settle();
    this.#own = [this.#ticked, root.onDidOpen(settle), root.onDidChange(settle)];
  }

  /** Ticks at an instant of somebody's own, too. @param next the instant, whenever it is asked for; epoch milliseconds */
  wish(next: () => number | undefined): vscode.Disposable {
    this.#wishes.add(next);
    return new vscode.Disposable(() => this.#wishes.delete(next));
  }

  /** Sets the timer anew, because an instant has changed. */
  settle(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const session = this.#root.session;
    const open = session?.index.items().filter(isOpenIncident) ?? [];
    if (!session || open.length === 0) return;
    const now = session.now();
    const instants = [
      ...open.map((incident) => nextVisibleChange(clocksOf(session, incident), now)),
      ...[...this.#wishes].map((next) => next()),
    ];
    const next = Math.min(now + longestMs, ...instants.filter((instant) => instant !== undefined));
    this.#timer = setTimeout(
      () => {
        this.#ticked.fire();
        this.settle();
      },
      Math.max(shortestMs, next - now),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#own) disposable.dispose();
  }
}
