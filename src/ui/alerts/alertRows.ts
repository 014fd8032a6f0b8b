import * as vscode from 'vscode';
import { type Alert, alertText, alertTitle, severityLabel, severityOfAlert } from '../../core/alert.ts';
import type { AlertLabelPolicy } from '../../core/policy.ts';
import { formatDuration } from '../../core/time.ts';
import { severityIcon } from '../severityIcon.ts';

const { t } = vscode.l10n;

export interface AlertRow extends vscode.QuickPickItem {
  readonly alert: Alert | undefined;
}

/** More rows would make the list slow; typing finds the others. */
const mostRows = 300;

/**
 * The alerts as rows.
 * @param alerts in the order of `byUrgency`
 * @param incidents the id of the open incident that follows an alert, by fingerprint
 * @param policy what the team's policy says of the labels of alerts
 * @param typed only those that have all of these words
 */
export function alertRows(
  alerts: readonly Alert[],
  incidents: ReadonlyMap<string, string>,
  policy: readonly AlertLabelPolicy[],
  typed: string,
  now: number,
): AlertRow[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = alerts.filter((alert) => words.length === 0 || matches(alert, words));
  const isQuiet = (alert: Alert) => alert.silenced || alert.inhibited;
  const firing = found.filter((alert) => !isQuiet(alert));
  const quiet = found.filter(isQuiet);
  const shown = new Set(found.slice(0, mostRows));
  const rowsOf = (some: readonly Alert[], title: string) => {
    const rows = some.filter((alert) => shown.has(alert)).map((alert) => rowOf(alert, incidents, policy, now));
    return rows.length === 0 ? [] : [separator(title), ...rows];
  };
  const more = found.length - shown.size;
  return [
    ...rowsOf(firing, t('Firing: {0}', firing.length)),
    ...rowsOf(quiet, t('Silenced or inhibited: {0}', quiet.length)),
    ...(more > 0 ? [separator(t('{0} more: type what you look for', more))] : []),
  ];
}

function separator(label: string): AlertRow {
  return { alert: undefined, label, kind: vscode.QuickPickItemKind.Separator };
}

function rowOf(
  alert: Alert,
  incidents: ReadonlyMap<string, string>,
  policy: readonly AlertLabelPolicy[],
  now: number,
): AlertRow {
  const incident = incidents.get(alert.fingerprint);
  return {
    alert,
    label: plain(alert.name, 120),
    description: [...facts(alert, now), ...(incident === undefined ? [] : [incident])].join(' · '),
    detail: [plain(alertTitle(alert), 200), plain(labelLine(alert), 200)].filter((part) => part !== '').join('  ·  '),
    iconPath: alert.silenced
      ? new vscode.ThemeIcon('bell-slash')
      : alert.inhibited
        ? new vscode.ThemeIcon('circle-slash')
        : severityIcon(severityOfAlert(alert, policy)),
    // What is typed was looked for already, in all labels.
    alwaysShow: true,
  };
}

/** Its severity, for how long it fires, and whether somebody is told. */
export function facts(alert: Alert, now: number): string[] {
  const severity = severityLabel(alert);
  return [
    ...(severity === undefined ? [] : [plain(severity, 60)]),
    t('for {0}', formatDuration(now - alert.startsAt)),
    ...(alert.silenced ? [t('silenced')] : []),
    ...(alert.inhibited ? [t('inhibited')] : []),
  ];
}

/** Its other labels, as `service=checkout`. */
export function labelLine(alert: Alert): string {
  return [...alert.labels]
    .filter(([name]) => name !== 'alertname' && name !== 'severity')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** In one line, and `$(flame)` is no icon. */
export function plain(text: string, most: number): string {
  return alertText(text, most).replaceAll('$(', '$\u200b(');
}

function matches(alert: Alert, words: readonly string[]): boolean {
  const parts = [alertTitle(alert), ...[...alert.labels].map(([name, value]) => `${name}=${value}`)];
  const text = parts.join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}
