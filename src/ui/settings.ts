import * as vscode from 'vscode';
import type { AnnounceTarget } from '../core/policy.ts';
import type { WebhookFormat } from '../core/ports/messaging.ts';
import { isRecordedKind, type RecordedKind } from '../core/recording.ts';
import { excludedAnywhere } from '../services/sync/excludedAnywhere.ts';
import type { SyncSettings } from '../services/sync/syncRules.ts';
import type { SettingKey } from './contributions.ts';

/** Settings are written by hand too: a value of another type counts as none. */
function setting<T extends string>(key: SettingKey, fallback: T, scope?: vscode.ConfigurationScope): T {
  const value = vscode.workspace.getConfiguration(undefined, scope).get<unknown>(key);
  return typeof value === 'string' ? (value.trim() as T) : fallback;
}

function numberSetting(key: SettingKey): number | undefined {
  const value = vscode.workspace.getConfiguration().get<unknown>(key);
  return typeof value === 'number' ? value : undefined;
}

function flagSetting(key: SettingKey, fallback: boolean): boolean {
  const value = vscode.workspace.getConfiguration().get<unknown>(key);
  return typeof value === 'boolean' ? value : fallback;
}

function excluded(folder: vscode.Uri): unknown {
  const found = vscode.workspace
    .getConfiguration(undefined, folder)
    .inspect<unknown>('firebreak.github.exclude' satisfies SettingKey);
  return excludedAnywhere(found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue);
}

export const settings = {
  /** Relative to the workspace folder; empty for the folder itself. */
  root: (folder: vscode.Uri) => setting<string>('firebreak.root', '', folder),
  gitCommit: () => setting<'ask' | 'auto' | 'never'>('firebreak.git.commit', 'ask'),
  branch: (folder: vscode.Uri) => setting<string>('firebreak.git.branch', '', folder),
  repository: (folder: vscode.Uri) => setting<string>('firebreak.github.repository', '', folder),
  /** The address of the Alertmanager as written; empty where there is none. */
  alertsUrl: () => setting<string>('firebreak.alerts.url', ''),
  reminders: () => flagSetting('firebreak.reminders.enabled', true),
  recordingAsk: () => flagSetting('firebreak.recording.ask', true),
  /** The kinds that are kept without being asked about. */
  recordingKeep: (): RecordedKind[] => {
    const kinds = vscode.workspace.getConfiguration().get<unknown>('firebreak.recording.keep' satisfies SettingKey);
    return Array.isArray(kinds) ? kinds.filter(isRecordedKind) : [];
  },
  sync: () => setting<'ask' | 'auto' | 'manual'>('firebreak.github.sync', 'ask'),
  createsPerMinute: () => numberSetting('firebreak.github.createsPerMinute'),
  createsPerHour: () => numberSetting('firebreak.github.createsPerHour'),
  /** As written, in whatever shape: the use case says what is wrong. */
  syncSettings: (folder: vscode.Uri): SyncSettings => ({
    exclude: excluded(folder),
    labels: vscode.workspace
      .getConfiguration(undefined, folder)
      .get<unknown>('firebreak.github.labels' satisfies SettingKey),
  }),
  /** Who may be told of incidents from this machine. */
  announce: (): Readonly<Record<AnnounceTarget, boolean>> => ({
    slack: flagSetting('firebreak.slack.enabled', false),
    webhook: flagSetting('firebreak.webhook.enabled', false),
    pagerduty: flagSetting('firebreak.pagerDuty.enabled', false),
  }),
  slackApiUrl: () => setting<string>('firebreak.slack.apiUrl', 'https://slack.com/api'),
  webhookFormat: () => setting<WebhookFormat>('firebreak.webhook.format', 'slack'),
  pagerDutyUrl: () => setting<string>('firebreak.pagerDuty.url', 'https://events.pagerduty.com/v2/enqueue'),
  /** Without the `#`; empty for none. */
  customersChannel: () => setting<string>('firebreak.customers.slackChannel', '').replace(/^#/, ''),
  apiUrl: () => setting<string>('firebreak.github.apiUrl', 'https://api.github.com'),
};

/** Whether a change touches the setting. */
export function affects(event: vscode.ConfigurationChangeEvent, ...keys: SettingKey[]): boolean {
  return keys.some((key) => event.affectsConfiguration(key));
}

/** What the war room's targets depend on. */
export const targetSettings = [
  'firebreak.slack.enabled',
  'firebreak.slack.apiUrl',
  'firebreak.webhook.enabled',
  'firebreak.webhook.format',
  'firebreak.pagerDuty.enabled',
  'firebreak.pagerDuty.url',
] as const satisfies readonly SettingKey[];

const switches: Readonly<Record<AnnounceTarget, SettingKey>> = {
  slack: 'firebreak.slack.enabled',
  webhook: 'firebreak.webhook.enabled',
  pagerduty: 'firebreak.pagerDuty.enabled',
};

/** The user chose it: a target may be told from this machine from now on. */
export async function switchOn(target: AnnounceTarget): Promise<void> {
  await vscode.workspace.getConfiguration().update(switches[target], true, vscode.ConfigurationTarget.Global);
}
