import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { commandIds } from '../../../src/ui/contributions.ts';
import { eventually } from './support/eventually.ts';
import { emptyShop, gitHere, onDisk, put } from './support/shop.ts';

const extension = () => {
  const found = vscode.extensions.getExtension('firebreak.firebreak');
  assert.ok(found);
  return found;
};

describe('Activation', () => {
  before(() => extension().activate());
  after(emptyShop);

  it('loads the main bundle and none of those that are for later', () => {
    const dist = vscode.Uri.joinPath(extension().extensionUri, 'dist').fsPath;
    // Extensions and these tests run in one process, and so share the cache of modules.
    const loaded = Object.keys(require.cache).filter((file) => file.startsWith(dist));
    assert.deepEqual(
      loaded.map((file) => file.slice(dist.length + 1)),
      ['extension.js'],
    );
  });

  it('registers every command that it contributes, and no other', async () => {
    const registered = (await vscode.commands.getCommands(true)).filter((id) => /^firebreak\.[a-zA-Z]+$/.test(id));
    const contributed: { command: string }[] = extension().packageJSON.contributes.commands;
    assert.deepEqual(
      contributed.map(({ command }) => command).filter((id) => !registered.includes(id)),
      [],
    );
    assert.deepEqual(
      commandIds.filter((id) => !registered.includes(id)),
      [],
    );
  });

  it('has a text for each title, setting and welcome', () => {
    const untranslated: string[] = [];
    const look = (value: unknown, at: string): void => {
      if (typeof value === 'string' && /^%.*%$/.test(value)) untranslated.push(`${at}: ${value}`);
      if (typeof value !== 'object' || value === null) return;
      for (const [key, below] of Object.entries(value)) look(below, `${at}.${key}`);
    };
    look(extension().packageJSON, 'package');
    assert.deepEqual(untranslated, []);
  });

  it('writes nothing to a repository that has nothing of Firebreak\u2019s, and nothing beside it', async () => {
    // What needs a folder waits until it is open.
    await vscode.commands.executeCommand('firebreak.copyId');
    assert.equal(existsSync(onDisk('.git/firebreak')), false);
    assert.deepEqual(await readdir(process.env.XDG_STATE_HOME ?? ''), []);
    assert.deepEqual((await readdir(onDisk('.'))).sort(), ['.git', 'Makefile', 'README.md']);
    assert.equal(await gitHere('status', '--porcelain'), '');
  });

  it('keeps private state in the git folder, for this user alone, once files have come', async () => {
    await put('backlog/login.md', '---\ntitle: Login times out\n---\n');
    await eventually('the origin of this clone', () => existsSync(onDisk('.git/firebreak/origin')));
    assert.equal((await stat(onDisk('.git/firebreak'))).mode & 0o777, 0o700);
    assert.equal((await stat(onDisk('.git/firebreak/origin'))).mode & 0o777, 0o600);
    assert.equal(await gitHere('status', '--porcelain'), '?? backlog/');
  });
});
