import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Incident } from '../../../src/core/item.ts';
import { isProposal, type Proposal, recordedKinds } from '../../../src/core/recording.ts';
import { cancelIncident } from '../../../src/services/closeWrongIncident.ts';
import { requireIncident } from '../../../src/services/context.ts';
import { eventually } from './support/eventually.ts';
import { lenses } from './support/seen.ts';
import { declareElsewhere, sessionHere } from './support/session.ts';
import { emptyShop, gitHere, onDisk } from './support/shop.ts';

describe('Recording', () => {
  let incident: Incident;
  const setting = (kinds: readonly string[] | undefined) =>
    vscode.workspace.getConfiguration().update('firebreak.recording.keep', kinds, vscode.ConfigurationTarget.Global);

  beforeEach(async () => {
    incident = await declareElsewhere('Checkout is down', { commander: '@ada' });
    await eventually('the extension knows it', async () =>
      (await lenses(incident.path)).some(({ parameters }) => parameters.includes(incident.uid)),
    );
    await vscode.commands.executeCommand('firebreak.startRecording', incident.uid);
    await eventually('it is on', async () => (await state()).incident === incident.uid);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('firebreak.stopRecording');
    await rm(onDisk('.git/firebreak/recording'), { recursive: true, force: true });
    await emptyShop();
  });

  async function state(): Promise<{ incident?: string }> {
    return JSON.parse(await readFile(onDisk('.git/firebreak/recording/state.json'), 'utf8').catch(() => '{}'));
  }

  async function proposals(): Promise<Proposal[]> {
    const folder = onDisk('.git/firebreak/recording/proposals');
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
    const read = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8').catch(() => '{}')));
    return read.map((text): unknown => JSON.parse(text)).filter(isProposal);
  }

  const proposed = (what: string, fits: (proposal: Proposal) => boolean) =>
    eventually(what, async () => (await proposals()).find(fits));

  const events = async (kind: string) =>
    (await readdir(onDisk(`${incident.incident.folder}/timeline`))).filter((name) => name.includes(`-${kind}-`));

  /** Runs a shell task to its end. */
  async function run(name: string, type: string, line: string): Promise<void> {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const task = new vscode.Task({ type }, folder, name, 'shop', new vscode.ShellExecution(line));
    const ended = new Promise<void>((resolve) => {
      const listening = vscode.tasks.onDidEndTaskProcess((event) => {
        if (event.execution.task.name !== name) return;
        listening.dispose();
        resolve();
      });
    });
    await vscode.tasks.executeTask(task);
    await ended;
  }

  it('proposes tasks with their exit codes, and not those that the incident room runs itself', async () => {
    await run('rollback', 'firebreak', 'true');
    await run('smoke', 'shell', 'exit 3');
    const proposal = await proposed('the task', ({ kind }) => kind === 'task');
    assert.equal(proposal.text, 'Task smoke');
    assert.equal(proposal.exit, 3);
    assert.equal(proposal.incident, incident.uid);
    assert.ok(!(await proposals()).some(({ text }) => text.includes('rollback')));
    assert.deepEqual(await events('command'), []);
  });

  it('proposes what any program does with the repository', async () => {
    await gitHere('commit', '--quiet', '--allow-empty', '-m', 'Raise the pool');
    await gitHere('tag', 'v1.4.2');
    const commit = await proposed('the commit', ({ kind }) => kind === 'commit');
    assert.equal(commit.text, 'Raise the pool');
    await proposed('the tag', ({ kind, text }) => kind === 'tag' && text === 'Tag v1.4.2');
    await vscode.commands.executeCommand('firebreak.keepRecorded', commit);
    assert.equal((await events('commit')).length, 1);
    await vscode.commands.executeCommand('firebreak.keepRecorded', commit);
    assert.equal((await events('commit')).length, 1);
    await vscode.commands.executeCommand('firebreak.dropRecorded', undefined, await proposals());
    assert.deepEqual(await proposals(), []);
    await gitHere('tag', '--delete', 'v1.4.2');
  });

  it('keeps the kinds by itself that the setting names', async () => {
    await setting(['commit', 'no-such-kind']);
    try {
      await gitHere('commit', '--quiet', '--allow-empty', '-m', 'Raise it again');
      await eventually('the event', async () => (await events('commit')).length === 1);
      await eventually('nothing waits', async () => (await proposals()).length === 0);
    } finally {
      await setting(undefined);
    }
  });

  it('offers the kinds in its setting that there are', () => {
    const { properties } =
      vscode.extensions.getExtension('firebreak.firebreak')?.packageJSON.contributes.configuration ?? {};
    assert.deepEqual(properties['firebreak.recording.keep'].items.enum, recordedKinds);
  });

  it('ends when the incident is closed', async () => {
    const session = await sessionHere();
    await cancelIncident(session.context, requireIncident(session.index, incident.uid), 'A test of the alarm.');
    await eventually('it is off', async () => (await state()).incident === undefined);
  });
});
