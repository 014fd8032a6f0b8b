import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('A window with nothing open', () => {
  it('has no workspace folder', () => {
    assert.equal(vscode.workspace.workspaceFolders, undefined);
  });
});
