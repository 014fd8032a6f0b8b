import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Incident } from '../../../src/core/item.ts';
import { addItem } from '../../../src/services/addItem.ts';
import { changePhase } from '../../../src/services/changePhase.ts';
import { cancelIncident } from '../../../src/services/closeWrongIncident.ts';
import { requireIncident } from '../../../src/services/context.ts';
import { declareItem } from '../../../src/services/declareIncident.ts';
import { eventually } from './support/eventually.ts';
import { lenses, lensTitles, openFiles, webviewTabs } from './support/seen.ts';
import { declareElsewhere, sessionHere } from './support/session.ts';
import { closeEditors, emptyShop, noAutoSave, onDisk, textOf, type, uriOf } from './support/shop.ts';

describe('An incident in the editor', () => {
  let incident: Incident;
  beforeEach(async () => {
    incident = await declareElsewhere('Checkout is down', { commander: '@ada' });
    await eventually('the extension knows it', async () =>
      (await lenses(incident.path)).some(({ parameters }) => parameters.includes(incident.uid)),
    );
  });
  afterEach(emptyShop);

  const eventFiles = async (kind: string) =>
    (await readdir(onDisk(`${incident.incident.folder}/timeline`))).filter((name) => name.includes(`-${kind}-`));

  describe('above the first line of its document', () => {
    it('offers what comes next, with the incident as the parameter', async () => {
      assert.deepEqual(await lenses(incident.path), [
        { title: 'Timeline', command: 'firebreak.openTimeline', parameters: [incident.uid] },
        // The commander is known from the declaration, so that clock has stopped.
        { title: 'Status Update', command: 'firebreak.draftStatusUpdate', parameters: [incident.uid] },
        { title: 'Phase: Declared \u2192 Triage\u2026', command: 'firebreak.changePhase', parameters: [incident.uid] },
        { title: 'More\u2026', command: 'firebreak.incidentActions', parameters: [incident.uid] },
      ]);
    });

    it('follows the phase', async () => {
      const session = await sessionHere();
      await changePhase(session.context, requireIncident(session.index, incident.uid), 'mitigate');
      await eventually('the new phase', async () =>
        (await lensTitles(incident.path)).includes('Phase: Mitigate \u2192 Investigate\u2026'),
      );
    });

    it('offers the timeline and the phase alone once it is over', async () => {
      const session = await sessionHere();
      await cancelIncident(session.context, requireIncident(session.index, incident.uid), 'A test of the alarm.');
      await eventually('fewer lenses', async () => {
        assert.deepEqual(
          (await lenses(incident.path)).map(({ command }) => command),
          ['firebreak.openTimeline', 'firebreak.changePhase'],
        );
        return true;
      });
    });

    it('has nothing for other files', async () => {
      const [name] = await eventFiles('phase');
      assert.deepEqual(await lensTitles(`${incident.incident.folder}/timeline/${name}`), []);
    });
  });

  describe('a command', () => {
    const parameters: Record<string, () => unknown> = {
      'an incident\u2019s uid': () => incident.uid,
      'its id': () => incident.id,
      'the URI of its document': () => uriOf(incident.path),
      'a row of a tree': () => ({ kind: 'item', uid: incident.uid }),
    };
    for (const [what, parameter] of Object.entries(parameters)) {
      it(`takes ${what}`, async () => {
        await vscode.commands.executeCommand('firebreak.openDocument', parameter());
        assert.deepEqual(openFiles(), [uriOf(incident.path).toString()]);
      });
    }

    it('takes the URI of any file of the incident', async () => {
      const [name] = await eventFiles('phase');
      const uri = uriOf(`${incident.incident.folder}/timeline/${name}`);
      await vscode.commands.executeCommand('firebreak.openDocument', uri);
      assert.deepEqual(openFiles(), [uriOf(incident.path).toString()]);
    });

    it('without a parameter takes the only open incident', async () => {
      await vscode.commands.executeCommand('firebreak.openDocument');
      assert.deepEqual(openFiles(), [uriOf(incident.path).toString()]);
    });

    it('opens one timeline for an incident, however often', async () => {
      await vscode.commands.executeCommand('firebreak.openTimeline', incident.uid);
      await vscode.commands.executeCommand('firebreak.openTimeline', uriOf(incident.path));
      await eventually('its title', () => webviewTabs().includes('P0 Checkout is down'));
      assert.equal(webviewTabs().length, 1);
    });

    it('opens the draft of a status update in the private state, from which it is posted once', async () => {
      await vscode.commands.executeCommand('firebreak.draftStatusUpdate', incident.uid);
      const document = vscode.window.activeTextEditor?.document;
      assert.ok(document);
      assert.equal(document.uri.fsPath, onDisk(`.git/firebreak/drafts/${incident.id}/status-update.md`));
      assert.equal(document.languageId, 'markdown');
      const line = document
        .getText()
        .split('\n')
        .findIndex((text) => text.startsWith('- **Current State**: '));
      const start = new vscode.Position(line, '- **Current State**: '.length);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, new vscode.Range(start, document.lineAt(line).range.end), 'Checkout answers 503.');
      await vscode.workspace.applyEdit(edit);
      await Promise.all([
        vscode.commands.executeCommand('firebreak.postStatusUpdate'),
        vscode.commands.executeCommand('firebreak.postStatusUpdate'),
      ]);
      const posted = await eventFiles('status');
      assert.equal(posted.length, 1);
      const text = await textOf(`${incident.incident.folder}/timeline/${posted[0]}`);
      assert.match(text, /^- \*\*Current State\*\*: Checkout answers 503\.$/m);
      assert.doesNotMatch(text, /\[/);
      assert.equal(existsSync(document.uri.fsPath), false);
      assert.deepEqual(openFiles(), []);
    });

    it('on what is gone does nothing to what is there', async () => {
      const before = await readdir(onDisk(`${incident.incident.folder}/timeline`));
      await vscode.commands.executeCommand('firebreak.acknowledge', '01K5V7Z0000000000000000000');
      await vscode.commands.executeCommand('firebreak.acknowledge', {
        kind: 'item',
        uid: '01K5V7Z0000000000000000000',
      });
      await vscode.commands.executeCommand(
        'firebreak.acknowledge',
        uriOf('incidents/BUG-P0-20250923-1430/incident.md'),
      );
      assert.deepEqual(await readdir(onDisk(`${incident.incident.folder}/timeline`)), before);
    });
  });

  it('is acknowledged by one event, which the document need not show', async () => {
    const session = await sessionHere();
    const item = await addItem(session.context, { type: 'bug', title: 'Search is down', severity: 'P1' });
    const other = await declareItem(session.context, item, { title: 'Search is down', severity: 'P1', criteria: [] });
    await eventually('the offer', async () => (await lensTitles(other.path)).includes('Acknowledge'));
    const before = await textOf(other.path);
    await vscode.commands.executeCommand('firebreak.acknowledge', other.uid);
    const names = (await readdir(onDisk(`${other.incident.folder}/timeline`))).filter((name) =>
      name.includes('-acknowledge-'),
    );
    assert.equal(names.length, 1);
    assert.match(await textOf(`${other.incident.folder}/timeline/${names[0]}`), /^by: .*Ada Example/m);
    assert.equal(await textOf(other.path), before);
    await eventually('no more offer', async () => !(await lensTitles(other.path)).includes('Acknowledge'));
  });
});

