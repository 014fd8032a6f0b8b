import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { SettingKey } from '../contributions.ts';

const { t } = vscode.l10n;

/** What an Alertmanager that can't be asked is helped with. */
export interface AlertRemedies {
  readonly setToken: () => Promise<void>;
}

/** Says why alerts can't be had, with what helps a click away. */
export async function tellTrouble(error: FirebreakError, also: string, remedies: AlertRemedies): Promise<void> {
  const setToken = t('Set Token…');
  const openSettings = t('Open Settings');
  const isAboutToken = FirebreakError.is(error, 'alertsRefused');
  const chosen = await vscode.window.showWarningMessage(
    also === '' ? error.message : `${error.message} ${also}`,
    isAboutToken ? setToken : openSettings,
  );
  if (chosen === setToken) await remedies.setToken();
  if (chosen === openSettings) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'firebreak.alerts.url' satisfies SettingKey);
  }
}

/** Whether an error is about reaching an Alertmanager. */
export function isAlertTrouble(error: unknown): error is FirebreakError {
  return FirebreakError.is(
    error,
    'noAlertmanager',
    'unsafeAddress',
    'alertsUnreachable',
    'alertsRefused',
    'alertsUnusable',
  );
}
