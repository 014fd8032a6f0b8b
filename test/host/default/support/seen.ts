import * as vscode from 'vscode';
import { uriOf } from './shop.ts';

/** What the Problems panel shows of a file. */
export function problemsOf(file: string): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uriOf(file)).filter((found) => found.source === 'Firebreak');
}

export function problemCodes(file: string): string[] {
  return problemsOf(file).map((found) => String(found.code));
}

/** The titles of the actions that stand above the first line of a document, without their icons. */
export async function lenses(file: string): Promise<{ title: string; command: string; parameters: unknown[] }[]> {
  await vscode.workspace.openTextDocument(uriOf(file));
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uriOf(file),
    100,
  );
  return found
    .filter((lens) => lens.command?.command.startsWith('firebreak.'))
    .map(({ command }) => ({
      // The icon stands off its word by a space that does not break.
      title: command?.title.replace(/^\$\([^)]+\)\s/, '') ?? '',
      command: command?.command ?? '',
      parameters: command?.arguments ?? [],
    }));
}

export async function lensTitles(file: string): Promise<string[]> {
  return (await lenses(file)).map((lens) => lens.title);
}

/** What the extension would do about the problems of a file. */
export async function quickFixes(file: string): Promise<vscode.CodeAction[]> {
  await vscode.workspace.openTextDocument(uriOf(file));
  const [problem] = problemsOf(file);
  if (!problem) return [];
  const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uriOf(file),
    problem.range,
    vscode.CodeActionKind.QuickFix.value,
  );
  return found.filter((action) => action.command?.command.startsWith('firebreak.'));
}

/** The titles of the webview tabs that are open. */
export function webviewTabs(): string[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof vscode.TabInputWebview)
    .map((tab) => tab.label);
}

/** The files whose editors are open. */
export function openFiles(): string[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .flatMap((tab) => (tab.input instanceof vscode.TabInputText ? [tab.input.uri.toString()] : []));
}
