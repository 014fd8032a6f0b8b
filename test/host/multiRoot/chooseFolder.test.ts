import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { silentLog } from '../../../src/core/ports/environment.ts';
import { Reporter } from '../../../src/ui/reporter.ts';
import { OpenRoot } from '../../../src/ui/session/openRoot.ts';
import { findRootFolder } from '../../../src/ui/session/rootFolder.ts';
import { memoryMemento } from '../default/support/memento.ts';
import { portsHere } from '../default/support/session.ts';
import { put } from '../default/support/shop.ts';

const folder = (name: string) => {
  const found = vscode.workspace.workspaceFolders?.find((one) => one.name === name);
  assert.ok(found);
  return found;
};

describe('In a workspace of two folders, Firebreak works in', () => {
  const inBilling = path.join('..', 'billing', 'incidents', 'BUG-P0-20250923-1430', 'incident.md');
  afterEach(() => rm(path.join(folder('billing').uri.fsPath, 'incidents'), { recursive: true, force: true }));

  it('the first, as long as neither has incidents', async () => {
    assert.equal((await findRootFolder(undefined))?.folder.name, 'shop');
  });

  it('the one that has incidents', async () => {
    await put(inBilling, '---\ntitle: Invoices are wrong\n---\n');
    assert.equal((await findRootFolder(undefined))?.folder.name, 'billing');
  });

  it('the one that the user chose, now and after the next start', async () => {
    const memory = memoryMemento();
    const open = async () => {
      const root = new OpenRoot(portsHere, new Reporter(silentLog, () => undefined), memory);
      await root.open();
      return root;
    };
    const root = await open();
    assert.equal(root.session?.root.folder.name, 'shop');
    await root.choose(folder('billing'));
    assert.equal((await root.require()).root.folder.name, 'billing');
    root.dispose();
    const later = await open();
    assert.equal(later.session?.root.folder.name, 'billing');
    later.dispose();
  });

  it('the first again when the chosen one is gone', async () => {
    assert.equal((await findRootFolder('file:///gone'))?.folder.name, 'shop');
  });

  it('the folder that its own root setting names', async () => {
    const configuration = vscode.workspace.getConfiguration('firebreak', folder('billing').uri);
    await configuration.update('root', 'ops', vscode.ConfigurationTarget.WorkspaceFolder);
    try {
      const root = await findRootFolder(folder('billing').uri.toString());
      assert.equal(root?.uri.fsPath, path.join(folder('billing').uri.fsPath, 'ops'));
      assert.equal((await findRootFolder(undefined))?.uri.fsPath, folder('shop').uri.fsPath);
    } finally {
      await configuration.update('root', undefined, vscode.ConfigurationTarget.WorkspaceFolder);
    }
  });
});
