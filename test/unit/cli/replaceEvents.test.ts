import assert from 'node:assert/strict';
import { builtCli, CliWorkspace } from './builtCli.ts';
import type { EventJson, ShowJson } from './shapes.ts';

type ReplacingJson = EventJson & { readonly replaces: string };

describe('firebreak: entries that are wrong', function () {
  this.timeout(60_000);
  let workspace: CliWorkspace;

  before(() => builtCli());
  beforeEach(async () => {
    workspace = await CliWorkspace.make();
    await workspace.text('declare', 'API down');
  });
  afterEach(() => workspace.remove());

  const note = async (text: string): Promise<{ id: string; path: string }> => {
    const { event } = await workspace.json<{ event: EventJson }>('note', text);
    const { timeline } = await workspace.json<ShowJson>('show');
    const stored = timeline.find(({ id }) => id === event.id);
    assert.ok(stored, 'the note is not there');
    return { id: stored.id, path: stored.path };
  };
  const everything = () => workspace.shell('grep -r hunter2 . || true', {});

  it('are corrected, by file or by id, and both stay on record', async () => {
    const { id, path } = await note('It is Bob');
    const { event } = await workspace.json<{ event: ReplacingJson }>('correct', path, 'It is the pool');
    assert.deepEqual([event.kind, event.replaces, event.body], ['correction', id, 'It is the pool']);
    const moved = await workspace.json<{ event: EventJson }>('correct', id, '--at', '2025-09-23T14:00Z');
    assert.deepEqual([moved.event.at, moved.event.body], ['2025-09-23T14:00:00Z', '']);
    assert.match(await workspace.fails(2, 'correct', id), /The correction is empty/);
    assert.match(await workspace.text('show'), /It is Bob[\s\S]*It is the pool/);
  });

  it('are taken back, with a reason or without', async () => {
    const { id, path } = await note('It is Bob');
    const name = path.split('/').at(-1) ?? '';
    const { event } = await workspace.json<{ event: ReplacingJson }>('retract', name, 'It was not');
    assert.deepEqual([event.kind, event.replaces, event.body], ['retraction', id, 'It was not']);
    assert.match(await workspace.text('retract', id), /taken back$/);
  });

  it('are purged from the tree and the journal, after a yes, and what is left to do is told', async () => {
    const { id, path } = await note('the password is hunter2');
    assert.match(await everything(), /\.git\/firebreak\/journal\//);
    assert.match(await workspace.fails(2, 'purge', path), /add --yes/);
    assert.match(await everything(), /hunter2/);
    const text = await workspace.text('purge', path, '--yes');
    assert.match(text, /Rotate the secret now[\s\S]*git filter-repo --invert-paths --path-glob '\*timeline\/[^']*'/);
    assert.equal(await everything(), '');
    assert.match(await workspace.fails(2, 'purge', id, '--yes'), /purged already/);
    const { timeline } = await workspace.json<ShowJson>('show');
    assert.match(timeline.find((event) => event.id === id)?.body ?? '', /^\*\(Purged: /);
  });

  it('that were purged in another clone are not restored from the journal of this one', async () => {
    const { path } = await note('the password is hunter2');
    await workspace.shell('cp -r .git/firebreak/journal kept', {});
    await workspace.text('purge', path, '--yes');
    // The journal as a clone has it that wrote the words and hears of the purge by git.
    await workspace.shell(`rm -rf .git/firebreak/journal ${path} && mv kept .git/firebreak/journal`, {});
    assert.match(await everything(), /hunter2/);
    assert.equal(await workspace.text('restore'), path);
    assert.equal(await everything(), '');
    assert.match(await workspace.shell(`cat ${path}`, {}), /Purged: /);
  });

  it('are named by what there is', async () => {
    assert.match(await workspace.fails(1, 'retract', 'nothing.md'), /There is no event "nothing\.md"/);
  });
});
