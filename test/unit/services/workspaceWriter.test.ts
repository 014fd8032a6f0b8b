import assert from 'node:assert/strict';
import { FirebreakError } from '../../../src/core/errors.ts';
import { changePhase } from '../../../src/services/changePhase.ts';
import { requireIncident } from '../../../src/services/context.ts';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import { recordEvent } from '../../../src/services/recordEvent.ts';
import { memoryFiles } from '../support/memoryFiles.ts';
import { openClone, portOf } from './clone.ts';

const refuses = (code: Parameters<typeof FirebreakError.is>[1], word: string) => (error: unknown) =>
  FirebreakError.is(error, code) && error.message.includes(word);

const down = { title: 'API down', severity: 'P0', criteria: [] } as const;
const folder = 'incidents/BUG-P0-20250923-1430';

describe('what is written', () => {
  for (const [reason, word] of [
    ['readOnly', 'writable'],
    ['denied', 'writable'],
    ['full', 'disk is full'],
  ] as const) {
    it(`is kept in the journal while the folder is ${reason}, shown, and restored`, async () => {
      const clone = await openClone({ tree: memoryFiles().failWrites('', reason) });
      await assert.rejects(declareIncident(clone.context, down), refuses('readOnly', word));
      assert.deepEqual(clone.tree.paths(), []);
      const incident = requireIncident(clone.index, 'BUG-P0-20250923-1430');
      assert.equal(incident.title, 'API down');
      assert.equal(clone.index.missing().length, 4);
      await assert.rejects(recordEvent(clone.context, incident, 'note', 'Still here'), refuses('readOnly', 'journal'));

      await clone.reopen(2);
      assert.equal(clone.index.missing().length, 5);
      await assert.rejects(clone.context.writer.restore(clone.index.missing()), refuses('readOnly', word));
      assert.equal(clone.index.missing().length, 5);
      clone.tree.mend('');
      const missing = clone.index.missing();
      assert.deepEqual(await clone.context.writer.restore(missing), missing);
      assert.deepEqual(clone.index.missing(), []);
      const bodies = (await clone.index.events(incident.uid)).map(({ event }) => event.body);
      assert.ok(bodies.includes('Still here'));
      assert.deepEqual(clone.index.problems(), []);
    });
  }

  it('promises no journal where there is none', async () => {
    const silent = (error: unknown) => FirebreakError.is(error, 'readOnly') && !error.message.includes('journal');
    const tree = memoryFiles().failWrites('', 'readOnly');
    const without = await openClone({ tree, privateFiles: undefined });
    await assert.rejects(declareIncident(without.context, down), silent);
    const broken = await openClone({ tree, privateFiles: memoryFiles().failWrites('', 'full') });
    await assert.rejects(declareIncident(broken.context, down), silent);
  });

  it('says so when something else has the place of a folder', async () => {
    const clone = await openClone({ tree: memoryFiles({ incidents: 'a file' }) });
    await assert.rejects(declareIncident(clone.context, down), refuses('unreadableFile', 'Move it away'));
    clone.tree.remove('incidents');
    await clone.load();
    await clone.context.writer.restore(clone.index.missing());
    assert.equal((await clone.index.events(requireIncident(clone.index, 'BUG-P0-20250923-1430').uid)).length, 3);
  });

  it('comes back after a clean, with what was added meanwhile', async () => {
    const clone = await openClone();
    const incident = await declareIncident(clone.context, down);
    await recordEvent(clone.context, incident, 'note', 'First');
    clone.tree.remove('incidents');
    await clone.index.refresh(['incidents']);
    const shown = requireIncident(clone.index, incident.uid);
    assert.equal(shown.incident.phase, 'declared');
    assert.ok((await clone.index.events(incident.uid)).every((stored) => stored.missing));
    clone.pass(60_000);
    const triaged = await changePhase(clone.context, shown, 'triage');
    assert.equal(triaged.incident.phase, 'triage');
    await recordEvent(clone.context, triaged, 'note', 'Second');
    await clone.context.writer.restore(clone.index.missing());
    await clone.reopen(2);
    const back = requireIncident(clone.index, incident.uid);
    assert.equal(back.incident.phase, 'triage');
    assert.match(clone.tree.text(back.path) ?? '', /^phase: triage$/m);
    const notes = (await clone.index.events(incident.uid)).filter(({ event }) => event.kind === 'note');
    assert.deepEqual(
      notes.map(({ event }) => event.body),
      ['First', 'Second'],
    );
    assert.deepEqual(clone.index.problems(), []);
  });

  it('is not brought back when the user meant it to go', async () => {
    const clone = await openClone();
    const incident = await declareIncident(clone.context, down);
    clone.tree.remove('incidents');
    await clone.index.refresh(['incidents']);
    await clone.context.writer.discard(clone.index.missing());
    assert.deepEqual(clone.index.missing(), []);
    assert.equal(clone.index.item(incident.uid), undefined);
    await clone.reopen(2);
    assert.deepEqual(clone.index.items(), []);
  });

  for (const where of ['tree', 'journal'] as const) {
    it(`takes another name when another event has its own in the ${where}`, async () => {
      const sight = await openClone();
      await recordEvent(sight.context, await declareIncident(sight.context, down), 'note', 'Mine');
      const path = sight.tree.paths().find((name) => name.includes('-note-')) ?? '';
      const text = sight.tree.text(path) ?? '';

      const clone = await openClone();
      const incident = await declareIncident(clone.context, down);
      // Another clone's event of the same second and kind whose id ends alike: one of a million.
      const theirs = text.replace(/^id: .{22}/m, 'id: 01K5V00000000000000000').replace('Mine', 'Theirs');
      if (where === 'tree') clone.tree.put(path, theirs);
      else clone.privateFiles?.put(`journal/${path}`, theirs);
      await clone.load();
      await recordEvent(clone.context, incident, 'note', 'Mine');
      await clone.reopen(2);
      const bodies = (await clone.index.events(incident.uid)).map(({ event }) => event.body);
      assert.ok(bodies.includes('Mine'));
      assert.ok(bodies.includes('Theirs'));
      assert.equal(
        (where === 'tree' ? clone.tree.text(path) : clone.privateFiles?.text(`journal/${path}`)) ?? '',
        theirs,
      );
    });
  }

  for (const [what, path, text] of [
    ['a folder', `${folder}/incident.md/why.txt`, 'a folder'],
    ['a broken document', `${folder}/incident.md`, '---\ntitle: "not closed\n---\n'],
  ] as const) {
    it(`is shown, and restored around ${what} in its place, which stays as it is`, async () => {
      const clone = await openClone();
      const { uid } = await declareIncident(clone.context, down);
      clone.tree.remove('incidents').put(path, text);
      await clone.load();
      assert.equal(requireIncident(clone.index, uid).title, 'API down');
      await clone.context.writer.restore(clone.index.missing());
      assert.deepEqual(clone.index.missing(), []);
      assert.equal(clone.tree.text(path), text);
      clone.tree.remove(path);
      await clone.load();
      assert.deepEqual(clone.index.missing(), [`${folder}/incident.md`]);
      await clone.context.writer.restore(clone.index.missing());
      await clone.reopen(2);
      assert.equal(requireIncident(clone.index, uid).title, 'API down');
      assert.deepEqual([clone.index.missing(), clone.index.problems()], [[], []]);
    });
  }

  it('is told to listeners once per act, when the index has it', async () => {
    const clone = await openClone();
    const told: string[] = [];
    const listener = clone.context.writer.onDidWrite((paths) =>
      told.push(`${paths.length} ${clone.index.item('BUG-P0-20250923-1430')?.title}`),
    );
    const incident = await declareIncident(clone.context, down);
    assert.deepEqual(told, ['4 API down']);
    listener.dispose();
    await recordEvent(clone.context, incident, 'note', 'x');
    assert.equal(told.length, 1);
  });

  it('is written by one act after the other', async () => {
    const clone = await openClone();
    const incident = await declareIncident(clone.context, down);
    const set = (key: string) =>
      clone.context.writer.change(incident.path, (source) => source.replace(/\n---\n/, `\n${key}: yes\n---\n`));
    await Promise.all(['a', 'b', 'c', 'd'].map(set));
    for (const key of ['a', 'b', 'c', 'd'])
      assert.match(clone.tree.text(incident.path) ?? '', new RegExp(`^${key}: yes$`, 'm'));
  });

  it('is put into what a document holds when it is written, not when it was read', async () => {
    let meanwhile: (() => void) | undefined;
    const clone = await openClone({
      through: (files, place) => ({
        ...portOf(files),
        write: async (path, text) => {
          await files.write(path, text);
          // While the journal writes, somebody saves the document.
          if (place === 'private' && path.endsWith('incident.md')) meanwhile?.();
        },
      }),
    });
    const incident = await declareIncident(clone.context, down);
    meanwhile = () => {
      clone.tree.put(
        incident.path,
        (clone.tree.text(incident.path) ?? '').replace('title: API down', 'title: API down # eu'),
      );
      meanwhile = undefined;
    };
    await changePhase(clone.context, incident, 'triage');
    const text = clone.tree.text(incident.path) ?? '';
    assert.match(text, /^title: API down # eu$/m);
    assert.match(text, /^phase: triage$/m);
    assert.equal(clone.privateFiles?.text(`journal/${incident.path}`), text);
  });

  it('goes on after an act that failed', async () => {
    const clone = await openClone();
    const incident = await declareIncident(clone.context, down);
    await assert.rejects(
      clone.context.writer.change(incident.path, () => {
        throw new Error('no');
      }),
      /no/,
    );
    await recordEvent(clone.context, incident, 'note', 'x');
    assert.equal((await clone.index.events(incident.uid)).length, 4);
  });

  it('changes no binary file', async () => {
    const clone = await openClone({ tree: memoryFiles({ 'backlog/a.md': new Uint8Array([0, 1, 2]) }) });
    await assert.rejects(
      clone.context.writer.change('backlog/a.md', (text) => `${text}x`),
      refuses('unreadableFile', 'not a text file'),
    );
  });
});
