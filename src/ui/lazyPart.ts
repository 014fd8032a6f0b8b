import type * as vscode from 'vscode';
import type { CommandId } from './contributions.ts';

type Handler = (...parameters: unknown[]) => Promise<void>;

/** A part of the interface that is in a bundle of its own. */
export interface Part<Id extends CommandId> {
  readonly handlers: Readonly<Record<Id, Handler>>;
  dispose?(): void;
}

/** Loads a part when one of its commands is first run, or when somebody says that it is needed: no start of VS Code waits for it. */
export class LazyPart<Id extends CommandId, Loaded extends Part<Id>> implements vscode.Disposable {
  readonly #open: () => Loaded;
  readonly #own: vscode.Disposable[] = [];
  #loaded: Loaded | undefined;
  readonly handlers: Readonly<Record<Id, Handler>>;

  /** @param ids the commands of the part */
  constructor(ids: readonly Id[], open: () => Loaded) {
    this.#open = open;
    const handlers: Partial<Record<Id, Handler>> = {};
    for (const id of ids) handlers[id] = (...parameters) => this.load().handlers[id](...parameters);
    this.handlers = handlers as Record<Id, Handler>;
  }

  /** What goes with it: that by which it learns that it is needed. */
  protected own(...disposables: vscode.Disposable[]): void {
    this.#own.push(...disposables);
  }

  get isLoaded(): boolean {
    return this.#loaded !== undefined;
  }

  load(): Loaded {
    this.#loaded ??= this.#open();
    return this.#loaded;
  }

  dispose(): void {
    this.#loaded?.dispose?.();
    for (const disposable of this.#own) disposable.dispose();
  }
}
