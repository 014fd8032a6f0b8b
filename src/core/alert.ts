import type { AlertLabelPolicy } from './policy.ts';
import type { Severity } from './severity.ts';

export const alertStates = ['firing', 'resolved'] as const;
export type AlertState = (typeof alertStates)[number];

/** An alert that is active now, as the monitoring system tells it. All texts are other people's: see {@link alertText}. */
export interface Alert {
  /** The hash of its labels: the same as long as these are. */
  readonly fingerprint: string;
  /** `alertname`. */
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  /** When it began to fire, epoch milliseconds by the clock of the monitoring system. */
  readonly startsAt: number;
  /** Active all the same: nobody is notified. */
  readonly silenced: boolean;
  readonly inhibited: boolean;
  /** The rule's graph. */
  readonly generatorUrl: string | undefined;
}

/** More of one text would not be read. */
const mostCharacters = 500;

/** Most texts: words of ASCII with single blanks between them. */
const isPlain = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/** A text of an alert in one line, without characters that a terminal or a list would obey. */
export function alertText(text: string, most: number = mostCharacters): string {
  if (text.length <= most && isPlain.test(text)) return text;
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most).join('')}…` : line;
}

/** What people would call the trouble: its summary, else its name and what it is about. */
export function alertTitle(alert: Alert): string {
  const summary = alertText(alert.annotations.get('summary') ?? alert.annotations.get('title') ?? '', 200);
  if (summary !== '') return summary;
  const about = alertService(alert) ?? alertText(alert.labels.get('instance') ?? '', 100);
  const name = alertText(alert.name, 150);
  return about === '' ? name : `${name} (${about})`;
}

/** Labels that name what is broken, the plainest first. */
const serviceLabels = ['service', 'app', 'application', 'component', 'job'] as const;

export function alertService(alert: Alert): string | undefined {
  for (const label of serviceLabels) {
    const service = alertText(alert.labels.get(label) ?? '', 100);
    if (service !== '') return service;
  }
  return undefined;
}

/** Words that teams write into the label `severity`, or `priority`. */
const severityWords: Readonly<Record<Severity, readonly string[]>> = {
  P0: ['critical', 'crit', 'page', 'emergency', 'fatal', 'disaster', 'p0', 'sev0', 'sev1'],
  P1: ['error', 'high', 'major', 'urgent', 'p1', 'sev2'],
  P2: ['warning', 'warn', 'medium', 'average', 'minor', 'p2', 'sev3'],
  P3: ['info', 'information', 'informational', 'low', 'notice', 'p3', 'sev4'],
  P4: ['none', 'trivial', 'debug', 'p4', 'sev5'],
};

/** The label as it stands; undefined where there is none. */
export function severityLabel(alert: Alert): string | undefined {
  return alertText(alert.labels.get('severity') ?? alert.labels.get('priority') ?? '', 60) || undefined;
}

/** What an alert proposes, and what of it says so. */
export interface ProposedSeverity {
  readonly severity: Severity;
  /** `critical`, or with the name of a label that is no common one: `team_priority=1`. Undefined where nothing says it. */
  readonly said: string | undefined;
  /** Whether the team's policy has it so. */
  readonly isPolicy: boolean;
}

/**
 * The severity that the team's policy has for the labels of an alert; where it has none what the alert's own word for it
 * commonly means, and P1 where there is no such word. People decide.
 */
export function proposedSeverity(alert: Alert, policy: readonly AlertLabelPolicy[]): ProposedSeverity {
  for (const { label, severities } of policy) {
    const value = alertText(alert.labels.get(label) ?? '', 60);
    const severity = severities.get(value.toLowerCase());
    if (severity === undefined) continue;
    const isCommon = label === 'severity' || label === 'priority';
    return { severity, said: isCommon ? value : `${alertText(label, 60)}=${value}`, isPolicy: true };
  }
  const said = severityLabel(alert);
  const word = said?.toLowerCase() ?? '';
  const found = Object.entries(severityWords).find(([, words]) => words.includes(word));
  return { severity: (found?.[0] as Severity | undefined) ?? 'P1', said, isPolicy: false };
}

/** See {@link proposedSeverity}. */
export function severityOfAlert(alert: Alert, policy: readonly AlertLabelPolicy[]): Severity {
  return proposedSeverity(alert, policy).severity;
}

export interface AlertLink {
  readonly kind: 'runbook' | 'dashboard' | 'source' | 'other';
  /** The name of the annotation; for the rule's graph `source`. */
  readonly name: string;
  readonly url: string;
}

/** The pages that an alert points to, each once. Nothing but the web, and no address with a password in it. */
export function alertLinks(alert: Alert): readonly AlertLink[] {
  const links: AlertLink[] = [];
  const add = (kind: AlertLink['kind'], name: string, text: string | undefined) => {
    const url = text === undefined ? undefined : webAddress(text);
    if (url !== undefined && !links.some((link) => link.url === url)) links.push({ kind, name, url });
  };
  for (const [name, value] of alert.annotations) {
    if (/^runbook/i.test(name)) add('runbook', alertText(name, 60), value);
    else if (/^dashboard|grafana|panel/i.test(name)) add('dashboard', alertText(name, 60), value);
    else add('other', alertText(name, 60), value);
  }
  add('source', 'source', alert.generatorUrl);
  const order: readonly AlertLink['kind'][] = ['runbook', 'dashboard', 'source', 'other'];
  return links.sort((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind)).slice(0, 10);
}

function webAddress(text: string): string | undefined {
  const address = text.trim();
  if (!/^https?:\/\/[^\s<>"`\\]+$/i.test(address) || address.length > 2_000 || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.username === '' && url.password === ''
    ? url.href.replaceAll('(', '%28').replaceAll(')', '%29')
    : undefined;
}

/** The same alerts, what needs somebody first: those that notify, the most severe, the newest. */
export function byUrgency(alerts: readonly Alert[], policy: readonly AlertLabelPolicy[]): Alert[] {
  const ranked = alerts.map((alert) => ({
    alert,
    // `0P0` before `0P1` before all that is quiet.
    rank: `${Number(alert.silenced || alert.inhibited)}${severityOfAlert(alert, policy)}`,
  }));
  ranked.sort(
    (left, right) =>
      compare(left.rank, right.rank) ||
      right.alert.startsAt - left.alert.startsAt ||
      compare(left.alert.fingerprint, right.alert.fingerprint),
  );
  return ranked.map(({ alert }) => alert);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
