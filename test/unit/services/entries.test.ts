import assert from 'node:assert/strict';
import { FirebreakError } from '../../../src/core/errors.ts';
import type { Incident } from '../../../src/core/item.ts';
import { pinned, standingPins } from '../../../src/core/pins.ts';
import { minute } from '../../../src/core/time.ts';
import type { TimelineEvent } from '../../../src/core/timelineEvent.ts';
import { requireIncident } from '../../../src/services/context.ts';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import { exportTimeline } from '../../../src/services/exportTimeline.ts';
import { pinEvent } from '../../../src/services/pinEvent.ts';
import { recordEvent } from '../../../src/services/recordEvent.ts';
import { correctEvent, retractEvent } from '../../../src/services/replaceEvent.ts';
import { memoryFiles } from '../support/memoryFiles.ts';
import { type Clone, openClone, start } from './clone.ts';

describe('pins, additions and exports of a timeline', () => {
  let clone: Clone;
  let incident: Incident;
  let note: TimelineEvent;
  const events = async (of = clone) => (await of.index.timeline(incident.uid)).map(({ event }) => event);
  const pinnedIds = async (of = clone) => standingPins(await events(of)).map(pinned);

  beforeEach(async () => {
    clone = await openClone();
    incident = await declareIncident(clone.context, { title: 'API down', severity: 'P0', criteria: [] });
    clone.pass(minute);
    note = await recordEvent(clone.context, incident, 'note', 'Pool is **full**,\nsays "db"');
    incident = requireIncident(clone.index, incident.uid);
  });

  it('pins an entry by an event of its own, once', async () => {
    await pinEvent(clone.context, incident, note, true);
    await pinEvent(clone.context, incident, note, true);
    assert.deepEqual(await pinnedIds(), [note.id]);
    assert.equal((await events()).filter(({ kind }) => kind === 'pin').length, 1);
  });

  it('unpins by taking the pin back, and pins again', async () => {
    await pinEvent(clone.context, incident, note, true);
    await pinEvent(clone.context, incident, note, false);
    assert.deepEqual(await pinnedIds(), []);
    const before = (await events()).length;
    await pinEvent(clone.context, incident, note, false);
    assert.equal((await events()).length, before, 'what is not pinned is not unpinned');
    await pinEvent(clone.context, incident, note, true);
    assert.deepEqual(await pinnedIds(), [note.id]);
  });

  it('takes all pins of an entry back, also those that two clones made at once', async () => {
    const other = await openClone({ tree: memoryFiles(clone.tree.snapshot()), seed: 7, origin: 'b0b0b0' });
    await pinEvent(clone.context, incident, note, true);
    await pinEvent(other.context, requireIncident(other.index, incident.uid), note, true);
    for (const [path, text] of Object.entries(other.tree.snapshot())) {
      if (path.includes('-pin-')) clone.tree.put(path, text);
    }
    await clone.reopen(9);
    assert.deepEqual(await pinnedIds(), [note.id, note.id]);
    await pinEvent(clone.context, incident, note, false);
    assert.deepEqual(await pinnedIds(), []);
  });

  it('remembers what a note is about in its file', async () => {
    const added = await recordEvent(
      clone.context,
      incident,
      'note',
      '![cpu](../attachments/cpu.png)',
      undefined,
      note.id,
    );
    const [, stored] = (await events()).filter(({ kind }) => kind === 'note');
    assert.deepEqual(stored, added);
    assert.equal(stored?.kind === 'note' && stored.about, note.id);
  });

  it('exports what counts: corrected words and times, in their order, with their marks', async () => {
    const late = await recordEvent(clone.context, incident, 'decision', 'Roll back.', start - 2 * minute);
    await correctEvent(clone.context, incident, note, 'Pool is empty.', start - 5 * minute);
    await retractEvent(clone.context, incident, late, 'Not yet.');
    await pinEvent(clone.context, incident, note, true);
    const markdown = exportTimeline(incident, await events(), 'markdown', [late.id, note.id]);
    assert.equal(
      markdown,
      [
        '# P0 API down',
        '',
        `${incident.id}, times in UTC.`,
        '',
        '## 2025-09-23',
        '',
        '- **14:25:00** · @alice · note (pinned, corrected)',
        '',
        '  Pool is empty.',
        '',
        '- **14:28:00** · @alice · decision (taken back)',
        '',
        '  Roll back.',
        '',
      ].join('\n'),
    );
    const all = JSON.parse(exportTimeline(incident, await events(), 'json'));
    assert.equal(all.incident.uid, incident.uid);
    const kinds = all.entries.map((entry: { kind: string }) => entry.kind);
    const others = (await events()).map(({ kind }) => kind).filter((kind) => kind !== 'pin');
    assert.deepEqual(kinds.sort(), others.sort());
  });

  it('writes CSV that other programs read, and that no spreadsheet runs', async () => {
    for (const text of ['=HYPERLINK("https://evil.example")', '+1', '-1', '@SUM(A1)', 'plain']) {
      clone.pass(minute);
      await recordEvent(clone.context, incident, 'note', text);
    }
    const lines = exportTimeline(incident, await events(), 'csv').split('\r\n');
    assert.equal(lines[0], 'id,at,recorded,kind,by,to,text,pinned,corrected,retracted,replaces,exit,duration');
    assert.equal(lines.at(-1), '');
    const rest = lines.filter((line) => line.includes(',note,')).map((line) => line.split(',note,')[1]);
    assert.deepEqual(rest, [
      `'@alice,,"Pool is **full**,\nsays ""db""",false,false,false,,,`,
      `'@alice,,"'=HYPERLINK(""https://evil.example"")",false,false,false,,,`,
      `'@alice,,'+1,false,false,false,,,`,
      `'@alice,,'-1,false,false,false,,,`,
      `'@alice,,'@SUM(A1),false,false,false,,,`,
      `'@alice,,plain,false,false,false,,,`,
    ]);
  });

  it('exports nothing of a private incident', async () => {
    const secret = { ...incident, private: true };
    for (const format of ['markdown', 'json', 'csv'] as const) {
      assert.throws(
        () => exportTimeline(secret, [note], format),
        (error: unknown) => FirebreakError.is(error, 'privateItem'),
      );
    }
  });
});
