import * as vscode from 'vscode';
import type { ReminderStanding } from '../reminderStanding.ts';
import type { IncidentsNode, IncidentsTree } from './incidentsTree.ts';

const { t } = vscode.l10n;

/** The Incidents view with its badge: what the commander is reminded of, also where notifications are turned off. */
export class IncidentsView implements vscode.Disposable {
  readonly #view: vscode.TreeView<IncidentsNode>;
  readonly #own: vscode.Disposable[];

  constructor(tree: IncidentsTree, reminders: ReminderStanding) {
    this.#view = vscode.window.createTreeView('firebreak.incidents', {
      treeDataProvider: tree,
      // A box shows what the events say, and not what was clicked.
      manageCheckboxStateManually: true,
    });
    this.#view.onDidChangeCheckboxState(({ items }) => {
      for (const [node, state] of items) {
        const isDone = state === vscode.TreeItemCheckboxState.Checked;
        void vscode.commands.executeCommand('firebreak.tickTask', node, isDone);
      }
    });
    this.#own = [this.#view, tree, reminders.onDidChange(() => this.#count(reminders.lines))];
  }

  #count(lines: readonly string[]): void {
    const value = lines.length;
    this.#view.badge =
      value === 0
        ? undefined
        : { value, tooltip: [value === 1 ? t('1 thing is due') : t('{0} things are due', value), ...lines].join('\n') };
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}
