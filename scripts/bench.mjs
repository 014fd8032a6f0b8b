// Measures what Firebreak costs, beside a limit or a peer: npm run bench [-- part…] [-- --no-host] [-- --no-build] [-- --json FILE]
//   part         only these: bundle, host, declare, read, sync
//   --no-host    without VS Code: no activation, no tree
//   --no-build   the bundles in dist/ as they are
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const given = process.argv.slice(2);

function node(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : process.exit(code ?? 1)));
  });
}

// The other parts measure the sources.
const measuresBundles = ['bundle', 'host'].some((part) => given.includes(part));
const isPart = (argument) => ['declare', 'read', 'sync'].includes(argument);
if (!given.includes('--no-build') && (measuresBundles || !given.some(isPart))) await node('scripts/build.mjs');
await node('--import', 'tsx', 'test/bench/run.ts', ...given.filter((argument) => argument !== '--no-build'));
