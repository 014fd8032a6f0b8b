import type { Incident } from '../core/item.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { type Whereabouts, whereItWent } from '../services/warRoom/whereItWent.ts';
import type { CliSession, Outcome } from './cli.ts';
import { plainLine } from './plainText.ts';

/** Adds where the words of an event stay as they were, after it was corrected or taken back. */
export async function withWhereItWent(
  session: CliSession,
  incident: Incident,
  event: TimelineEvent,
  outcome: Outcome,
): Promise<Outcome> {
  const sent = await whereItWent(session.privateFiles, incident, event, () => session.workspaceSettings());
  const places = sent.map((where) => `  ${plainLine(placeText(where))}`);
  return { ...outcome, json: { ...outcome.json, sent }, text: [outcome.text, ...places].join('\n') };
}

function placeText(where: Whereabouts): string {
  switch (where.place) {
    case 'slack':
      return 'Slack has it: `firebreak war-room`, or an editor with the room open, changes it there';
    case 'silent':
      return 'Slack has it, and nothing of a private or excluded incident is sent: change it there';
    case 'webhook':
      return 'already sent to the webhook: it cannot be changed there';
    case 'pagerduty':
      return 'already sent to PagerDuty: it cannot be changed there';
    case 'chat':
      return 'somebody wrote it in Slack, where it stands as it was';
    case 'customers':
      return `already sent to customers through ${where.through}: it cannot be taken back there`;
  }
}
