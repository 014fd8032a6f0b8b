import * as vscode from 'vscode';

/** The row that says how sync stands, where there is something to say. */
export interface SyncRow {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  /** Of VS Code's product icons. */
  readonly icon: string;
  readonly color?: string;
}

/** What stands between an item and GitHub. */
export interface SyncMark {
  readonly kind: 'conflict' | 'problem' | 'waiting';
  /** One sentence that says what to do. */
  readonly text: string;
}

export interface SyncShown {
  readonly row: SyncRow | undefined;
  /** By the uid of the item. */
  readonly marks: ReadonlyMap<string, SyncMark>;
}

/** How sync stands, for the views. It is worked out elsewhere, at leisure: the views only show it. */
export class SyncStanding implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<ReadonlySet<string>>();
  #shown: SyncShown = { row: undefined, marks: new Map() };
  /** Told of the uids whose mark is another, or came, or went. */
  readonly onDidChange = this.#changed.event;

  get row(): SyncRow | undefined {
    return this.#shown.row;
  }

  markOf(uid: string): SyncMark | undefined {
    return this.#shown.marks.get(uid);
  }

  show(shown: SyncShown): void {
    const before = this.#shown;
    this.#shown = shown;
    const changed = new Set<string>();
    for (const uid of [...before.marks.keys(), ...shown.marks.keys()]) {
      const [old, now] = [before.marks.get(uid), shown.marks.get(uid)];
      if (old?.kind !== now?.kind || old?.text !== now?.text) changed.add(uid);
    }
    if (changed.size > 0 || JSON.stringify(before.row) !== JSON.stringify(shown.row)) this.#changed.fire(changed);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

export const itemScheme = 'firebreak-item';

/** By which VS Code asks for the mark of a row. */
export function rowUri(uid: string): vscode.Uri {
  return vscode.Uri.from({ scheme: itemScheme, path: `/${uid}` });
}
