import type { Incident, Item } from '../core/item.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import type { Outcome } from './cli.ts';
import { eventJson, itemJson } from './itemJson.ts';
import { plainLine } from './plainText.ts';

/** An item as it stands after a change, and what changed in words. */
export function changedItem(item: Item, what: string): Outcome {
  return { json: { item: itemJson(item) }, text: `${item.id} ${plainLine(what)}` };
}

/** An incident and the event that was added to its timeline. */
export function recorded(incident: Incident, event: TimelineEvent, what: string): Outcome {
  return {
    json: { item: itemJson(incident), event: eventJson(event) },
    text: `${incident.id} ${plainLine(what)}`,
  };
}

/** Where a new item is, and what the person should know of it. */
export function madeItem(item: Item): Outcome {
  const lines = [`${item.id} ${item.incident ? 'declared' : 'added'}: ${plainLine(item.title)}`, `  ${item.path}`];
  if (item.private) lines.push('  private: it is not sent to GitHub or anywhere else; git still shares it');
  return { json: { item: itemJson(item) }, text: lines.join('\n') };
}
