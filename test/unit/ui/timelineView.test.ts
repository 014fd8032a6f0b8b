import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FirebreakError } from '../../../src/core/errors.ts';
import { type Incident, isIncident } from '../../../src/core/item.ts';
import { phases } from '../../../src/core/phase.ts';
import { severities } from '../../../src/core/severity.ts';
import { minute } from '../../../src/core/time.ts';
import type { StoredEvent } from '../../../src/core/timelineEvent.ts';
import { TimelineCopy } from '../../../src/protocol/timelineCopy.ts';
import { TimelineFeed } from '../../../src/protocol/timelineFeed.ts';
import { parseToWebview } from '../../../src/protocol/timelineMessages.ts';
import { parseTimelineView, type TimelineView } from '../../../src/protocol/timelineView.ts';
import { assignRole } from '../../../src/services/assignRole.ts';
import { changeItem, changeSeverity } from '../../../src/services/changeItem.ts';
import { changePhase } from '../../../src/services/changePhase.ts';
import { cancelIncident, mergeIncident } from '../../../src/services/closeWrongIncident.ts';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import { pinEvent } from '../../../src/services/pinEvent.ts';
import { purgeEvent } from '../../../src/services/purgeEvent.ts';
import { recordEvent } from '../../../src/services/recordEvent.ts';
import { correctEvent, retractEvent } from '../../../src/services/replaceEvent.ts';
import { EntryViews } from '../../../src/ui/timeline/entryViews.ts';
import { timelineView } from '../../../src/ui/timeline/timelineView.ts';
import { type Clone, openClone } from '../services/clone.ts';
import { entryWords, timelineWords } from '../support/timelineWords.ts';

const viewOf = (self: Clone, incident: Incident, entries: EntryViews): Promise<TimelineView> =>
  timelineView(self.session, incident, {
    readOnly: false,
    issueUrl: ({ number }) => `https://github.test/${number}`,
    attachments: null,
    words: timelineWords,
    entries,
  });

const declared = (self: Clone, title: string) =>
  declareIncident(self.context, { title, severity: 'P0', criteria: ['production-down'], impact: '' });

/** What happens beside an incident's panel. Numbers choose among its entries, whatever their count. */
const act = fc.constantFrom(
  ...(['note', 'note', 'about', 'correct', 'retract', 'pin', 'unpin', 'purge', 'phase', 'severity', 'role'] as const),
  ...(['title', 'checkout', 'restore', 'byHand', 'merge', 'cancel', 'reopen'] as const),
);
const step = fc.record({ act, chosen: fc.nat(), minutes: fc.integer({ min: -90, max: 90 }) });

async function happens(
  self: Clone,
  incident: Incident,
  entries: readonly StoredEvent[],
  { act: what, chosen, minutes }: { act: string; chosen: number; minutes: number },
): Promise<void> {
  const { context, index, tree } = self;
  const stored = entries[chosen % entries.length];
  const at = self.now + minutes * minute;
  if (!stored) return;
  const { event } = stored;
  switch (what) {
    case 'note':
      await recordEvent(context, incident, 'note', `${minutes} from now`, at);
      return;
    case 'about':
      await recordEvent(context, incident, 'note', 'https://example.com', undefined, event.id);
      return;
    case 'correct':
      await correctEvent(context, incident, event, `No, ${minutes}`, minutes > 0 ? at : undefined);
      return;
    case 'retract':
      await retractEvent(context, incident, event, 'It was not so');
      return;
    case 'pin':
    case 'unpin':
      await pinEvent(context, incident, event, what === 'pin');
      return;
    case 'purge':
      await purgeEvent(context, self.privateFiles, incident, stored);
      return;
    case 'phase':
      await changePhase(context, incident, phases[chosen % phases.length] ?? 'triage');
      return;
    case 'severity':
      await changeSeverity(context, incident, severities[chosen % severities.length] ?? 'P1');
      return;
    case 'role':
      await assignRole(context, incident, 'operations', minutes > 0 ? '@bob' : '');
      return;
    case 'title':
      await changeItem(context, incident, { title: `Down ${minutes}` });
      return;
    case 'checkout': {
      const gone = entries.map(({ path }) => path).filter((_, position) => ((chosen >> (position % 16)) & 1) === 1);
      for (const path of gone) tree.remove(path);
      await index.refresh(gone);
      return;
    }
    case 'restore':
      await context.writer.restore(index.missing());
      return;
    case 'byHand': {
      const text = tree.text(stored.path);
      if (text === undefined) return;
      tree.put(stored.path, `${text.trimEnd()}\n\nBy hand, ${chosen}.\n`);
      await index.refresh([stored.path]);
      return;
    }
    case 'merge': {
      const other = await declared(self, 'The same');
      await mergeIncident(context, other, incident);
      return;
    }
    case 'cancel':
      await cancelIncident(context, incident, 'no');
      return;
    case 'reopen':
      await self.reopen(chosen);
      return;
  }
}

describe('the view of an incident', function () {
  this.timeout(60_000);

  it('is, by its changes alone, what it is made anew, whatever is done to the incident', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const self = await openClone();
        const { uid } = await declared(self, 'Production API Down');
        const entries = new EntryViews(entryWords);
        const feed = new TimelineFeed();
        const copy = new TimelineCopy();
        for (const next of [undefined, ...steps]) {
          const before = self.index.item(uid);
          if (next && before && isIncident(before)) {
            self.pass(minute);
            try {
              await happens(self, before, await self.index.timeline(uid), next);
            } catch (error) {
              if (!FirebreakError.is(error)) throw error;
            }
          }
          const incident = self.index.item(uid);
          assert.ok(incident && isIncident(incident));
          const message = feed.next(await viewOf(self, incident, entries));
          if (message) {
            const read = parseToWebview(JSON.parse(JSON.stringify(message)));
            assert.ok(read?.type === 'incident' || read?.type === 'changed');
            assert.notEqual(copy.take(read).kind, 'missed');
          }
          const anew = await viewOf(self, incident, new EntryViews(entryWords));
          assert.deepEqual(copy.view, parseTimelineView(JSON.parse(JSON.stringify(anew))));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('makes nothing anew of the entries that a change does not touch', async () => {
    const self = await openClone();
    const incident = await declared(self, 'Production API Down');
    for (let count = 0; count < 50; count++) {
      await recordEvent(self.context, incident, 'note', `Note ${count}`, self.pass(minute).now);
    }
    const entries = new EntryViews(entryWords);
    const before = await viewOf(self, incident, entries);
    const [first] = await self.index.timeline(incident.uid);
    assert.ok(first);
    const late = await recordEvent(self.context, incident, 'note', 'Seen later', self.now - 20 * minute);
    await pinEvent(self.context, incident, first.event, true);
    const after = await viewOf(self, incident, entries);
    const known = new Set(before.events);
    assert.deepEqual(
      after.events.filter((event) => !known.has(event)).map(({ id, kind }) => (id === late.id ? 'late' : kind)),
      [first.event.kind, 'late', 'pin'],
    );
    assert.equal(after.events.length, before.events.length + 2);
  });
});
