import type { ClockKind } from '../core/clocks.ts';
import type { Reminder } from '../core/reminders.ts';
import { formatDuration } from '../core/time.ts';
import { plainLine } from './plainText.ts';

const things: Readonly<Record<ClockKind, string>> = {
  acknowledge: 'an acknowledgement',
  update: 'the next status update',
  mitigate: 'the mitigation',
  resolve: 'the resolution',
  draft: 'a draft of the RCA',
  rca: 'the RCA',
};

/** What is due, on one line. */
export function reminderText(reminder: Reminder, now: number): string {
  switch (reminder.kind) {
    case 'escalation': {
      const { after, title, who } = reminder.rung;
      const people = who.join(', ');
      const called = people === title ? title : `${title} (${people})`;
      return plainLine(`nobody has acknowledged for ${formatDuration(after)}: escalate to ${called}`);
    }
    case 'role':
      return `nobody is ${reminder.role}`;
    case 'action':
      return plainLine(`${reminder.action.title} has run for ${formatDuration(now - reminder.action.startedAt)}`);
    case 'quiet':
      return 'nothing was noted for a while';
    default: {
      const left = reminder.dueAt - now;
      const thing = things[reminder.kind];
      return left > 0
        ? `${thing} is due in ${formatDuration(left)}`
        : `${thing} is overdue by ${formatDuration(-left)}`;
    }
  }
}
