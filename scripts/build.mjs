// Bundles everything that ships, and prints what each bundle weighs.
//   node scripts/build.mjs            production bundles (minified)
//   node scripts/build.mjs --dev      with source maps, not minified
//   node scripts/build.mjs --watch    rebuild on change (used by F5)
//   node scripts/build.mjs --only extension,timeline    some of them, the others stay as they are
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, context } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const watch = process.argv.includes('--watch');
const dev = watch || process.argv.includes('--dev');
const onlyAt = process.argv.indexOf('--only');
const only = onlyAt < 0 ? undefined : (process.argv[onlyAt + 1] ?? '').split(',');

/** The main bundle's limit: it is read and compiled at every start of VS Code. */
export const mainBundleLimitBytes = 300_000;

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: !dev,
  sourcemap: dev ? 'linked' : false,
  legalComments: 'none',
  logLevel: 'warning',
  // gray-matter carries js-yaml 3 and evaluating engines. Both are replaced by engines of our own, so they stay out.
  // yaml's modules for browsers are the same code in a form that can be shaken: a sixth of it is never used here.
  alias: {
    'js-yaml': path.join(root, 'scripts/build/noJsYaml.cjs'),
    yaml: path.join(root, 'node_modules/yaml/browser/dist/index.js'),
  },
};
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };

// What people run, sync, what is seen of it, octokit and simple-git are loaded at first use, from bundles beside the one that asks for them.
const external = [
  'vscode',
  './commands.js',
  './machine.js',
  './sync.js',
  './syncUi.js',
  './roomUi.js',
  './alertsUi.js',
  './warRoomUi.js',
  './messaging.js',
  './panels.js',
  './alertmanager.js',
  './githubAdapter.js',
  './gitAdapter.js',
  './proxyFetch.js',
  './secrets.js',
  './recordingUi.js',
];

const allBundles = [
  { ...node, entryPoints: { extension: 'src/extension.ts' }, outdir: 'dist', external },
  { ...node, entryPoints: { sync: 'src/services/sync/bundle.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { commands: 'src/ui/commands/bundle.ts' }, outdir: 'dist', external },
  { ...node, entryPoints: { machine: 'src/adapters/node/machineBundle.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { syncUi: 'src/ui/sync/bundle.ts' }, outdir: 'dist', external },
  { ...node, entryPoints: { roomUi: 'src/ui/room/bundle.ts' }, outdir: 'dist', external },
  { ...node, entryPoints: { warRoomUi: 'src/ui/warRoom/bundle.ts' }, outdir: 'dist', external },
  { ...node, entryPoints: { messaging: 'src/adapters/messaging/bundle.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { panels: 'src/ui/timeline/bundle.ts' }, outdir: 'dist', external },
  { ...node, entryPoints: { githubAdapter: 'src/adapters/github/bundle.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { alertsUi: 'src/ui/alerts/bundle.ts' }, outdir: 'dist', external },
  { ...node, entryPoints: { alertmanager: 'src/adapters/alerts/bundle.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { gitAdapter: 'src/adapters/git/bundle.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { recordingUi: 'src/ui/recording/bundle.ts' }, outdir: 'dist', external },
  { ...node, entryPoints: { secrets: 'src/adapters/secrets/bundle.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { proxyFetch: 'src/adapters/node/proxyFetch.ts' }, outdir: 'dist' },
  {
    ...node,
    entryPoints: { firebreak: 'src/cli/main.ts' },
    outdir: 'dist',
    external,
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    entryPoints: { timeline: 'webview/timeline/main.ts' },
    outdir: 'dist/webview',
  },
];

const bundles = only
  ? allBundles.filter((options) => Object.keys(options.entryPoints).some((name) => only.includes(name)))
  : allBundles;
if (bundles.length === 0) throw new Error(`--only names no bundle: ${only}`);

function table() {
  const rows = [
    'extension.js',
    'commands.js',
    'machine.js',
    'sync.js',
    'syncUi.js',
    'roomUi.js',
    'alertsUi.js',
    'warRoomUi.js',
    'messaging.js',
    'panels.js',
    'alertmanager.js',
    'githubAdapter.js',
    'gitAdapter.js',
    'proxyFetch.js',
    'secrets.js',
    'recordingUi.js',
    'firebreak.js',
    'webview/timeline.js',
    'webview/timeline.css',
  ];
  console.log('bundle                     bytes      gzip');
  for (const name of rows) {
    const file = path.join(root, 'dist', name);
    if (!existsSync(file)) continue;
    const size = statSync(file).size;
    console.log(
      `${name.padEnd(22)}${String(size).padStart(10)}${String(gzipSync(readFileSync(file)).length).padStart(10)}`,
    );
  }
  if (!existsSync(path.join(root, 'dist/extension.js'))) return;
  const main = statSync(path.join(root, 'dist/extension.js')).size;
  console.log(`main bundle: ${((100 * main) / mainBundleLimitBytes).toFixed(0)}% of its ${mainBundleLimitBytes} bytes`);
  if (!dev && main > mainBundleLimitBytes) {
    console.error('The main bundle is over its limit.');
    process.exitCode = 1;
  }
}

if (watch) {
  for (const options of bundles) {
    const running = await context({ ...options, logLevel: 'info' });
    await running.watch();
  }
} else {
  if (!only) rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  await Promise.all(bundles.map((options) => build(options)));
  table();
}
