import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import { isIncident } from '../../../src/core/item.ts';
import { silentLog } from '../../../src/core/ports/environment.ts';
import { Reporter } from '../../../src/ui/reporter.ts';
import { type IndexChange, OpenRoot } from '../../../src/ui/session/openRoot.ts';
import { SyncStanding } from '../../../src/ui/sync/syncStanding.ts';
import { type BacklogNode, BacklogTree } from '../../../src/ui/views/backlogTree.ts';
import { eventually } from './support/eventually.ts';
import { memoryMemento } from './support/memento.ts';
import { portsHere } from './support/session.ts';
import { closeEditors, emptyShop, noAutoSave, onDisk, put, type, uriOf } from './support/shop.ts';

const item = (title: string, severity = 'P2') =>
  `---\ntitle: ${title}\ntype: bug\nseverity: ${severity}\nstatus: ready\n---\n`;

/** The extension's own watching, with its session in sight. */
describe('What changes on disk', () => {
  let root: OpenRoot;
  let changes: IndexChange[];
  before(noAutoSave);
  beforeEach(async () => {
    await put('backlog/login.md', item('Login'));
    await put('backlog/deep/down/search.md', item('Search'));
    root = new OpenRoot(portsHere, new Reporter(silentLog, () => undefined), memoryMemento());
    changes = [];
    root.onDidChange((change) => changes.push(change));
    await root.open();
    changes.length = 0;
  });
  afterEach(async () => {
    root.dispose();
    await emptyShop();
  });

  const titles = () => root.session?.index.items().map(({ title }) => title) ?? [];

  it('is there when the folder is opened', () => {
    assert.deepEqual(titles(), ['Search', 'Login']);
  });

  it('is followed when a file is made, changed and deleted', async () => {
    await put('backlog/cart.md', item('Cart'));
    await eventually('the new item', () => titles().includes('Cart'));
    await put('backlog/cart.md', item('Cart is slow'));
    await eventually('its new title', () => titles().includes('Cart is slow'));
    await rm(onDisk('backlog/cart.md'));
    await eventually('no more cart', () => !titles().some((title) => title.startsWith('Cart')));
  });

  it('is followed when a folder is renamed, and when it goes', async () => {
    await rename(onDisk('backlog/deep'), onDisk('backlog/later'));
    const paths = () => root.session?.index.items().map(({ path }) => path);
    await eventually('the new path', () => paths()?.includes('backlog/later/down/search.md'));
    assert.deepEqual(paths(), ['backlog/later/down/search.md', 'backlog/login.md']);
    await rm(onDisk('backlog'), { recursive: true });
    await eventually('an empty backlog', () => titles().length === 0);
  });

  it('is followed when a folder comes with all that is in it', async () => {
    await mkdir(onDisk('ops/archive'), { recursive: true });
    for (const name of ['a', 'b', 'c']) await writeFile(onDisk(`ops/archive/${name}.md`), item(name));
    await rename(onDisk('ops/archive'), onDisk('backlog/archive'));
    await eventually('all three', () => ['a', 'b', 'c'].every((name) => titles().includes(name)));
  });

  it('is one change to who looks on, be it five hundred files', async () => {
    await mkdir(onDisk('backlog/sprint'), { recursive: true });
    await Promise.all(
      Array.from({ length: 500 }, (_, index) => writeFile(onDisk(`backlog/sprint/${index}.md`), item(`Item ${index}`))),
    );
    await eventually('all of them', () => titles().length === 502);
    // Whatever comes late would be a change of its own.
    await pause(500);
    const told = changes.filter(({ uids }) => uids.size > 0).map(({ uids }) => uids.size);
    assert.equal(
      told.reduce((sum, count) => sum + count, 0),
      500,
    );
    assert.ok(told.length <= 3, `told in ${told.length} changes: ${told.join(', ')}`);
  });

  it('is no business of Firebreak\u2019s outside its folders', async () => {
    await put('README.md', '# Shop\n\nAnother line.\n');
    await put('backlog/cart.md', item('Cart'));
    await eventually('the new item', () => titles().includes('Cart'));
    await put('README.md', '# Shop\n');
    assert.deepEqual(
      changes.map(({ uids }) => uids.size),
      [1],
    );
  });

  it('does not hear of words that are typed until they are saved, and forgets those that were thrown away', async () => {
    const document = await vscode.workspace.openTextDocument(uriOf('backlog/login.md'));
    await vscode.window.showTextDocument(document);
    await type(document, new vscode.Position(1, 'title: Login'.length), ' fails');
    // Something else has the file read again, with the words in it.
    await root.session?.index.refresh(['backlog/login.md']);
    assert.deepEqual(titles(), ['Search', 'Login fails']);
    await closeEditors();
    await eventually('the title on disk', () => titles().includes('Login'));
  });

  describe('in the Backlog view', () => {
    let tree: BacklogTree;
    let asked: (readonly string[] | 'all')[];
    const label = (node: BacklogNode) => String(tree.getTreeItem(node).label);
    const rows = (group: number) => tree.getChildren(tree.getChildren()[group]).map(label);
    beforeEach(() => {
      tree = new BacklogTree(root, memoryMemento(), new SyncStanding());
      asked = [];
      tree.onDidChangeTreeData((nodes) => asked.push(nodes ? nodes.map(label) : 'all'));
    });
    afterEach(() => tree.dispose());

    it('shows in the groups that the user chose', async () => {
      await put('backlog/cart.md', item('Cart', 'P1'));
      await eventually('the new item', () => titles().includes('Cart'));
      const groups = () => tree.getChildren().map(label);
      assert.deepEqual(groups(), ['P1 High', 'P2 Medium']);
      await tree.group('status');
      assert.deepEqual(groups(), ['Ready']);
      await tree.group('type');
      assert.deepEqual(groups(), ['Bug']);
      assert.deepEqual(rows(0), ['Cart', 'Login', 'Search']);
    });

    it('has VS Code ask for the row that changed alone', async () => {
      assert.deepEqual(rows(0), ['Login', 'Search']);
      await put('backlog/login.md', item('Login fails'));
      await eventually('its new title', () => asked.length > 0);
      assert.deepEqual(asked, [['Login fails']]);
      assert.deepEqual(rows(0), ['Login fails', 'Search']);
    });

    it('has VS Code ask for the group that an item came to, and for all when a group came', async () => {
      assert.deepEqual(rows(0), ['Login', 'Search']);
      await put('backlog/cart.md', item('Cart'));
      await eventually('the new row', () => asked.length > 0);
      assert.deepEqual(asked, [['P2 Medium']]);
      assert.deepEqual(rows(0), ['Cart', 'Login', 'Search']);
      await put('backlog/cart.md', item('Cart', 'P1'));
      await eventually('the new group', () => asked.length > 1);
      assert.deepEqual(asked[1], 'all');
      assert.deepEqual(rows(0), ['Cart']);
    });

    it('shows files with problems below, as they come and go', async () => {
      assert.equal(tree.getChildren().length, 1);
      await put('backlog/broken.md', '---\ntitle: [\n---\n');
      await eventually('the problem', () => asked.length > 0);
      assert.deepEqual(asked, ['all']);
      assert.deepEqual(tree.getChildren().map(label), ['P2 Medium', 'Files with problems']);
      assert.deepEqual(rows(1), ['broken.md']);
      await put('backlog/broken.md', item('Mended'));
      await eventually('no problem', () => asked.length > 1);
      assert.deepEqual(tree.getChildren().map(label), ['P2 Medium']);
    });

    it('makes a tooltip when the pointer rests on a row', () => {
      const [group] = tree.getChildren();
      const [node] = tree.getChildren(group);
      assert.ok(node);
      const row = tree.getTreeItem(node);
      assert.equal(row.tooltip, undefined);
      const { tooltip } = tree.resolveTreeItem(row, node);
      assert.ok(tooltip instanceof vscode.MarkdownString);
      assert.match(tooltip.value, /Login/);
    });
  });

  it('in the timelines of open incidents is followed, however quickly their folders came', async () => {
    // As a pull brings them. VS Code's own watcher misses some of these folders for good.
    const count = 12;
    const folder = (index: number) => `incidents/BUG-P0-20250923-14${index + 10}`;
    for (let index = 0; index < count; index++) {
      mkdirSync(onDisk(`${folder(index)}/timeline`), { recursive: true });
      const uid = `01K5V7Z0000000000000000${100 + index}`;
      writeFileSync(
        onDisk(`${folder(index)}/incident.md`),
        `---\ntitle: Incident ${index}\nuid: ${uid}\nseverity: P0\nphase: declared\n---\n`,
      );
    }
    await eventually('all incidents', () => root.session?.index.items().filter(isIncident).length === count);
    const { session } = root;
    assert.ok(session);
    const incidents = session.index.items().filter(isIncident);
    // Once they are known, they are watched; what came before is looked at once more.
    for (const [index, { uid }] of incidents.entries()) {
      const id = `01K5V8A1B2C3D4E5F6G7H8J${100 + index}`;
      await put(
        `${folder(index)}/timeline/20250923T143210Z-note-${index}.md`,
        `---\nid: ${id}\nincident: ${uid}\nkind: note\nat: 2025-09-23T14:32:10Z\nrecorded: 2025-09-23T14:32:10Z\nby: "@ada"\norigin: 4f9a2c\n---\nSeen.\n`,
      );
    }
    await eventually('every note', () => incidents.every(({ uid }) => session.index.loadedEvents(uid)?.length === 1));
    await Promise.all(incidents.map((_, index) => rm(onDisk(`${folder(index)}/timeline`), { recursive: true })));
    await eventually('none', () => incidents.every(({ uid }) => session.index.loadedEvents(uid)?.length === 0));
  });

  it('ends with the session: a closed folder is not watched', async () => {
    const { session } = root;
    root.dispose();
    await put('backlog/cart.md', item('Cart'));
    await pause(500);
    assert.equal(
      session?.index.items().some(({ title }) => title === 'Cart'),
      false,
    );
    assert.equal(root.session, undefined);
  });
});
