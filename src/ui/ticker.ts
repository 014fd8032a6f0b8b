import * as vscode from 'vscode';
import { isOpenIncident } from '../core/item.ts';
import type { OpenRoot } from './session/openRoot.ts';

/** Clocks are read in minutes; this keeps what is shown at most this far behind. */
const stepMs = 10_000;

/** One timer for everything that shows running clocks, and none while no incident is open. */
export class Ticker implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #ticked = new vscode.EventEmitter<void>();
  readonly #own: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  readonly onDidTick = this.#ticked.event;

  constructor(root: OpenRoot) {
    this.#root = root;
    const settle = () => this.#settle();
    this.#own = [this.#ticked, root.onDidOpen(settle), root.onDidChange(settle)];
  }

  #settle(): void {
    const needed = this.#root.session?.index.items().some(isOpenIncident) ?? false;
    if (needed && !this.#timer) this.#timer = setInterval(() => this.#ticked.fire(), stepMs);
    if (!needed) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  dispose(): void {
    this.#stop();
    for (const disposable of this.#own) disposable.dispose();
  }
}
