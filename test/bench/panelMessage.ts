import { type Incident, isIncident } from '../../src/core/item.ts';
import { formatInstant, minute } from '../../src/core/time.ts';
import { TimelineFeed } from '../../src/protocol/timelineFeed.ts';
import { declareIncident } from '../../src/services/declareIncident.ts';
import { eventFile } from '../../src/services/newEvent.ts';
import { EntryViews } from '../../src/ui/timeline/entryViews.ts';
import { timelineView } from '../../src/ui/timeline/timelineView.ts';
import { type Clone, openClone } from '../unit/services/clone.ts';
import { entryWords, timelineWords } from '../unit/support/timelineWords.ts';
import { median } from './statistics.ts';

const rounds = 100;

export interface MessageCost {
  /** Milliseconds from a new event file, in memory, to the panel's message as it leaves the extension: reading it is part of it. */
  readonly made: number;
  /** Characters of that message. */
  readonly size: number;
  /** Characters of the whole view. */
  readonly wholeSize: number;
}

/** What the extension does for one event more in the panel of an incident that has so many. */
export async function messageCost(events: number): Promise<MessageCost> {
  const self = await openClone();
  const { uid, path } = await declareIncident(self.context, {
    title: 'Production API Down',
    severity: 'P0',
    criteria: ['production-down'],
    impact: '',
  });
  for (let index = 0; index < events; index++) writeNote(self, { uid, path }, index);
  await self.index.load();
  const entries = new EntryViews(entryWords);
  const feed = new TimelineFeed();
  const message = async () => {
    const incident = self.index.item(uid);
    if (!incident || !isIncident(incident)) throw new Error('The incident is not there');
    const options = { readOnly: false, issueUrl: () => '', attachments: null, words: timelineWords, entries };
    return JSON.stringify(feed.next(await timelineView(self.session, incident, options)));
  };
  const wholeSize = (await message()).length;
  const times: number[] = [];
  let size = 0;
  for (let round = 0; round < rounds; round++) {
    const written = writeNote(self, { uid, path }, events + round);
    const begin = performance.now();
    await self.index.refresh([written]);
    size = (await message()).length;
    times.push(performance.now() - begin);
  }
  return { made: median(times), size, wholeSize };
}

function writeNote(self: Clone, { uid, path }: Pick<Incident, 'uid' | 'path'>, index: number): string {
  const epochMs = self.now + index * minute;
  const at = formatInstant(epochMs);
  const file = eventFile(path, {
    id: self.context.newId(epochMs),
    incident: uid,
    kind: 'note',
    at,
    recorded: at,
    by: '@alice',
    origin: 'a11ce0',
    body: `Connection pool is exhausted on \`db-primary\`, look ${index}`,
  });
  self.tree.put(file.path, file.text);
  return file.path;
}
