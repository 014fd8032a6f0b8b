import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Incident, Item } from '../../../src/core/item.ts';
import { addItem } from '../../../src/services/addItem.ts';
import { changeItem } from '../../../src/services/changeItem.ts';
import { eventually } from './support/eventually.ts';
import { lenses } from './support/seen.ts';
import { declareElsewhere, sessionHere } from './support/session.ts';
import { emptyShop, gitHere, noAutoSave, onDisk, put, shopUri, textOf, type, uriOf } from './support/shop.ts';

describe('By itself, Firebreak', () => {
  let first: string;
  before(noAutoSave);
  beforeEach(async () => {
    first = await gitHere('rev-parse', 'HEAD');
  });
  afterEach(async () => {
    await emptyShop();
    await gitHere('reset', '--quiet', '--hard', first);
  });

  describe('with firebreak.git.commit set to "auto"', () => {
    const setting = () => vscode.workspace.getConfiguration('firebreak', shopUri());
    let incident: Incident;
    beforeEach(async () => {
      await setting().update('git.commit', 'auto', vscode.ConfigurationTarget.Workspace);
      incident = await declareElsewhere('Checkout is down');
      await eventually('the extension knows it', async () =>
        (await lenses(incident.path)).some(({ parameters }) => parameters.includes(incident.uid)),
      );
    });
    afterEach(() => setting().update('git.commit', undefined, vscode.ConfigurationTarget.Workspace));

    it('commits what it wrote some seconds later, and nothing else', async () => {
      await put('README.md', '# Shop\n\nBeing written.\n');
      await vscode.commands.executeCommand('firebreak.acknowledge', incident.uid);
      await eventually('the commit', async () => (await gitHere('rev-parse', 'HEAD')) !== first);
      assert.equal(await gitHere('log', '-1', '--format=%s'), `Firebreak: record ${incident.id}`);
      const committed = (await gitHere('show', '--name-only', '--format=', 'HEAD')).split('\n');
      assert.ok(committed.some((name) => name.includes('-acknowledge-')));
      assert.deepEqual(
        committed.filter((name) => !name.startsWith('incidents/')),
        [],
      );
      assert.match(await gitHere('status', '--porcelain', 'README.md'), /^\s*M README\.md$/);
    });
  });

  describe('makes a record of a value that was written by hand', () => {
    let item: Item;
    beforeEach(async () => {
      const session = await sessionHere();
      item = await addItem(session.context, { type: 'bug', title: 'Login times out', severity: 'P2' });
      await changeItem(session.context, item, { status: 'ready', title: 'Login is slow' });
    });

    const inferred = async () => {
      const folder = `.firebreak/records/${item.uid}`;
      const texts = await Promise.all((await readdir(onDisk(folder))).map((name) => textOf(`${folder}/${name}`)));
      return texts
        .map((text) => JSON.parse(text))
        .filter(({ by }) => by === 'unknown')
        .map(({ set }) => set);
    };

    it('once it is saved', async () => {
      assert.deepEqual(await inferred(), []);
      await put(item.path, (await textOf(item.path)).replace('status: ready', 'status: review'));
      await eventually('the record', async () => (await inferred()).length > 0);
      assert.deepEqual(await inferred(), [{ status: 'review' }]);
    });

    it('and not while it is being typed', async () => {
      const document = await vscode.workspace.openTextDocument(uriOf(item.path));
      await vscode.window.showTextDocument(document);
      const line = document.getText().split('\n').indexOf('title: Login is slow');
      await type(document, document.lineAt(line).range.end, ' for SS');
      const status = document.getText().split('\n').indexOf('status: ready');
      await type(document, new vscode.Position(status, 'status: '.length), 'not ');
      // Firebreak changes another line of it, and so has it read again with the half word in it.
      await vscode.commands.executeCommand('firebreak.restoreField', document.uri, 'status');
      assert.equal(document.lineAt(status).text, 'status: ready');
      assert.equal(document.isDirty, true);
      await pause(4_000);
      assert.deepEqual(await inferred(), []);
      await type(document, document.lineAt(line).range.end, 'O');
      await document.save();
      await eventually('the record', async () => (await inferred()).length > 0);
      assert.deepEqual(await inferred(), [{ title: 'Login is slow for SSO' }]);
    });
  });
});
