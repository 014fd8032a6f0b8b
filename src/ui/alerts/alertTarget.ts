import * as vscode from 'vscode';
import { safeAlertmanagerUrl } from '../../core/apiAddress.ts';
import { FirebreakError } from '../../core/errors.ts';
import type { AlertSource } from '../../core/ports/alerts.ts';
import { settings } from '../settings.ts';
import type { AlertTokens } from './alertTokens.ts';

export interface AlertTarget {
  /** A checked address. */
  readonly url: string;
  readonly source: AlertSource;
}

/** Makes a source of a checked address. */
export type CreateAlertSource = (target: { readonly url: string; readonly token: string | undefined }) => AlertSource;

/** The Alertmanager that this machine's settings name. @throws FirebreakError `noAlertmanager`, `unsafeAddress` */
export async function openAlertTarget(tokens: AlertTokens, create: CreateAlertSource): Promise<AlertTarget> {
  const url = alertmanagerUrl();
  return { url, source: create({ url, token: await tokens.find(url) }) };
}

/** @throws FirebreakError `noAlertmanager`, `unsafeAddress` */
export function alertmanagerUrl(): string {
  const written = settings.alertsUrl();
  if (written === '') {
    throw new FirebreakError(
      'noAlertmanager',
      vscode.l10n.t('No Alertmanager is set: name its address in "firebreak.alerts.url", like http://localhost:9093.'),
    );
  }
  return safeAlertmanagerUrl(written);
}
