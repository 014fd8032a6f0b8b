import * as vscode from 'vscode';
import type { Item } from '../../core/item.ts';
import type { CommandId } from '../contributions.ts';
import type { OpenRoot } from '../session/openRoot.ts';

const { t } = vscode.l10n;

/** A pull brings its files one after the other. */
const quietMs = 1_000;

/** Says once for each conflict that a text is in one, and offers the ways out. */
export class ConflictNotice implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #own: vscode.Disposable[];
  readonly #told = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(root: OpenRoot) {
    this.#root = root;
    const look = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#look(), quietMs);
    };
    this.#own = [root.onDidOpen(look), root.onDidChange(look)];
    // A folder may be open already.
    look();
  }

  #look(): void {
    if (!vscode.workspace.isTrusted) return;
    const fresh: Item[] = [];
    for (const item of this.#root.session?.index.items() ?? []) {
      const keys = item.conflicts.map(({ id }) => `${item.uid}/${id}`).filter((key) => !this.#told.has(key));
      for (const key of keys) this.#told.add(key);
      if (keys.length > 0) fresh.push(item);
    }
    const [first] = fresh;
    if (!first) return;
    const message =
      fresh.length === 1
        ? t(
            'The text of "{0}" was changed here and on GitHub in one place. GitHub\'s stands in the file; yours is kept beside it.',
            first.title,
          )
        : t('The texts of {0} items were changed here and on GitHub. Both are kept.', fresh.length);
    this.#ask(message, fresh.length === 1 ? first.uid : undefined);
  }

  #ask(message: string, uid: string | undefined): void {
    const answers: Readonly<Record<string, CommandId>> = {
      [t('Resolve\u2026')]: 'firebreak.resolveConflict',
      ...(uid === undefined
        ? {}
        : { [t('Keep Mine')]: 'firebreak.keepMine', [t("Keep GitHub's")]: 'firebreak.keepGitHubs' }),
    };
    vscode.window.showWarningMessage(message, ...Object.keys(answers)).then((answer) => {
      const command = answer === undefined ? undefined : answers[answer];
      if (command) vscode.commands.executeCommand(command, uid);
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#own) disposable.dispose();
  }
}
