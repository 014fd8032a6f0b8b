import * as vscode from 'vscode';
import type { OpenRoot } from './session/openRoot.ts';

const { t } = vscode.l10n;

/** A checkout takes its files away one after the other: wait until it is through. */
const quietMs = 1_500;

/** Says once that files of an incident are not in this checkout, and offers to bring them back. */
export class MissingNotice implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #own: vscode.Disposable[];
  #known = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(root: OpenRoot) {
    this.#root = root;
    const look = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#look(), quietMs);
    };
    this.#own = [root.onDidOpen(look), root.onDidChange(look)];
  }

  #look(): void {
    const missing = this.#root.session?.index.missing() ?? [];
    const fresh = missing.filter((path) => !this.#known.has(path));
    this.#known = new Set(missing);
    if (fresh.length === 0 || !vscode.workspace.isTrusted) return;
    const restore = t('Restore');
    vscode.window
      .showWarningMessage(
        missing.length === 1
          ? t('A file of incidents or the backlog is not in this checkout. Nothing is lost: it is kept in the journal.')
          : t(
              '{0} files of incidents or the backlog are not in this checkout. Nothing is lost: they are kept in the journal.',
              missing.length,
            ),
        restore,
      )
      .then((answer) => {
        if (answer === restore) vscode.commands.executeCommand('firebreak.restoreMissing');
      });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#own) disposable.dispose();
  }
}
