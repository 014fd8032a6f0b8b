import type { Alert } from '../core/alert.ts';
import { safeAlertmanagerUrl } from '../core/apiAddress.ts';
import { FirebreakError } from '../core/errors.ts';
import type { AlertSource } from '../core/ports/alerts.ts';
import { AlertDesk } from '../services/alerts/alertDesk.ts';
import type { Cli, CliSession } from './cli.ts';

/**
 * The Alertmanager of this machine's environment. No file of a workspace says where one is.
 * @throws FirebreakError `noAlertmanager`, `unsafeAddress`
 */
export function alertTarget(cli: Cli, session: CliSession): { readonly url: string; readonly source: AlertSource } {
  const { FIREBREAK_ALERTS_URL, FIREBREAK_ALERTS_TOKEN } = cli.environment;
  if (!FIREBREAK_ALERTS_URL) {
    throw new FirebreakError(
      'noAlertmanager',
      'Set the environment variable FIREBREAK_ALERTS_URL to the address of your Alertmanager, like http://localhost:9093.',
    );
  }
  const url = safeAlertmanagerUrl(FIREBREAK_ALERTS_URL);
  return { url, source: cli.openAlerts({ url, token: FIREBREAK_ALERTS_TOKEN || undefined, log: session.log }) };
}

/** @param name a fingerprint, or how one begins, if no other begins so @throws FirebreakError `notFound`, `ambiguousName` */
export function chooseAlert(alerts: readonly Alert[], name: string): Alert {
  const wanted = name.trim().toLowerCase();
  const found = wanted === '' ? [] : alerts.filter(({ fingerprint }) => fingerprint.startsWith(wanted));
  const [only] = found;
  if (!only) {
    throw new FirebreakError('notFound', `No alert "${wanted}" is active: \`firebreak alerts\` shows those that are.`);
  }
  if (found.length > 1) {
    throw new FirebreakError('ambiguousName', `${found.length} alerts begin with "${wanted}": write more of it.`);
  }
  return only;
}

/** The desk of this clone; undefined where nothing can be remembered. */
export function alertDesk(cli: Cli, session: CliSession): AlertDesk | undefined {
  const { privateFiles, context } = session;
  if (!privateFiles) return undefined;
  const mask = async (text: string) => (await cli.secretMask())(text);
  return new AlertDesk({ context, privateFiles, mask, lock: () => session.lock('alerts') });
}
