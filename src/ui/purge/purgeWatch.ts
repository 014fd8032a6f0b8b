import * as vscode from 'vscode';
import { applyPurges } from '../../services/purges.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot } from '../session/openRoot.ts';

/** What another clone purged is forgotten here too, as soon as git brings it. */
export class PurgeWatch implements vscode.Disposable {
  readonly #own: vscode.Disposable[];

  constructor(root: OpenRoot, reporter: Reporter) {
    const apply = (uids?: ReadonlySet<string>) => {
      const { session } = root;
      if (!session?.canAct || !vscode.workspace.isTrusted) return;
      reporter.background('Purging', () => applyPurges(session.context, uids));
    };
    this.#own = [root.onDidOpen(() => apply()), root.onDidChange(({ uids }) => apply(uids))];
    apply();
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}
