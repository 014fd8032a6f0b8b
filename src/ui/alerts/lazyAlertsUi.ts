import * as vscode from 'vscode';
import { isOpenIncident } from '../../core/item.ts';
import type { CommandId } from '../contributions.ts';
import { LazyPart } from '../lazyPart.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { affects, settings } from '../settings.ts';
import type { AlertsUi } from './alertsUi.ts';

export const alertCommands = [
  'firebreak.showAlerts',
  'firebreak.declareFromAlert',
  'firebreak.attachAlert',
  'firebreak.setAlertmanagerToken',
  'firebreak.removeAlertmanagerToken',
] as const satisfies readonly CommandId[];
export type AlertCommand = (typeof alertCommands)[number];

/** Alerts, in a bundle of its own: loaded for a command, or while an open incident has an alert to follow. */
export class LazyAlertsUi extends LazyPart<AlertCommand, AlertsUi> {
  constructor(root: OpenRoot, open: () => AlertsUi) {
    super(alertCommands, open);
    const load = () => {
      const { session } = root;
      if (session && vscode.workspace.isTrusted && settings.alertsUrl() !== '' && hasAlert(session)) this.load();
    };
    this.own(
      root.onDidOpen(load),
      root.onDidChange(load),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, 'firebreak.alerts.url')) load();
      }),
    );
  }
}

function hasAlert({ index }: OpenSession): boolean {
  return index
    .items()
    .some((item) => isOpenIncident(item) && index.loadedEvents(item.uid)?.some(({ event }) => event.kind === 'alert'));
}
