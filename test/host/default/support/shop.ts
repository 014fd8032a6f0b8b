import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { git } from '../../harness/repository.ts';

/** The folder that the window opens. */
export function shopUri(): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('No folder is open.');
  return folder.uri;
}

export function uriOf(file: string): vscode.Uri {
  return vscode.Uri.joinPath(shopUri(), ...file.split('/'));
}

export function onDisk(file: string): string {
  return path.join(shopUri().fsPath, ...file.split('/'));
}

export async function put(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(onDisk(file)), { recursive: true });
  await writeFile(onDisk(file), content);
}

/** The text of a file on disk, a byte order mark included. */
export async function textOf(file: string): Promise<string> {
  return (await readFile(onDisk(file))).toString('utf8');
}

export function gitHere(...args: string[]): Promise<string> {
  return git(shopUri().fsPath, ...args);
}

/** Closes all editors without a question, and takes away what Firebreak, or a test, wrote. */
export async function emptyShop(): Promise<void> {
  await closeEditors();
  // The journal goes first: what it keeps while the tree lacks it counts as missing.
  for (const name of ['.git/firebreak/journal', '.git/firebreak/drafts']) {
    await rm(onDisk(name), { recursive: true, force: true });
  }
  for (const name of ['backlog', 'incidents', '.firebreak', 'incident-policy.yml', 'ops', '.vscode']) {
    await rm(onDisk(name), { recursive: true, force: true });
  }
}

/** Editors with unsaved words are put back to what is on disk first, so that nothing asks. */
export async function closeEditors(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    // VS Code's settings file is open and unsaved for a moment whenever a setting is changed: that is none of ours.
    if (!vscode.workspace.getWorkspaceFolder(document.uri) && document.uri.scheme !== 'untitled') continue;
    if (!document.isDirty || document.isClosed) continue;
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** In a browser VS Code saves by itself after a second; who tests unsaved words wants none of that. */
export async function noAutoSave(): Promise<void> {
  await vscode.workspace.getConfiguration('files').update('autoSave', 'off', vscode.ConfigurationTarget.Global);
}

/** Types into an open document as a person does, without saving. */
export async function type(document: vscode.TextDocument, at: vscode.Position, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, at, text);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error('The editor did not take what was typed.');
}
