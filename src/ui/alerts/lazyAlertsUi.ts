import * as vscode from 'vscode';
import { isOpenIncident } from '../../core/item.ts';
import type { CommandId } from '../contributions.ts';
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

type Handler = (argument: unknown) => Promise<void>;

/** Alerts, in a bundle of its own: loaded for a command, or while an open incident has an alert to follow. */
export class LazyAlertsUi implements vscode.Disposable {
  readonly #open: () => AlertsUi;
  readonly #own: vscode.Disposable[];
  #loaded: AlertsUi | undefined;
  readonly handlers: Readonly<Record<AlertCommand, Handler>>;

  constructor(root: OpenRoot, open: () => AlertsUi) {
    this.#open = open;
    const load = () => {
      const { session } = root;
      if (session && vscode.workspace.isTrusted && settings.alertsUrl() !== '' && hasAlert(session)) this.#load();
    };
    this.#own = [
      root.onDidOpen(load),
      root.onDidChange(load),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, 'firebreak.alerts.url')) load();
      }),
    ];
    const handlers: Partial<Record<AlertCommand, Handler>> = {};
    for (const id of alertCommands) handlers[id] = (argument) => this.#load().handlers[id](argument);
    this.handlers = handlers as Record<AlertCommand, Handler>;
  }

  #load(): AlertsUi {
    this.#loaded ??= this.#open();
    return this.#loaded;
  }

  dispose(): void {
    this.#loaded?.dispose();
    for (const disposable of this.#own) disposable.dispose();
  }
}

function hasAlert({ index }: OpenSession): boolean {
  return index
    .items()
    .some((item) => isOpenIncident(item) && index.loadedEvents(item.uid)?.some(({ event }) => event.kind === 'alert'));
}
