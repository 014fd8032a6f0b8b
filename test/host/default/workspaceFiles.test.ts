import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { NodeFiles } from '../../../src/adapters/node/nodeFiles.ts';
import { smallestChange, WorkspaceFiles } from '../../../src/adapters/vscode/workspaceFiles.ts';
import { FileError } from '../../../src/core/ports/files.ts';
import { eventually } from './support/eventually.ts';
import { emptyShop, noAutoSave, onDisk, put, shopUri, textOf, type, uriOf } from './support/shop.ts';

const ready = '---\ntitle: Login\nstatus: ready\n---\nWhat happens.\n';
const doing = '---\ntitle: Login\nstatus: doing\n---\nWhat happens.\n';
const endOfBody = new vscode.Position(4, 'What happens.'.length);

describe('Files of a folder that is open in the editor', () => {
  let disk: NodeFiles;
  let files: WorkspaceFiles;
  let count = 0;
  /**
   * Outside the folders of the layout, so that the extension has no part in what happens here; another for each test,
   * since an editor remembers a file for a while after it was closed.
   */
  let file: string;
  before(noAutoSave);
  beforeEach(() => {
    file = `ops/notes-${++count}.md`;
    disk = new NodeFiles(shopUri().fsPath);
    files = new WorkspaceFiles(disk, shopUri());
  });
  afterEach(emptyShop);

  const readText = async (name: string) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(await files.read(name));
  const open = async (name: string) => {
    const document = await vscode.workspace.openTextDocument(uriOf(name));
    await vscode.window.showTextDocument(document);
    return document;
  };

  describe('a file that is not open', () => {
    it('is read from and written to the disk', async () => {
      await put(file, ready);
      assert.equal(await readText(file), ready);
      await files.write(file, doing, ready);
      assert.equal(await textOf(file), doing);
    });

    it('keeps its byte order mark, and line ends of both kinds', async () => {
      const mixed = '\uFEFF---\r\ntitle: Login\nstatus: ready\r\n---\nWhat happens.\r\n';
      await put(file, mixed);
      assert.equal(await readText(file), mixed);
      await files.write(file, mixed.replace('ready', 'doing'), mixed);
      assert.equal(await textOf(file), mixed.replace('ready', 'doing'));
    });

    it('is moved on disk', async () => {
      await put(file, ready);
      await files.move(file, 'ops/deep/down/moved.md');
      assert.equal(await textOf('ops/deep/down/moved.md'), ready);
      assert.equal(existsSync(onDisk(file)), false);
    });
  });

  describe('a file that is open and saved', () => {
    it('changes in the editor and on disk, and one undo takes it back', async () => {
      await put(file, ready);
      const document = await open(file);
      await files.write(file, doing, ready);
      assert.equal(document.getText(), doing);
      assert.equal(document.isDirty, false);
      assert.equal(await textOf(file), doing);
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), ready);
    });

    it('leaves the selection on the words that it was on', async () => {
      await put(file, ready);
      const document = await open(file);
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor);
      editor.selection = new vscode.Selection(4, 5, 4, 12);
      await files.write(file, doing.replace('title: Login', 'title: Login times out\nowner: "@ada"'), ready);
      assert.equal(document.getText(editor.selection), 'happens');
    });

    it('keeps CRLF line ends', async () => {
      const crlf = ready.replaceAll('\n', '\r\n');
      await put(file, crlf);
      const document = await open(file);
      await files.write(file, doing.replaceAll('\n', '\r\n'), crlf);
      assert.equal(document.isDirty, false);
      assert.equal(await textOf(file), doing.replaceAll('\n', '\r\n'));
    });

    it('keeps its byte order mark', async () => {
      await put(file, `\uFEFF${ready}`);
      const document = await open(file);
      await files.write(file, `\uFEFF${doing}`, `\uFEFF${ready}`);
      assert.equal(document.getText(), doing);
      assert.equal(await textOf(file), `\uFEFF${doing}`);
    });

    it('keeps each line end where they are mixed, which an editor would make alike', async () => {
      const mixed = '---\r\ntitle: Login\nstatus: ready\r\n---\nWhat happens.\r\nAnd when.\n';
      await put(file, mixed);
      const document = await open(file);
      await files.write(file, mixed.replace('ready', 'doing'), mixed);
      assert.equal(await textOf(file), mixed.replace('ready', 'doing'));
      await eventually('the editor shows the disk', () => document.getText().includes('doing') && !document.isDirty);
      assert.equal(await textOf(file), mixed.replace('ready', 'doing'));
    });

    it('is written on disk while the editor still shows what was there before', async () => {
      await put(file, ready);
      const document = await open(file);
      const pulled = ready.replace('What happens.', 'What happened then.');
      await put(file, pulled);
      await files.write(file, pulled.replace('ready', 'doing'), pulled);
      assert.equal(await textOf(file), pulled.replace('ready', 'doing'));
      await eventually('the editor follows', () => document.getText() === pulled.replace('ready', 'doing'));
      assert.equal(document.isDirty, false);
    });

    it('is changed on disk where the editor takes it for read-only', async () => {
      await put(file, ready);
      const configuration = vscode.workspace.getConfiguration('files');
      await configuration.update('readonlyInclude', { 'ops/**': true }, vscode.ConfigurationTarget.Workspace);
      try {
        const document = await open(file);
        await files.write(file, doing, ready);
        assert.equal(await textOf(file), doing);
        await eventually('the editor follows', () => document.getText() === doing);
      } finally {
        await configuration.update('readonlyInclude', undefined, vscode.ConfigurationTarget.Workspace);
      }
    });

    it('says so when the disk refuses', async () => {
      await put(file, ready);
      await open(file);
      // Root may write to any file, so the refusal is the disk's own word, at the port.
      const refusing = new WorkspaceFiles(refusingWrites(disk), shopUri());
      const configuration = vscode.workspace.getConfiguration('files');
      await configuration.update('readonlyInclude', { 'ops/**': true }, vscode.ConfigurationTarget.Workspace);
      try {
        await assert.rejects(refusing.write(file, doing, ready), (error) => FileError.is(error, 'readOnly'));
        assert.equal(await textOf(file), ready);
      } finally {
        await configuration.update('readonlyInclude', undefined, vscode.ConfigurationTarget.Workspace);
      }
    });
  });

  describe('a file with unsaved words', () => {
    it('is read with them', async () => {
      await put(file, ready);
      await type(await open(file), endOfBody, ' And when.');
      assert.equal(await readText(file), ready.replace('happens.', 'happens. And when.'));
    });

    it('is changed in the editor alone, and stays the person\u2019s to save', async () => {
      await put(file, ready);
      const document = await open(file);
      await type(document, endOfBody, ' And when.');
      const source = await readText(file);
      await files.write(file, source.replace('ready', 'doing'), source);
      assert.equal(document.getText(), doing.replace('happens.', 'happens. And when.'));
      assert.equal(document.isDirty, true);
      assert.equal(await textOf(file), ready);
      assert.equal(await document.save(), true);
      assert.equal(await textOf(file), doing.replace('happens.', 'happens. And when.'));
    });

    it('keeps its byte order mark and CRLF when the person saves', async () => {
      const crlf = `\uFEFF${ready.replaceAll('\n', '\r\n')}`;
      await put(file, crlf);
      const document = await open(file);
      await type(document, endOfBody, ' And when.');
      const source = await readText(file);
      await files.write(file, source.replace('ready', 'doing'), source);
      await document.save();
      assert.equal(await textOf(file), crlf.replace('ready', 'doing').replace('happens.', 'happens. And when.'));
    });

    it('keeps what is typed between the reading and the writing', async () => {
      await put(file, ready);
      const document = await open(file);
      const source = await readText(file);
      await type(document, endOfBody, ' And when.');
      await files.write(file, source.replace('ready', 'doing'), source);
      assert.equal(document.getText(), doing.replace('happens.', 'happens. And when.'));
      assert.equal(await textOf(file), ready);
    });

    it('keeps what is typed while the edit is on its way', async () => {
      await put(file, ready);
      const document = await open(file);
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor);
      editor.selection = new vscode.Selection(endOfBody, endOfBody);
      const typing = Promise.all(
        [' And', ' when', ' and', ' where.'].map((text) => vscode.commands.executeCommand('type', { text })),
      );
      await files.write(file, doing, ready);
      await typing;
      assert.equal(document.getText(), doing.replace('happens.', 'happens. And when and where.'));
    });

    it('is left alone when the very lines were typed in since', async () => {
      await put(file, ready);
      const document = await open(file);
      const source = await readText(file);
      await type(document, new vscode.Position(2, 'status: ready'.length), ' or not');
      await assert.rejects(files.write(file, source.replace('ready', 'doing'), source), (error) =>
        FileError.is(error, 'failed'),
      );
      assert.equal(document.getText(), ready.replace('ready', 'ready or not'));
      assert.equal(await textOf(file), ready);
    });

    it('takes them along when it is moved, and what is written next goes to the new place', async () => {
      await put(file, ready);
      const document = await open(file);
      await type(document, endOfBody, ' And when.');
      await files.move(file, 'ops/incident/incident.md');
      assert.equal(existsSync(onDisk(file)), false);
      assert.equal(await textOf('ops/incident/incident.md'), ready);
      const source = await readText('ops/incident/incident.md');
      assert.equal(source, ready.replace('happens.', 'happens. And when.'));
      await files.write('ops/incident/incident.md', source.replace('ready', 'doing'), source);
      const moved = vscode.workspace.textDocuments.find(
        (one) => one.uri.toString() === uriOf('ops/incident/incident.md').toString(),
      );
      assert.equal(moved?.getText(), doing.replace('happens.', 'happens. And when.'));
      assert.equal(moved?.isDirty, true);
      assert.equal(await textOf('ops/incident/incident.md'), ready);
    });
  });

  it('never moves onto a file that is there', async () => {
    await put(file, ready);
    await put('ops/taken.md', 'mine\n');
    await open(file);
    await assert.rejects(files.move(file, 'ops/taken.md'), (error) => FileError.is(error, 'exists'));
    assert.equal(await textOf('ops/taken.md'), 'mine\n');
    assert.equal(await textOf(file), ready);
  });

  it('keeps the permissions of an open file', async () => {
    await put(file, ready);
    await chmod(onDisk(file), 0o640);
    await open(file);
    await files.write(file, doing, ready);
    assert.equal(await textOf(file), doing);
    assert.equal((await stat(onDisk(file))).mode & 0o777, 0o640);
  });

  it('replaces no half of a character', () => {
    // Both emojis begin with the same of their two units.
    const change = smallestChange('a \u{1F525} z', 'a \u{1F6D1} z');
    assert.deepEqual(smallestChange('a \u{1F525} z', 'a \u{1F526} z'), { start: 2, end: 4, text: '\u{1F526}' });
    // And these end with the same.
    assert.deepEqual(smallestChange('\u{1F525}', '\u{1F925}'), { start: 0, end: 2, text: '\u{1F925}' });
    assert.equal(`a ${change.text} z`, 'a \u{1F6D1} z');
  });
});

function refusingWrites(disk: NodeFiles) {
  return {
    stat: (path: string) => disk.stat(path),
    list: (path: string) => disk.list(path),
    read: (path: string) => disk.read(path),
    create: (path: string, text: string) => disk.create(path, text),
    move: (from: string, to: string) => disk.move(from, to),
    delete: (path: string) => disk.delete(path),
    write: (path: string) => Promise.reject(new FileError('readOnly', path)),
  };
}
