import { Command } from 'commander';
import {
  type Alert,
  alertLinks,
  alertService,
  alertTitle,
  byUrgency,
  severityLabel,
  severityOfAlert,
} from '../../core/alert.ts';
import { isOpenIncident } from '../../core/item.ts';
import type { AlertLabelPolicy } from '../../core/policy.ts';
import { formatDuration, formatInstant } from '../../core/time.ts';
import { watchedAlerts } from '../../core/watchedAlerts.ts';
import type { Session } from '../../services/session.ts';
import { alertTarget } from '../alertTarget.ts';
import { type Cli, perform } from '../cli.ts';
import { painter } from '../paint.ts';
import { plainLine } from '../plainText.ts';
import { table } from '../table.ts';
import { attachAlertCommand } from './attachAlert.ts';

/** The guide's `alerts-active`. */
export function alertsCommand(cli: Cli): Command {
  return new Command('alerts')
    .description('List the alerts that are active now, what needs somebody first, or attach one to an incident.')
    .usage('[options] [attach <alert> [id]]')
    .action(async (_options: object, command: Command) =>
      perform(cli, command, async (session) => {
        const { source } = alertTarget(cli, session);
        const { alerts, at } = await source.active();
        const now = at ?? session.now();
        const incidents = incidentsByAlert(session);
        const policy = session.index.policy().alerts;
        const sorted = byUrgency(alerts, policy);
        return {
          json: { alerts: sorted.map((alert) => alertJson(alert, policy, incidents)) },
          text: alertTable(cli, sorted, policy, incidents, now),
        };
      }),
    )
    .addCommand(attachAlertCommand(cli));
}

/** The ids of open incidents, by the fingerprints of their alerts. */
function incidentsByAlert({ index }: Session): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const item of index.items()) {
    if (!isOpenIncident(item)) continue;
    const events = (index.loadedEvents(item.uid) ?? []).map(({ event }) => event);
    for (const { fingerprint } of watchedAlerts(events)) ids.set(fingerprint, item.id);
  }
  return ids;
}

function alertTable(
  cli: Cli,
  alerts: readonly Alert[],
  policy: readonly AlertLabelPolicy[],
  incidents: ReadonlyMap<string, string>,
  now: number,
): string {
  if (alerts.length === 0) return 'No alert is active.';
  const paint = painter(cli.terminal.color);
  const rows = alerts.map((alert) => [
    alert.fingerprint,
    severityOfAlert(alert, policy),
    plainLine(severityLabel(alert) ?? '-'),
    plainLine(alert.name),
    formatDuration(now - alert.startsAt),
    plainLine(alertTitle(alert)),
    [...marks(alert), ...(incidents.has(alert.fingerprint) ? [incidents.get(alert.fingerprint) ?? ''] : [])].join(', '),
  ]);
  return table([['FINGERPRINT', '', 'SEVERITY', 'ALERT', 'FOR', 'SUMMARY', ''], ...rows], (cell, row) =>
    row === 0 ? paint(cell, 'bold') : cell,
  );
}

function marks({ silenced, inhibited }: Alert): string[] {
  return [...(silenced ? ['silenced'] : []), ...(inhibited ? ['inhibited'] : [])];
}

function alertJson(alert: Alert, policy: readonly AlertLabelPolicy[], incidents: ReadonlyMap<string, string>): object {
  const { fingerprint, name, labels, annotations, startsAt, silenced, inhibited } = alert;
  return {
    fingerprint,
    name,
    title: alertTitle(alert),
    severity: severityOfAlert(alert, policy),
    service: alertService(alert) ?? null,
    startsAt: formatInstant(startsAt),
    silenced,
    inhibited,
    labels: Object.fromEntries(labels),
    annotations: Object.fromEntries(annotations),
    links: alertLinks(alert),
    incident: incidents.get(fingerprint) ?? null,
  };
}
