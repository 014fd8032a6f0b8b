import * as vscode from 'vscode';
import { type Clock, clockStanding, nextDue } from '../core/clocks.ts';
import type { Incident } from '../core/item.ts';
import { formatDuration, formatElapsed } from '../core/time.ts';
import { incidentClocksOf } from '../services/incidentClocksOf.ts';
import type { Session } from '../services/session.ts';
import { clockNames } from './words.ts';

const { t } = vscode.l10n;

/** The clocks of an incident whose events are loaded (those of open incidents always are). */
export function clocksOf(session: Session, incident: Incident): Clock[] {
  return incidentClocksOf(session.index, incident);
}

/** `00:04`: since the declaration, until it was resolved. */
export function elapsedText(clocks: readonly Clock[], now: number): string | undefined {
  const resolve = clocks.find((clock) => clock.kind === 'resolve');
  return resolve && formatElapsed((resolve.stoppedAt ?? now) - resolve.startedAt);
}

/** `update due 26m`, `acknowledge overdue by 3m`: the running clock that comes first. */
export function dueText(clocks: readonly Clock[], now: number): string | undefined {
  const clock = nextDue(clocks);
  if (clock?.dueAt == null) return undefined;
  const name =
    clock.kind === 'draft' || clock.kind === 'rca' ? clockNames[clock.kind] : clockNames[clock.kind].toLowerCase();
  const left = clock.dueAt - now;
  return left >= 0
    ? t('{0} due {1}', name, formatDuration(left))
    : t('{0} overdue by {1}', name, formatDuration(-left));
}

/** One clock in words, for a row or a tooltip: the timeline's own words, and short, since a side bar is narrow. */
export function clockText(clock: Clock, now: number): string {
  const ran = formatDuration((clock.stoppedAt ?? now) - clock.startedAt);
  switch (clockStanding(clock, now)) {
    case 'met':
      return t('met in {0}', ran);
    case 'missed':
      return t('missed: took {0}', ran);
    case 'overdue':
      return t('{0} overdue', formatDuration(now - (clock.dueAt ?? now)));
    case 'unlimited':
      return t('{0}, no limit', ran);
    default:
      return t('{0} left', formatDuration((clock.dueAt ?? now) - now));
  }
}
