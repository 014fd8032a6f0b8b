import assert from 'node:assert/strict';
import { writeFiles } from '../host/harness/repository.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import { temporaryFolder } from './harness/temporaryFolder.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, loginIsDown } from './support/documents.ts';
import { Shop } from './support/shop.ts';

/** A debugger for a language of its own: it begins, and ends by itself a moment later (Debug Adapter Protocol over stdio). */
const adapter = `
let sequence = 0;
const send = (message) => {
  const text = JSON.stringify({ seq: ++sequence, ...message });
  process.stdout.write('Content-Length: ' + Buffer.byteLength(text) + '\\r\\n\\r\\n' + text);
};
let waiting = '';
process.stdin.setEncoding('utf8').on('data', (text) => {
  waiting += text;
  for (;;) {
    const header = /^Content-Length: (\\d+)\\r\\n\\r\\n/.exec(waiting);
    if (!header || waiting.length < header[0].length + Number(header[1])) return;
    const request = JSON.parse(waiting.slice(header[0].length, header[0].length + Number(header[1])));
    waiting = waiting.slice(header[0].length + Number(header[1]));
    send({ type: 'response', request_seq: request.seq, command: request.command, success: true, body: {} });
    if (request.command === 'initialize') send({ type: 'event', event: 'initialized' });
    if (request.command === 'launch') setTimeout(() => send({ type: 'event', event: 'terminated' }), 3200);
    if (request.command === 'disconnect') setTimeout(() => process.exit(0), 50);
  }
});
`;

const debuggerExtension = {
  'package.json': JSON.stringify({
    name: 'pretend-debugger',
    publisher: 'firebreak-tests',
    version: '1.0.0',
    engines: { vscode: '^1.106.0' },
    contributes: {
      debuggers: [{ type: 'pretend', label: 'Pretend', program: './adapter.js', runtime: 'node' }],
      breakpoints: [{ language: 'markdown' }],
    },
  }),
  'adapter.js': adapter,
};

describe('Recording of tasks and debug sessions', () => {
  let shop: Shop;
  let workbench: Workbench;
  const recorded = () => workbench.tree('Recorded');

  before(async () => {
    const tasks = [{ label: 'smoke', type: 'shell', command: 'sleep 3; exit 3', problemMatcher: [] }];
    const launch = [{ name: 'Attach to API', type: 'pretend', request: 'launch' }];
    shop = await Shop.open({
      ...declaredElsewhere(loginIsDown),
      '.vscode/tasks.json': JSON.stringify({ version: '2.0.0', tasks }),
      '.vscode/launch.json': JSON.stringify({ version: '0.2.0', configurations: launch }),
    });
    const extension = await temporaryFolder();
    await writeFiles(extension, debuggerExtension);
    workbench = await openWorkbench({
      folder: shop.folder,
      theme: 'high-contrast',
      height: 1000,
      extensions: [extension],
      settings: { 'firebreak.git.commit': 'never' },
    });
    await workbench.openView('Firebreak');
    await workbench.tree('Incidents').menu('Login is down', 'Start Recording');
    await workbench.statusBar(/Recording$/);
  });
  after(() => workbench?.dispose());

  it('proposes a task with its exit code, once', async () => {
    await workbench.runCommand('Tasks: Run Task');
    await workbench.quickInput.pick('smoke');
    const row = await recorded().row('Task smoke');
    assert.match(row.description, /^exit 3 · [1-9]\d*s · /);
  });

  it('proposes a debug session, and keeps it as a note', async () => {
    await workbench.runCommand('Debug: Start Debugging');
    const row = await recorded().row('Debugged Attach to API');
    assert.match(row.description, /^[1-9]\d*s · /);
    // A task's shell tells its commands as well; what was done is there once.
    const labels = (await recorded().rows()).map(({ label }) => label);
    assert.deepEqual(labels, ['Task smoke', 'Debugged Attach to API']);
    await workbench.openView('Firebreak');
    await workbench.screenshot('recording-tasks');
    await recorded().titleAction('Keep All Recorded');
    const note = await shop.event(loginIsDown.id, 'the session', ({ kind }) => kind === 'note');
    assert.equal(note.body, 'Debugged Attach to API\n');
    const task = await shop.event(loginIsDown.id, 'the task', ({ kind }) => kind === 'command');
    assert.equal(task.body, 'Task smoke\n');
    assert.equal(task.fields.exit, '3');
  });
});
