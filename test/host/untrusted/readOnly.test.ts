import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { newIncident } from '../../../src/documents/itemDocument.ts';
import { commandIds } from '../../../src/ui/contributions.ts';
import { eventually } from '../default/support/eventually.ts';
import { logText } from '../default/support/log.ts';
import { lensTitles, openFiles, problemCodes, webviewTabs } from '../default/support/seen.ts';
import { gitHere, onDisk, put, shopUri, textOf, uriOf } from '../default/support/shop.ts';

const uid = '01K5V7Z0000000000000000000';
const folder = 'incidents/BUG-P0-20250923-1430';
const document = `${folder}/incident.md`;
const event = `${folder}/timeline/20250923T143000Z-phase-9kn.md`;

/** Commands that show something, and so are there for everybody. */
const reading = [
  'firebreak.openItem',
  'firebreak.openTimeline',
  'firebreak.openDocument',
  'firebreak.copyId',
  'firebreak.groupBySeverity',
  'firebreak.groupByStatus',
  'firebreak.groupByType',
  'firebreak.openOnGitHub',
  'firebreak.showLog',
  'firebreak.showRequests',
  'firebreak.showSyncPlan',
  // They ask, and a test can't answer; what they write is the editor's own state or secret storage, never the folder.
  'firebreak.incidentActions',
  'firebreak.chooseFolder',
  'firebreak.setGitHubToken',
  'firebreak.removeGitHubToken',
  'firebreak.setWarRoomToken',
  'firebreak.removeWarRoomTokens',
  'firebreak.reachContact',
  'firebreak.openRunbook',
];

describe('Restricted Mode', () => {
  before(async () => {
    const incident = newIncident({
      id: 'BUG-P0-20250923-1430',
      uid,
      title: 'Checkout is down',
      type: 'bug',
      date: '2025-09-23',
      tags: [],
      severity: 'P0',
      status: 'doing',
      owner: undefined,
      sprint: undefined,
      phase: 'declared',
      service: undefined,
      criteria: [],
      roles: {},
      private: false,
      body: 'All of it.\n',
    });
    await put(document, incident);
    await put(
      event,
      `---\nid: 01K5V8A1B2C3D4E5F6G7H8J9KN\nincident: ${uid}\nkind: phase\nto: declared\nprev: null\nat: 2025-09-23T14:30:00Z\nrecorded: 2025-09-23T14:30:00Z\nby: "@ada"\norigin: 4f9a2c\n---\n`,
    );
    // A workspace may say where to look and what to do by itself; nothing of it counts before it is trusted.
    await put(
      '.vscode/settings.json',
      JSON.stringify({ 'firebreak.root': 'elsewhere', 'firebreak.git.commit': 'auto' }),
    );
    await eventually('the incident is known', async () => (await lensTitles(document)).length > 0);
  });

  const tree = async () => (await readdir(shopUri().fsPath, { recursive: true })).sort();

  it('shows what is there: problems, timelines, documents', async () => {
    await put('backlog/broken.md', '---\ntitle: [\n---\n');
    await eventually('the problem', () => problemCodes('backlog/broken.md').includes('brokenFrontMatter'));
    await vscode.commands.executeCommand('firebreak.openDocument', uid);
    assert.deepEqual(openFiles(), [uriOf(document).toString()]);
    await vscode.commands.executeCommand('firebreak.openTimeline', uid);
    await eventually('the timeline', () => webviewTabs().includes('P0 Checkout is down'));
  });

  it('offers the timeline above a document, and nothing that changes it', async () => {
    assert.deepEqual(await lensTitles(document), ['Timeline']);
  });

  it('reads none of the settings that a workspace brings', async () => {
    const setting = vscode.workspace.getConfiguration('firebreak', shopUri());
    assert.equal(setting.get('root'), '');
    assert.equal(setting.get('git.commit'), 'ask');
  });

  for (const command of commandIds.filter((id) => !reading.includes(id))) {
    it(`refuses ${command}, says why, and writes nothing`, async () => {
      const before = await tree();
      const text = await textOf(document);
      const refusals = async () => (await logText()).split('This folder is in Restricted Mode').length - 1;
      const said = await refusals();
      await vscode.commands.executeCommand(command, uid, 'status');
      await eventually('a refusal in the log', async () => (await refusals()) > said);
      assert.deepEqual(await tree(), before);
      assert.equal(await textOf(document), text);
    });
  }

  it('keeps no private state, runs no git, and sends nothing', async () => {
    assert.equal(existsSync(onDisk('.git/firebreak')), false);
    assert.deepEqual(await readdir(process.env.XDG_STATE_HOME ?? ''), []);
    const extension = vscode.extensions.getExtension('firebreak.firebreak');
    assert.ok(extension?.isActive);
    // git is run and GitHub is called from other bundles than these: what shows how sync stands calls nobody.
    const dist = path.join(extension.extensionPath, 'dist');
    const loaded = Object.keys(require.cache).filter((file) => file.startsWith(dist));
    const harmless = [
      'extension.js',
      'commands.js',
      'syncUi.js',
      'roomUi.js',
      'recordingUi.js',
      'alertsUi.js',
      'warRoomUi.js',
      'panels.js',
    ];
    assert.deepEqual(
      loaded.map((file) => path.basename(file)).filter((name) => !harmless.includes(name)),
      [],
    );
    assert.equal(await gitHere('log', '--format=%s'), 'Start');
  });
});
