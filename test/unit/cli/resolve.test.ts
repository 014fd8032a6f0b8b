import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { builtCli, CliWorkspace } from './builtCli.ts';
import type { ListJson, ShowJson } from './shapes.ts';

const id = 'BUG-P2-20250923-1015';
const uid = '01K5V7M3QZ8W4T2N6R0HXJ9DCA';
const folder = `.firebreak/conflicts/${uid}`;
const mine = `${folder}/0123456789ab.mine.md`;
const base = `${folder}/0123456789ab.base.md`;

describe('firebreak resolve', function () {
  this.timeout(60_000);
  let workspace: CliWorkspace;

  before(() => builtCli());
  beforeEach(async () => {
    workspace = await CliWorkspace.make();
    const front = `title: Slow\ntype: bug\nseverity: P2\nstatus: ready\nid: ${id}\nuid: ${uid}\n`;
    await workspace.put(`backlog/${id}.md`, `---\n${front}---\nSince: 9:00\n\nWhere: EU and UK\n\nAsked: nobody\n`);
    await workspace.put(base, 'Since: ?\n\nWhere: EU\n\nAsked: nobody\n');
    await workspace.put(mine, 'Since: ?\n\nWhere: EU, Norway\n\nAsked: the bank\n');
  });
  afterEach(() => workspace.remove());

  const shown = () => workspace.json<ShowJson>('show', id);
  const kept = async () => (await readdir(path.join(workspace.folder, folder))).sort();

  it('has something to do where list and show tell of a conflict', async () => {
    const conflicts = [{ id: '0123456789ab', mine, base }];
    const { items, problems } = await workspace.json<ListJson>('list');
    assert.deepEqual(items[0]?.conflicts, conflicts);
    assert.deepEqual(
      problems.map(({ code, path: at }) => [code, at]),
      [['textConflict', `backlog/${id}.md`]],
    );
    assert.deepEqual((await shown()).item.conflicts, conflicts);
    assert.match(
      await workspace.text('show', id),
      new RegExp(`Conflict +GitHub's text is in the file, yours in ${mine}`),
    );
  });

  it('keeps the lines of one side where both changed, and what else either changed', async () => {
    const { body } = await workspace.json<ShowJson>('resolve', id, '--keep', 'mine');
    assert.equal(body.trim(), 'Since: 9:00\n\nWhere: EU, Norway\n\nAsked: the bank');
    assert.deepEqual((await shown()).item.conflicts, []);
    assert.deepEqual(await kept(), ['0123456789ab.resolved']);
    assert.match(await workspace.fails(1, 'resolve', id, '--keep', 'github'), /is in no conflict/);
  });

  it('keeps GitHub’s', async () => {
    const { body } = await workspace.json<ShowJson>('resolve', id, '--keep', 'github');
    assert.equal(body.trim(), 'Since: 9:00\n\nWhere: EU and UK\n\nAsked: the bank');
  });

  it('keeps the file as somebody edited it', async () => {
    const { body } = await workspace.json<ShowJson>('resolve', id, '--keep', 'file');
    assert.equal(body.trim(), 'Since: 9:00\n\nWhere: EU and UK\n\nAsked: nobody');
    assert.deepEqual(await kept(), ['0123456789ab.resolved']);
  });

  it('decides nothing unless it is told what', async () => {
    assert.match(await workspace.fails(2, 'resolve', id), /--keep/);
    assert.deepEqual(await kept(), ['0123456789ab.base.md', '0123456789ab.mine.md']);
  });
});
