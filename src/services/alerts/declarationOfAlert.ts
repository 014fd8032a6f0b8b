import {
  type Alert,
  alertLinks,
  alertService,
  alertText,
  alertTitle,
  type ProposedSeverity,
  proposedSeverity,
} from '../../core/alert.ts';
import type { AlertLabelPolicy } from '../../core/policy.ts';
import type { SecretMask } from '../../core/ports/secretMask.ts';
import { formatInstant } from '../../core/time.ts';
import type { DeclareInput } from '../declareIncident.ts';
import { attachedEvent, inline, labelBlock } from './alertEvents.ts';

/** What an alert proposes; people change it before anything is written. */
export interface AlertProposal extends ProposedSeverity {
  readonly title: string;
  readonly service: string | undefined;
}

/** @param policy what the team's policy says of the labels of alerts */
export async function proposalOf(
  alert: Alert,
  policy: readonly AlertLabelPolicy[],
  mask: SecretMask,
): Promise<AlertProposal> {
  const service = alertService(alert);
  return {
    title: await mask(alertTitle(alert)),
    ...proposedSeverity(alert, policy),
    service: service === undefined ? undefined : await mask(service),
  };
}

/**
 * What a declaration takes over from an alert beside what people are asked: since when, its words, its labels, its links, and
 * that its course is followed.
 * @param now by this machine's clock: an alert of a clock that is ahead did not begin later than it was declared
 */
export async function takenFromAlert(
  alert: Alert,
  mask: SecretMask,
  now: number,
): Promise<Pick<DeclareInput, 'description' | 'links' | 'started' | 'detected' | 'firstEvent'>> {
  const began = formatInstant(Math.min(alert.startsAt, now));
  const links: string[] = [];
  const lines: string[] = [];
  for (const { kind, name, url } of alertLinks(alert)) {
    const masked = await mask(url);
    // An address with a hole in it leads nowhere.
    if (masked !== url) continue;
    links.push(url);
    const title = { runbook: 'Runbook', dashboard: 'Dashboard', source: 'Graph of the rule', other: name }[kind];
    lines.push(`- [${inline(title)}](<${url}>)`);
  }
  const words = [
    alert.annotations.get('summary'),
    alert.annotations.get('description'),
    alert.annotations.get('message'),
  ];
  const paragraphs: string[] = [];
  for (const text of new Set(words)) {
    const paragraph = alertText(text ?? '', 2_000);
    if (paragraph !== '') paragraphs.push(inline(await mask(paragraph)));
  }
  return {
    description: [...paragraphs, await labelBlock(alert, mask), lines.join('\n')]
      .filter((part) => part !== '')
      .join('\n\n'),
    links,
    started: began,
    detected: began,
    firstEvent: (base) => attachedEvent(base, alert, mask),
  };
}
