import * as vscode from 'vscode';

/** What the row of a war room says. */
export interface WarRoomRow {
  readonly description: string;
  readonly tooltip: string;
  /** Whether something holds it up. */
  readonly troubled: boolean;
}

/** How the war rooms stand, for the views; worked out elsewhere, at leisure. */
export class WarRoomStanding implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  #rows: ReadonlyMap<string, WarRoomRow> = new Map();
  readonly onDidChange = this.#changed.event;

  /** Of an incident, by its uid. */
  rowOf(uid: string): WarRoomRow | undefined {
    return this.#rows.get(uid);
  }

  show(rows: ReadonlyMap<string, WarRoomRow>): void {
    if (JSON.stringify([...rows]) === JSON.stringify([...this.#rows])) return;
    this.#rows = rows;
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
