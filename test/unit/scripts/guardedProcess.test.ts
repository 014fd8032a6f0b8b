import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { GuardedProcess } from '../../../scripts/lib/guardedProcess.ts';
import { eventually } from '../../browser/harness/eventually.ts';
import { alive } from '../../browser/harness/processes.ts';

/** A program with a child of its own that ignores being asked to end; prints the ids of both. */
const stubborn = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"]);
  console.log('pids ' + process.pid + ' ' + child.pid);
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1000);
`;
const pidsIn = (match: RegExpExecArray) => [Number(match[1]), Number(match[2])];
const printedPids = /^pids (\d+) (\d+)$/m;

describe('A guarded process', function () {
  this.timeout(30_000);

  it('is stopped with all that it started, even against its will', async () => {
    const guarded = await GuardedProcess.start('it', process.execPath, ['-e', stubborn], { env: process.env });
    const pids = pidsIn(await guarded.waitForOutput(printedPids, 20_000));
    assert.deepEqual(alive(pids), pids);
    await guarded.stop();
    await eventually('both to end', () => alive(pids).length === 0);
    assert.equal(guarded.running, false);
  });

  it('ends when its owner is killed', async () => {
    const module = fileURLToPath(new URL('../../../scripts/lib/guardedProcess.ts', import.meta.url));
    const owner = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', '-e'],
        `require(${JSON.stringify(module)}).GuardedProcess.start('it', process.execPath, ['-e', ${JSON.stringify(stubborn)}], {
          env: process.env,
          print: (line) => console.log(line),
        })`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    owner.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const match = await eventually('the processes', () => printedPids.exec(output) ?? undefined);
    const pids = pidsIn(match);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await eventually('both to end', () => alive(pids).length === 0);
  });

  it('tells its status and what it printed', async () => {
    const script = "console.log('one'); console.error('two'); process.exit(7)";
    const lines: string[] = [];
    const guarded = await GuardedProcess.start('it', process.execPath, ['-e', script], {
      env: process.env,
      print: (line) => lines.push(line),
    });
    await guarded.ended;
    assert.equal(guarded.status, 7);
    assert.deepEqual(lines.sort(), ['one', 'two']);
    await assert.rejects(guarded.waitForOutput(/three/, 20_000), /it ended[\s\S]*two/);
  });
});
