import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { silentLog } from '../../../src/core/ports/environment.ts';
import { Reporter } from '../../../src/ui/reporter.ts';
import { OpenRoot } from '../../../src/ui/session/openRoot.ts';
import { findRootFolder } from '../../../src/ui/session/rootFolder.ts';
import { eventually } from './support/eventually.ts';
import { memoryMemento } from './support/memento.ts';
import { problemCodes } from './support/seen.ts';
import { portsHere } from './support/session.ts';
import { emptyShop, onDisk, put, shopUri, uriOf } from './support/shop.ts';

const broken = '---\ntitle: [\n---\n';

async function setRoot(value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('firebreak', shopUri());
  await configuration.update('root', value, vscode.ConfigurationTarget.WorkspaceFolder);
}

/**
 * Makes a folder level by level, each once VS Code has noticed the one above: its watcher may miss what is in a deep folder
 * that is made at once, for good.
 */
async function watchedFolder(folder: string): Promise<void> {
  const parts = folder.split('/');
  for (const [index] of parts.entries()) {
    const name = parts.slice(0, index + 1).join('/');
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(shopUri(), `{${name},${name}/**}`),
    );
    let noticed = false;
    watcher.onDidCreate(() => {
      noticed = true;
    });
    await mkdir(onDisk(name), { recursive: true });
    try {
      await eventually(`${name} to be noticed`, () => noticed);
    } finally {
      watcher.dispose();
    }
  }
}

describe('The setting firebreak.root', () => {
  afterEach(async () => {
    await setRoot(undefined);
    await emptyShop();
    await rm(onDisk('docs'), { recursive: true, force: true });
  });

  it('moves Firebreak to a folder below, at once and for good', async () => {
    await put('backlog/here.md', broken);
    await watchedFolder('docs/incident-response/backlog');
    await put('docs/incident-response/backlog/there.md', broken);
    await eventually('the problem in the folder itself', () => problemCodes('backlog/here.md').length > 0);
    assert.deepEqual(problemCodes('docs/incident-response/backlog/there.md'), []);
    await setRoot('docs/incident-response');
    const there = 'docs/incident-response/backlog/there.md';
    await eventually('the problem in the folder below', () => problemCodes(there).length > 0);
    assert.deepEqual(problemCodes('backlog/here.md'), []);
    await put('docs/incident-response/backlog/later.md', broken);
    await eventually('a new file there', () => problemCodes('docs/incident-response/backlog/later.md').length > 0);
    await setRoot(undefined);
    await eventually('back in the folder itself', () => problemCodes('backlog/here.md').length > 0);
    assert.deepEqual(problemCodes(there), []);
  });

  it('may end in a slash, and be written with backslashes', async () => {
    for (const value of ['./docs/', 'docs\\']) {
      await setRoot(value);
      assert.equal((await findRootFolder(undefined))?.uri.toString(), uriOf('docs').toString());
    }
  });

  for (const value of ['..', '../billing', 'docs/../../billing', '/etc', 'C:\\Windows', '~/incidents']) {
    it(`does not lead out of the folder by ${value}`, async () => {
      await setRoot(value);
      const root = await findRootFolder(undefined);
      assert.equal(root?.uri.toString(), shopUri().toString());
      assert.equal(root?.refusedSetting, value);
    });
  }

  it('counts as none when it is no text', async () => {
    await setRoot(7);
    assert.equal((await findRootFolder(undefined))?.uri.toString(), shopUri().toString());
  });
});

describe('A folder that cannot be opened', () => {
  afterEach(emptyShop);

  it('leaves no session, says so, and can be opened once that is mended', async () => {
    const said: string[] = [];
    const log = { ...silentLog, error: (message: string) => void said.push(message) };
    let isBroken = true;
    const root = new OpenRoot(
      async (uri) => {
        if (isBroken) throw new Error('The disk is gone.');
        return portsHere(uri);
      },
      new Reporter(log, () => undefined),
      memoryMemento(),
    );
    try {
      let told = 0;
      root.onDidOpen(() => told++);
      await root.open();
      assert.equal(root.session, undefined);
      assert.equal(told, 1);
      assert.deepEqual(said, ['Opening the folder']);
      await assert.rejects(root.require(), { code: 'noFolder' });
      isBroken = false;
      await root.open();
      assert.equal((await root.require()).root.uri.toString(), shopUri().toString());
    } finally {
      root.dispose();
    }
  });

  it('is opened for use when somebody first acts in it, once for all who act', async () => {
    const uses: boolean[] = [];
    const root = new OpenRoot(
      async (uri, { used }) => {
        uses.push(used);
        return used ? portsHere(uri) : { ...(await portsHere(uri)), privateFiles: undefined };
      },
      new Reporter(silentLog, () => undefined),
      memoryMemento(),
    );
    try {
      await root.open();
      assert.equal((await root.require()).canAct, false);
      const [first, second] = await Promise.all([root.requireTrusted(), root.requireTrusted()]);
      assert.equal(first, second);
      assert.equal(first.canAct, true);
      assert.notEqual(first.privateFiles, undefined);
      assert.equal(await root.requireTrusted(), first);
      assert.deepEqual(uses, [false, true]);
    } finally {
      root.dispose();
    }
  });

  it('loads once for wishes in one breath, and nothing after its end', async () => {
    let asked = 0;
    const root = new OpenRoot(
      async (uri) => {
        asked++;
        return portsHere(uri);
      },
      new Reporter(silentLog, () => undefined),
      memoryMemento(),
    );
    await Promise.all([root.open(), root.open(), root.open()]);
    assert.equal(asked, 1);
    const opening = root.open();
    root.dispose();
    await opening;
    assert.equal(root.session, undefined);
  });
});
