import * as vscode from 'vscode';
import type { SettingKey } from './contributions.ts';

function setting<T>(key: SettingKey, fallback: T, scope?: vscode.ConfigurationScope): T {
  return vscode.workspace.getConfiguration(undefined, scope).get<T>(key, fallback);
}

export const settings = {
  /** Relative to the workspace folder; empty for the folder itself. */
  root: (folder: vscode.Uri) => setting('firebreak.root', '', folder).trim(),
  gitCommit: () => setting<'ask' | 'auto' | 'never'>('firebreak.git.commit', 'ask'),
  branch: (folder: vscode.Uri) => setting('firebreak.git.branch', '', folder).trim(),
  repository: (folder: vscode.Uri) => setting('firebreak.github.repository', '', folder).trim(),
  sync: () => setting<'ask' | 'auto' | 'manual'>('firebreak.github.sync', 'ask'),
  apiUrl: () => setting('firebreak.github.apiUrl', 'https://api.github.com').trim(),
};

/** Whether a change touches the setting. */
export function affects(event: vscode.ConfigurationChangeEvent, ...keys: SettingKey[]): boolean {
  return keys.some((key) => event.affectsConfiguration(key));
}
