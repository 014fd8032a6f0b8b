import * as vscode from 'vscode';
import { itemScheme, rowUri, type SyncMark, type SyncStanding } from './syncStanding.ts';

const looks: Readonly<Record<SyncMark['kind'], { badge: string; color?: string }>> = {
  conflict: { badge: '\u2260', color: 'list.warningForeground' },
  problem: { badge: '!', color: 'list.warningForeground' },
  waiting: { badge: '\u2191' },
};

/** Marks the rows of items that wait for GitHub, or for a person. */
export class RowMarks implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #standing: SyncStanding;
  readonly #changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly #own: vscode.Disposable[];
  readonly onDidChangeFileDecorations = this.#changed.event;

  constructor(standing: SyncStanding) {
    this.#standing = standing;
    this.#own = [
      this.#changed,
      standing.onDidChange((uids) => this.#changed.fire([...uids].map(rowUri))),
      vscode.window.registerFileDecorationProvider(this),
    ];
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== itemScheme) return undefined;
    const mark = this.#standing.markOf(uri.path.slice(1));
    if (!mark) return undefined;
    const { badge, color } = looks[mark.kind];
    return new vscode.FileDecoration(badge, mark.text, color === undefined ? undefined : new vscode.ThemeColor(color));
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}
