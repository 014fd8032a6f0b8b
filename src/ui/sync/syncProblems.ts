import * as vscode from 'vscode';
import type { SyncProblem, SyncProblemCode } from '../../services/sync/syncReport.ts';
import type { OpenSession } from '../session/openRoot.ts';

/** Facts that a person may know already, and needs to do nothing about. */
const informative: ReadonlySet<SyncProblemCode> = new Set(['overruled', 'namesPrivate', 'commentDeleted', 'purged']);

/** What stands between items and GitHub, in the Problems panel on the items' files. */
export class SyncProblems implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('firebreak-sync');

  show(session: OpenSession | undefined, problems: readonly SyncProblem[]): void {
    const byPath = new Map<string, vscode.Diagnostic[]>();
    for (const problem of problems) {
      const item = session?.index.item(problem.item);
      // The index tells of conflicts itself, in every clone.
      if (!item || problem.code === 'conflict') continue;
      const found = byPath.get(item.path) ?? [];
      found.push(diagnostic(problem));
      byPath.set(item.path, found);
    }
    this.#collection.clear();
    if (session) {
      this.#collection.set([...byPath].map(([path, found]) => [vscode.Uri.joinPath(session.root.uri, path), found]));
    }
  }

  dispose(): void {
    this.#collection.dispose();
  }
}

function diagnostic({ code, message }: SyncProblem): vscode.Diagnostic {
  const { Information, Warning } = vscode.DiagnosticSeverity;
  const range = new vscode.Range(0, 0, 0, Number.MAX_SAFE_INTEGER);
  const found = new vscode.Diagnostic(range, message, informative.has(code) ? Information : Warning);
  found.source = 'Firebreak (GitHub)';
  found.code = code;
  return found;
}
