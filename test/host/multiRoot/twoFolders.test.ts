import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('A workspace of two folders', () => {
  it('has both', () => {
    assert.deepEqual(
      vscode.workspace.workspaceFolders?.map((folder) => folder.name),
      ['shop', 'billing'],
    );
  });
});
