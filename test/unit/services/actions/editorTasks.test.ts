import assert from 'node:assert/strict';
import type { RunnableAction } from '../../../../src/core/runnableAction.ts';
import { approve, isApproved } from '../../../../src/services/actions/approvals.ts';
import { type EditorTask, editorActions } from '../../../../src/services/actions/editorTasks.ts';
import { runText } from '../../../../src/services/actions/runText.ts';
import { openClone } from '../clone.ts';

const gulp: EditorTask = {
  source: 'gulp',
  name: 'deploy',
  folder: undefined,
  definition: { type: 'gulp', task: 'deploy', file: 'gulpfile.js' },
  command: undefined,
  behind: ['{"type":"gulp","task":"deploy"}'],
  isEndless: false,
};
const npm = (script: string, more: Partial<EditorTask> = {}): EditorTask => ({
  ...gulp,
  source: 'npm',
  name: script,
  definition: { type: 'npm', script },
  command: `npm run ${script}`,
  ...more,
});
const known = (id: string, command: string) => ({ id, command }) as RunnableAction;
const offered = (tasks: readonly EditorTask[], all: readonly RunnableAction[] = []) =>
  editorActions(tasks, all).map(({ action }) => action);

describe('Tasks of VS Code', () => {
  it('are actions that are confirmed, unless their name says that they only look', () => {
    const [deploy, smoke] = offered([gulp, { ...gulp, name: 'smoke' }]);
    assert.deepEqual(
      [deploy?.id, deploy?.title, deploy?.kind, deploy?.risk, deploy?.command],
      ['vscode:gulp:deploy', 'gulp: deploy', 'other', 'high', 'gulp {"task":"deploy","file":"gulpfile.js"}'],
    );
    assert.deepEqual([smoke?.kind, smoke?.risk, smoke?.phases.includes('verify')], ['check', 'low', true]);
  });

  it('have the words of their file as their title, and their folder where there are several', () => {
    const [own, users, other] = offered([
      { ...gulp, source: 'Workspace', name: 'Restart workers' },
      { ...gulp, source: 'User', name: 'Call me' },
      { ...gulp, folder: 'billing' },
    ]);
    assert.deepEqual(
      [own?.title, users?.title, other?.title],
      ['Restart workers', 'Call me', 'gulp: deploy (billing)'],
    );
    assert.deepEqual([own?.id, other?.id], ['vscode:Workspace:Restart workers', 'vscode:gulp:billing:deploy']);
  });

  it('are left out where they never end, or are offered already, with what they print', () => {
    const all = [known('npm:smoke', 'npm run smoke'), known('task:Probe', 'probe'), known('cache', 'make cache')];
    const tasks = [
      { ...gulp, isEndless: true },
      npm('smoke'),
      npm('smoke', { definition: { type: 'npm', script: 'smoke', path: 'web' }, name: 'smoke - web' }),
      npm('other'),
      { ...gulp, source: 'Workspace', name: 'Probe' },
      { ...gulp, source: 'make', name: 'cache', command: 'make cache' },
      npm('smoke', { folder: 'billing' }),
    ];
    assert.deepEqual(
      editorActions(tasks, all).map(({ action, index }) => [action.id, index]),
      [
        ['vscode:npm:smoke - web', 2],
        ['vscode:npm:other', 3],
        ['vscode:npm:billing:smoke', 6],
      ],
    );
  });

  it('have ids of their own, also where two are called the same', () => {
    assert.deepEqual(
      offered([gulp, gulp, gulp]).map(({ id }) => id),
      ['vscode:gulp:deploy', 'vscode:gulp:deploy#2', 'vscode:gulp:deploy#3'],
    );
  });

  it('are shown again once anything of what they do has changed', async () => {
    const { privateFiles } = await openClone();
    const [before] = offered([gulp]);
    const [after] = offered([{ ...gulp, behind: ['{"type":"gulp","task":"deploy"}', 'clean: rm -rf /'] }]);
    assert.ok(before && after);
    await approve(privateFiles, before);
    assert.deepEqual([await isApproved(privateFiles, before), await isApproved(privateFiles, after)], [true, false]);
  });

  it('leave an event that says that nobody heard them, and what is known of their end', () => {
    const text = (exit: number | undefined, output: string) =>
      runText(
        { title: 'gulp: deploy', command: 'gulp {"task":"deploy"}', freeze: undefined },
        {
          end: { exit, signal: undefined, failure: undefined, ...(output === '' ? { unheard: true } : {}) },
          output,
          files: [],
        },
      );
    assert.equal(
      text(0, ''),
      '**gulp: deploy**: succeeded.\n\n```sh\ngulp {"task":"deploy"}\n```\n\nVS Code gives no output of this task.',
    );
    assert.match(text(undefined, ''), /^\*\*gulp: deploy\*\*: ended, and nobody was told its exit code\./);
    assert.match(text(1, 'boom'), /failed with exit code 1\.\n\n```sh\n.*\n```\n\n```text\nboom\n```$/s);
  });
});
