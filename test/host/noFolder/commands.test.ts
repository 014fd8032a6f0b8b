import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import { commandIds } from '../../../src/ui/contributions.ts';
import { eventually } from '../default/support/eventually.ts';
import { logText } from '../default/support/log.ts';

/** They need no folder. */
const anywhere = [
  'firebreak.groupBySeverity',
  'firebreak.groupByStatus',
  'firebreak.groupByType',
  'firebreak.setGitHubToken',
  'firebreak.removeGitHubToken',
  'firebreak.setAlertmanagerToken',
  'firebreak.removeAlertmanagerToken',
  'firebreak.setWarRoomToken',
  'firebreak.removeWarRoomTokens',
  'firebreak.chooseFolder',
  'firebreak.showLog',
  'firebreak.showRequests',
];

describe('With no folder open', () => {
  before(() => vscode.extensions.getExtension('firebreak.firebreak')?.activate());

  for (const command of commandIds.filter((id) => !anywhere.includes(id))) {
    it(`${command} says that one is needed`, async () => {
      const refusals = async () => (await logText()).split('Open a folder first').length - 1;
      const said = await refusals();
      await vscode.commands.executeCommand(command);
      await eventually('the sentence in the log', async () => (await refusals()) > said);
    });
  }

  it('nothing is kept anywhere', async () => {
    assert.deepEqual(await readdir(process.env.XDG_STATE_HOME ?? ''), []);
  });
});
