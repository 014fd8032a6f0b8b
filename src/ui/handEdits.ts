import * as vscode from 'vscode';
import { recordHandEdits } from '../services/handEdits.ts';
import { mayInferEdits } from '../services/inferenceGuard.ts';
import type { Reporter } from './reporter.ts';
import type { OpenRoot } from './session/openRoot.ts';
import { isOurs } from './session/rootWatch.ts';
import { settings } from './settings.ts';

/** Longer than a person pauses within a line, and than a checkout takes. */
const quietMs = 3_000;

/** Makes records of what people change in front matter by hand, once they are through and git is at rest. */
export class HandEdits implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #reporter: Reporter;
  readonly #own: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;

  constructor(root: OpenRoot, reporter: Reporter) {
    this.#root = root;
    this.#reporter = reporter;
    this.#own = [
      // What was edited while no editor was open counts too.
      root.onDidOpen((session) => this.#look(session?.index.items().map(({ uid }) => uid) ?? [])),
      root.onDidChange(({ uids }) => this.#look(uids)),
    ];
  }

  #look(uids: Iterable<string>): void {
    const { session } = this.#root;
    if (session && [...uids].some((uid) => session.index.handEdits(uid).length > 0)) this.#later();
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#reporter.background('Recording edits by hand', () => this.#record()), quietMs);
  }

  async #record(): Promise<void> {
    const { session } = this.#root;
    if (!session || !vscode.workspace.isTrusted) return;
    // Half a word is nobody's value yet.
    if (vscode.workspace.textDocuments.some((one) => one.isDirty && isOurs(session.root.uri, one.uri))) {
      this.#later();
      return;
    }
    if (await mayInferEdits(await session.git(), settings.branch(session.root.folder.uri))) {
      await recordHandEdits(session.context);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#own) disposable.dispose();
  }
}
