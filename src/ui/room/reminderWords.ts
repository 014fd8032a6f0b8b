import * as vscode from 'vscode';
import type { ClockKind } from '../../core/clocks.ts';
import type { Saying } from '../../core/reminderMemory.ts';
import type { Reminder } from '../../core/reminders.ts';
import { formatDuration, minute } from '../../core/time.ts';
import { roleNames } from '../words.ts';

const { t } = vscode.l10n;

const longestTitle = 60;
/** More than these nobody reads in a notification. */
const mostInOne = 4;

/** What is due, as half a sentence: `the next update is due in 5m`. */
export function reminderText(reminder: Reminder, now: number): string {
  switch (reminder.kind) {
    case 'escalation': {
      const { title, who } = reminder.rung;
      const people = who.join(', ');
      return people === title
        ? t('nobody has acknowledged for {0}: escalate to {1}', formatDuration(reminder.rung.after), title)
        : t(
            'nobody has acknowledged for {0}: escalate to {1} ({2})',
            formatDuration(reminder.rung.after),
            title,
            people,
          );
    }
    case 'role':
      return t('nobody is {0}', roleNames[reminder.role]);
    case 'action':
      return t('{0} has run for {1}', reminder.action.title, formatDuration(now - reminder.action.startedAt));
    case 'quiet':
      return t('nothing was noted for a while');
    default: {
      const left = reminder.dueAt - now;
      if (left > 0) return soonTexts[reminder.kind](inMinutes(left));
      return left > -minute ? nowTexts[reminder.kind]() : lateTexts[reminder.kind](formatDuration(-left));
    }
  }
}

/** Several at once read as one sentence: after a sleep there is one notification, not ten. */
export function sayingText(sayings: readonly Saying[], now: number): string {
  const [first] = sayings;
  if (!first) return '';
  const { incident } = first;
  const own = sayings.filter((saying) => saying.incident.uid === incident.uid);
  const others = new Set(sayings.map((saying) => saying.incident.uid)).size - 1;
  const title =
    incident.title.length > longestTitle ? `${incident.title.slice(0, longestTitle - 1).trimEnd()}…` : incident.title;
  const texts = own.slice(0, mostInOne).map(({ reminder }) => reminderText(reminder, now));
  if (own.length > mostInOne) texts.push(t('{0} more', own.length - mostInOne));
  const text = `${incident.severity} ${title}: ${texts.join('; ')}.`;
  if (others === 0) return text;
  return `${text} ${others === 1 ? t('Another incident waits, too.') : t('{0} other incidents wait, too.', others)}`;
}

/** One line of a tooltip. */
export function standingText({ incident, reminder }: Saying, now: number): string {
  return `${incident.severity} ${incident.title}: ${reminderText(reminder, now)}`;
}

/** Rounded up: what is due in 4m 59s is due in 5m. */
function inMinutes(duration: number): string {
  return formatDuration(Math.ceil(duration / minute) * minute);
}

const soonTexts: Readonly<Record<ClockKind, (left: string) => string>> = {
  acknowledge: (left) => t('somebody has to acknowledge within {0}', left),
  update: (left) => t('the next status update is due in {0}', left),
  mitigate: (left) => t('the impact is to be mitigated within {0}', left),
  resolve: (left) => t('it is to be resolved within {0}', left),
  draft: (left) => t('a draft of the RCA is due in {0}', left),
  rca: (left) => t('the RCA is due in {0}', left),
};
const nowTexts: Readonly<Record<ClockKind, () => string>> = {
  acknowledge: () => t('nobody has acknowledged in time'),
  update: () => t('the status update is due now'),
  mitigate: () => t('the time to mitigate is up'),
  resolve: () => t('the time to resolve is up'),
  draft: () => t('a draft of the RCA is due now'),
  rca: () => t('the RCA is due now'),
};
const lateTexts: Readonly<Record<ClockKind, (late: string) => string>> = {
  acknowledge: (late) => t('nobody has acknowledged, {0} after the limit', late),
  update: (late) => t('the status update is overdue by {0}', late),
  mitigate: (late) => t('not mitigated, {0} after the limit', late),
  resolve: (late) => t('not resolved, {0} after the limit', late),
  draft: (late) => t('the draft of the RCA is overdue by {0}', late),
  rca: (late) => t('the RCA is overdue by {0}', late),
};