// Each item here has a kind of its own: an id holds the minute alone, and of a file that another test has just taken away
// VS Code still knows the text.
describe('An item of the backlog that is being edited', () => {
  before(noAutoSave);
  afterEach(emptyShop);

  it('keeps the unsaved words when it is declared', async () => {
    const session = await sessionHere();
    const item = await addItem(session.context, { type: 'task', title: 'Login times out', severity: 'P3' });
    const onDiskBefore = await textOf(item.path);
    const document = await vscode.workspace.openTextDocument(uriOf(item.path));
    await vscode.window.showTextDocument(document);
    await type(document, document.lineAt(document.lineCount - 1).range.end, 'Since the deploy at noon.\n');
    const incident = await declareItem(session.context, item, { title: item.title, severity: 'P0', criteria: [] });
    assert.equal(incident.path, `incidents/${item.id}/incident.md`);
    assert.equal(existsSync(onDisk(item.path)), false);
    const moved = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uriOf(incident.path).toString());
    assert.equal(moved?.isDirty, true);
    assert.match(moved?.getText() ?? '', /Since the deploy at noon\./);
    assert.match(moved?.getText() ?? '', /^severity: P0$/m);
    assert.match(moved?.getText() ?? '', /^phase: declared$/m);
    // What is not saved is not on disk; what was there is.
    assert.equal(await textOf(incident.path), onDiskBefore);
    assert.equal(await moved?.save(), true);
    assert.match(await textOf(incident.path), /Since the deploy at noon\./);
    await closeEditors();
  });

  it('moves with its editor when it was saved', async () => {
    const session = await sessionHere();
    const item = await addItem(session.context, { type: 'feature', title: 'Login times out', severity: 'P3' });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uriOf(item.path)));
    const incident = await declareItem(session.context, item, { title: item.title, severity: 'P0', criteria: [] });
    await eventually('the editor of the incident', () => openFiles().includes(uriOf(incident.path).toString()));
    assert.match(await textOf(incident.path), /^phase: declared$/m);
    assert.equal(
      vscode.workspace.textDocuments.some((one) => one.isDirty),
      false,
    );
  });
});
