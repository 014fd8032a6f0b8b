// npm start: a demo workspace in a real VS Code with Firebreak in it, and a demo GitHub beside. See --help.
// Node built-ins only until the packages are there.
import './lib/nodeVersion.mjs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './lib/dependencies.mjs';
import { step } from './lib/progress.mjs';
import { run, stopRunningCommands } from './lib/run.mjs';
import { ensureTools } from './lib/systemTools.mjs';
import { readStartOptions, startUsage } from './start/options.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

async function main() {
  const options = readStartOptions(process.argv.slice(2), root);
  if (options.help) {
    process.stdout.write(startUsage);
    return;
  }
  process.once('exit', stopRunningCommands);
  const leave = () => process.exit(130);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, leave);
  await ensureTools({ git: 'git' }, 'The demo');
  await ensureDependencies(root);
  await step('build', () => run(process.execPath, ['scripts/build.mjs'], { cwd: root }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, leave);
  const { tsImport } = await import('tsx/esm/api');
  const { runDemo } = await tsImport('./start/runDemo.ts', import.meta.url);
  await runDemo(root, options);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
