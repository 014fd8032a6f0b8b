import { type Alert, alertText } from '../../core/alert.ts';
import type { SecretMask } from '../../core/ports/secretMask.ts';
import { formatInstant } from '../../core/time.ts';
import type { AlertEvent, EventBase, TimelineEvent } from '../../core/timelineEvent.ts';
import { derivedUlid } from '../../core/ulids.ts';

/** Who an event is of that no person wrote. */
export const alertAuthor = 'Alertmanager';

const mostLabels = 60;

/** The event by which somebody ties an alert to an incident: that it fires, since when, and which one it is. */
export async function attachedEvent(
  base: Omit<EventBase, 'body' | 'at'>,
  alert: Alert,
  mask: SecretMask,
): Promise<AlertEvent> {
  return {
    ...base,
    at: formatInstant(alert.startsAt),
    kind: 'alert',
    alert: alert.fingerprint,
    state: 'firing',
    body: await firingText(alert, mask, 'is firing'),
  };
}

/**
 * An alert of an incident fires again. Every clone that sees it makes the same event, byte for byte: nothing in it depends
 * on who looks, or when.
 * @param since the instant that tells this time from others, and `at` when it began to; epoch milliseconds
 */
export async function firingEvent(
  incident: string,
  origin: string,
  alert: Alert,
  mask: SecretMask,
  since: number,
  at: number,
): Promise<AlertEvent> {
  const body = await firingText(alert, mask, 'is firing again');
  return derived(incident, origin, alert.fingerprint, 'firing', since, at, body);
}

/**
 * An alert of an incident is no longer there. Its id is the same in every clone that notices; when it noticed may differ, and
 * of several the earliest is shown.
 * @param since the instant of the event by which it fired
 */
export async function resolvedEvent(
  incident: string,
  origin: string,
  seen: { readonly fingerprint: string; readonly name: string },
  mask: SecretMask,
  since: number,
  at: number,
): Promise<AlertEvent> {
  const body = `**${inline(await mask(alertText(seen.name, 150)))}** has resolved.`;
  return derived(incident, origin, seen.fingerprint, 'resolved', since, at, body);
}

function derived(
  incident: string,
  origin: string,
  alert: string,
  state: 'firing' | 'resolved',
  since: number,
  at: number,
  body: string,
): AlertEvent {
  const instant = formatInstant(at);
  const id = derivedUlid(Math.max(0, since), incident, 'alert', alert, state, formatInstant(since));
  return { id, incident, kind: 'alert', at: instant, recorded: instant, by: alertAuthor, origin, alert, state, body };
}

/**
 * The clone that speaks on GitHub for what nobody wrote: the one that declared the incident. All see the same one, so that it
 * is told once.
 */
export function speakerOf(events: readonly TimelineEvent[]): string {
  const declared = events.find((event) => event.kind === 'phase' && event.to === 'declared')?.origin;
  return declared === undefined || declared === 'github' ? 'inferred' : declared;
}

async function firingText(alert: Alert, mask: SecretMask, what: string): Promise<string> {
  const quiet = [...(alert.silenced ? ['silenced'] : []), ...(alert.inhibited ? ['inhibited'] : [])];
  const also = quiet.length > 0 && what === 'is firing' ? ` (${quiet.join(', ')})` : '';
  const head = `**${inline(await mask(alertText(alert.name, 150)))}** ${what}${also}.`;
  return `${head}\n\n${await labelBlock(alert, mask)}`;
}

/** The labels, which make the alert what it is, in a block whose end none of them can be. */
export async function labelBlock(alert: Alert, mask: SecretMask): Promise<string> {
  const lines = [...alert.labels]
    .slice(0, mostLabels)
    .map(([name, value]) => `${alertText(name, 100)}="${alertText(value)}"`);
  if (alert.labels.size > mostLabels) lines.push(`and ${alert.labels.size - mostLabels} more`);
  const text = await mask(lines.join('\n'));
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** Words within a line of markdown: nothing in them is taken for markup, a link or somebody's name. */
export function inline(text: string): string {
  return text
    .replace(/([\\`*_[\]<>|~#!&])/g, '\\$1')
    .replace(/@(?=\w)/g, '@\u200b')
    .replace(/:(?=\/\/)/g, '\\:');
}
