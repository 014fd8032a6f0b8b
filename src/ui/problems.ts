import * as vscode from 'vscode';
import type { Problem, ProblemCode } from '../core/problem.ts';
import type { CommandId } from './contributions.ts';
import type { OpenRoot } from './session/openRoot.ts';

const { t } = vscode.l10n;
const sourceName = 'Firebreak';

/** Shows what is wrong with files in the Problems panel, and offers what can be done about stale values. */
export class Problems implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #collection = vscode.languages.createDiagnosticCollection('firebreak');
  readonly #own: vscode.Disposable[];

  constructor(root: OpenRoot) {
    this.#root = root;
    const show = () => this.#show();
    this.#own = [
      this.#collection,
      root.onDidOpen(show),
      root.onDidChange((change) => {
        if (change.problems) show();
      }),
      vscode.languages.registerCodeActionsProvider({ language: 'markdown', scheme: 'file' }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    ];
  }

  #show(): void {
    const session = this.#root.session;
    const byPath = new Map<string, vscode.Diagnostic[]>();
    for (const problem of session?.index.problems() ?? []) {
      const found = byPath.get(problem.path);
      if (found) found.push(diagnostic(problem));
      else byPath.set(problem.path, [diagnostic(problem)]);
    }
    this.#collection.clear();
    // All at once: each call of its own would be a message of its own to the window.
    if (session) {
      this.#collection.set([...byPath].map(([path, found]) => [vscode.Uri.joinPath(session.root.uri, path), found]));
    }
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    if (!vscode.workspace.isTrusted) return [];
    return context.diagnostics.flatMap((found) => {
      if (found instanceof StaleDiagnostic) {
        return [
          action(t('Record it: the value in the file counts'), 'firebreak.recordFieldEdit', document.uri, found),
          action(t('Restore the recorded value'), 'firebreak.restoreField', document.uri, found),
        ];
      }
      const { source, code } = found;
      if (source !== sourceName || code !== ('textConflict' satisfies ProblemCode)) return [];
      return [
        action(t('Resolve in the merge editor'), 'firebreak.resolveConflict', document.uri, found),
        action(t('Keep my lines where both changed'), 'firebreak.keepMine', document.uri, found),
        action(t("Keep GitHub's lines where both changed"), 'firebreak.keepGitHubs', document.uri, found),
        action(t('Mark as resolved: the file is as it should be'), 'firebreak.markResolved', document.uri, found),
      ];
    });
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}

class StaleDiagnostic extends vscode.Diagnostic {
  readonly field: string;

  constructor(range: vscode.Range, problem: Problem) {
    super(range, problem.message, vscode.DiagnosticSeverity.Warning);
    this.field = problem.field ?? '';
  }
}

function diagnostic(problem: Problem): vscode.Diagnostic {
  const line = problem.line ?? 0;
  const { from, to } = problem.columns ?? { from: 0, to: Number.MAX_SAFE_INTEGER };
  const range = new vscode.Range(line, from, line, to);
  const found =
    problem.code === 'stale'
      ? new StaleDiagnostic(range, problem)
      : new vscode.Diagnostic(
          range,
          problem.message,
          problem.level === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
        );
  found.source = sourceName;
  found.code = problem.code;
  return found;
}

function action(title: string, command: CommandId, uri: vscode.Uri, found: vscode.Diagnostic): vscode.CodeAction {
  const fix = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  fix.command = { command, title, arguments: [uri, ...(found instanceof StaleDiagnostic ? [found.field] : [])] };
  fix.diagnostics = [found];
  return fix;
}
