import * as vscode from 'vscode';
import type { OpenSession } from './session/openRoot.ts';

/**
 * Closes a draft that was sent, and removes it.
 * @param path in the private state
 */
export async function discardDraft(document: vscode.TextDocument, session: OpenSession, path: string): Promise<void> {
  // Saved first, so that closing does not ask whether to keep what was just sent. A save by itself that is under way makes
  // ours give up: then it is done again.
  for (let attempt = 1; attempt <= 5 && !(await document.save()); attempt++);
  const uri = document.uri.toString();
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === uri);
  await vscode.window.tabGroups.close(tabs);
  await session.privateFiles?.delete(path);
}
