import * as vscode from 'vscode';
import type { ContextKey } from './contributions.ts';

const shown = new Map<ContextKey, unknown>();

/** Tells `when` clauses about a state. Setting what is set already costs nothing. */
export function setContextKey(key: ContextKey, value: boolean | string): void {
  if (shown.get(key) === value) return;
  shown.set(key, value);
  vscode.commands.executeCommand('setContext', key, value);
}
