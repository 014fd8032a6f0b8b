import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import type { Files } from '../../core/ports/files.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { sentThrough } from '../customers/sentThrough.ts';
import { nothingLeaves, readSyncRules, type SyncSettings } from '../sync/syncRules.ts';
import { chatOrigin } from './pinnedMessages.ts';
import { type RoomState, readRoom } from './roomState.ts';

/**
 * Where words of an event are, outside. `slack`: the war room changes its message there. `silent`: it would, but sends nothing of what
 * is private or excluded. All others can't be changed from here: `chat` is what a person wrote there, `customers` what was sent to
 * them, by the way that is named.
 */
export type Whereabouts =
  | { readonly place: 'slack' | 'silent' | 'webhook' | 'pagerduty' | 'chat' }
  | { readonly place: 'customers'; readonly through: string };

/**
 * Where an event's words went, as far as this clone knows: to be told to whoever corrects it, takes it back or purges it.
 * @param event as it was before that
 * @param settings what stays inside; where they mean nothing, nothing is sent
 */
export async function whereItWent(
  privateFiles: Files | undefined,
  incident: Incident,
  event: TimelineEvent,
  settings: () => Promise<SyncSettings>,
): Promise<Whereabouts[]> {
  const found: Whereabouts[] = [];
  const through = sentThrough(event);
  if (through !== undefined) found.push({ place: 'customers', through });
  if (event.origin === chatOrigin) found.push({ place: 'chat' });
  const room = privateFiles && (await readRoom(privateFiles, incident.uid));
  if (!room) return found;
  // The words of a correction stand in the message of what it corrects.
  const ids = [event.id, ...('replaces' in event && event.replaces ? [event.replaces] : [])];
  if (isInChat(room, ids)) found.push({ place: (await isSilent(incident, settings)) ? 'silent' : 'slack' });
  for (const target of ['webhook', 'pagerduty'] as const) {
    const sent = Object.entries(room.sent ?? {}).filter(([key]) => key.startsWith(`${target}:`));
    if (sent.some(([, { sources }]) => ids.some((id) => sources.includes(id)))) found.push({ place: target });
  }
  return found;
}

/** Words are corrected and purged whatever the settings are. */
async function isSilent(incident: Incident, settings: () => Promise<SyncSettings>): Promise<boolean> {
  try {
    return readSyncRules(await settings()).isWithheld(incident);
  } catch (error) {
    if (!FirebreakError.is(error, 'invalidInput')) throw error;
    return nothingLeaves.isWithheld(incident);
  }
}

function isInChat({ slack }: RoomState, ids: readonly string[]): boolean {
  const isPosted = (key: string) => slack.posted[key] !== undefined || slack.sending === key;
  if (ids.some(isPosted)) return true;
  return Object.entries(slack.held ?? {}).some(
    ([key, { sources }]) => isPosted(key) && ids.some((id) => sources.includes(id)),
  );
}
