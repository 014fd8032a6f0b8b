import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('A workspace that nobody has trusted', () => {
  it('is open in Restricted Mode', () => {
    assert.equal(vscode.workspace.isTrusted, false);
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
  });
});
