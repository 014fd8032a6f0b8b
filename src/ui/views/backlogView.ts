import * as vscode from 'vscode';
import { isActiveIncident } from '../../core/item.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import type { BacklogNode, BacklogTree } from './backlogTree.ts';

const { t } = vscode.l10n;

/** The Backlog view with its badge: the number of open P0s. */
export class BacklogView implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #view: vscode.TreeView<BacklogNode>;
  readonly #own: vscode.Disposable[];

  constructor(root: OpenRoot, tree: BacklogTree) {
    this.#root = root;
    this.#view = vscode.window.createTreeView('firebreak.backlog', { treeDataProvider: tree, showCollapseAll: true });
    const count = () => this.#count();
    this.#own = [this.#view, root.onDidOpen(count), root.onDidChange(count)];
  }

  #count(): void {
    const items = this.#root.session?.index.items() ?? [];
    const value = items.filter((item) => isActiveIncident(item) && item.severity === 'P0').length;
    if (value === (this.#view.badge?.value ?? 0)) return;
    this.#view.badge =
      value === 0 ? undefined : { value, tooltip: value === 1 ? t('1 open P0') : t('{0} open P0s', value) };
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}
