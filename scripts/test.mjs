// npm test: everything, on an empty machine too. Node built-ins only until the packages are there.
//   npm test -- [--only STAGE,…] [--grep TEXT] [--suite HOST-SUITE,…]
import './lib/nodeVersion.mjs';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureAlertmanager } from './alertmanager/install.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { secondsSince } from './lib/progress.mjs';
import { stopRunningCommands } from './lib/run.mjs';
import { ensureTools } from './lib/systemTools.mjs';
import { stages } from './test/stages.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const guard = path.join(root, 'scripts/lib/guard.mjs');
const begin = performance.now();

/** How the run went so far. */
const total = { passed: 0, failed: 0 };
const times = [];

async function main() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      grep: { type: 'string' },
      suite: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'fb-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const all = stages({ ...values, countsOf: (stage) => path.join(folder, `${stage}.json`) });
  const names = all.map((stage) => stage.name);
  if (values.help) {
    console.log(`npm test -- [--only STAGE,…] [--grep TEXT] [--suite HOST-SUITE,…]\nStages: ${names.join(', ')}`);
    return;
  }
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown) throw new Error(`There is no stage "${unknown}". There are: ${names.join(', ')}`);
  const chosen = all.filter(
    ({ name }) =>
      !only || only.includes(name) || all.some((stage) => only.includes(stage.name) && stage.needs?.includes(name)),
  );

  // The host takes a minute of one core: it comes while the stages run that don't need it.
  const host = chosen.some((stage) => stage.window) ? installHost() : undefined;
  const setUp = async () => {
    await ensureTools({ git: 'git' }, 'The project');
    await ensureDependencies(root);
  };
  if (!(await timed('set-up: packages', setUp))) return;
  // Without one, the tests that need it fail, and all others still tell something.
  if (chosen.some(({ alerts }) => alerts)) await timed('set-up: Alertmanager', () => ensureAlertmanager());
  const failed = new Set();
  const early = new Map();
  let hostReady;
  for (const stage of chosen) {
    for (const other of chosen) if (other.beside === stage.name) early.set(other.name, outputOf(other.command));
    const missing = stage.needs?.filter((need) => need !== 'package' && failed.has(need)) ?? [];
    if (stage.window && missing.length === 0) hostReady ??= await awaitHost(host);
    if (missing.length > 0 || (stage.window && !hostReady)) {
      console.log(`\n== ${stage.name}: not run, since ${missing.join(', ') || 'set-up of the host'} failed`);
      continue;
    }
    if (!(await runStage(stage, early.get(stage.name)))) failed.add(stage.name);
  }
}

/**
 * Runs one stage, or waits for one that runs already, and adds what it counted. Returns whether it went well.
 * @param early what `outputOf` gave for a stage that was started beside another
 */
async function runStage({ name, command, counts, beside }, early) {
  console.log(`\n== ${name}${early ? ` (begun with ${beside})` : ''}`);
  const start = performance.now();
  const { status, output, time } = early ? await early : { status: await started(command, 'inherit').ended };
  if (output) console.log(output.trimEnd());
  const took = time ?? secondsSince(start);
  times.push([name, took]);
  const counted = counts && existsSync(counts) ? JSON.parse(readFileSync(counts, 'utf8')) : undefined;
  total.passed += counted?.passes ?? 0;
  total.failed += counted?.failures ?? 0;
  // A stage that broke off says nothing of the tests it did not come to.
  if (status !== 0 && !counted?.failures) total.failed += 1;
  console.log(`== ${name}: ${status === 0 ? 'good' : `FAILED (status ${status})`}, ${took}`);
  return status === 0;
}

async function timed(name, work) {
  console.log(`== ${name}`);
  const start = performance.now();
  try {
    await work();
    return true;
  } catch (error) {
    console.error(error.message);
    total.failed += 1;
    return false;
  } finally {
    times.push([name, secondsSince(start)]);
  }
}

function installHost() {
  return outputOf(['node', 'scripts/host/install.mjs']);
}

/** Runs a command in the background, and keeps what it says. */
function outputOf(command) {
  const start = performance.now();
  const { child, ended } = started(command, 'pipe');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return ended.then((status) => ({ status, output, time: secondsSince(start) }));
}

function started([program, ...args], output) {
  return guarded(program === 'node' ? process.execPath : program, args, output);
}

async function awaitHost(host) {
  const start = performance.now();
  const { status, output, time } = await host;
  console.log(
    `\n== set-up: host and browser (${time}, of them ${secondsSince(start)} waited for)\n${output.trimEnd()}`,
  );
  times.push(['set-up: host and browser', time]);
  if (status !== 0) total.failed += 1;
  return status === 0;
}

/** A command that ends with this process, whatever ends it. */
function guarded(program, args, output) {
  const child = spawn(process.execPath, [guard, program, ...args], {
    cwd: root,
    stdio: ['pipe', output, output],
    detached: process.platform !== 'win32',
  });
  const ended = new Promise((resolve) => {
    child.on('close', (code) => resolve(code ?? 1));
    child.on('error', () => resolve(1));
  });
  return { child, ended };
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
process.once('exit', stopRunningCommands);

main()
  .catch((error) => {
    console.error(error.message);
    total.failed += 1;
  })
  .finally(() => {
    if (times.length > 0) console.log('\n== times');
    for (const [name, time] of times) console.log(`${name.padEnd(26)}${time.padStart(9)}`);
    console.log(`total${secondsSince(begin).padStart(30)}\n`);
    console.log(`${total.passed} passed, ${total.failed} failed`);
    process.exit(total.failed > 0 ? 1 : 0);
  });
