// Installs the VS Code server host into the user's cache folder. Node built-ins only: it also runs before `npm ci`.
//   node scripts/host/install.mjs             install what is missing (host, browser) and print where it is
//   node scripts/host/install.mjs --reinstall install the host again
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../lib/cacheFolder.mjs';
import { withLock } from '../lib/lockFile.mjs';
import { step } from '../lib/progress.mjs';
import { npmEnvironment, run, stopRunningCommands } from '../lib/run.mjs';
import { ensureTools } from '../lib/systemTools.mjs';
import { ensureChromium } from './chromium.mjs';
import { codeServer, nativeModules, nodeBinary, recipe } from './versions.mjs';

const stampName = 'firebreak-host.json';

/** What the folder's name and its stamp are made from. */
function description() {
  return { recipe, codeServer, node: nodeBinary(), platform: process.platform, arch: process.arch, nativeModules };
}

function hostFolder() {
  const hash = createHash('sha256').update(JSON.stringify(description())).digest('hex').slice(0, 8);
  return path.join(cacheFolder(), `host-${codeServer.version}-${hash}`);
}

/**
 * Where the server host is: `node` (a binary), `serverMain` (the script to start with it), `version` of VS Code.
 * Undefined when it is not installed completely.
 */
export function installedHost() {
  const folder = hostFolder();
  const host = describe(folder);
  try {
    const stamp = JSON.parse(readFileSync(path.join(folder, stampName), 'utf8'));
    if (JSON.stringify(stamp) !== JSON.stringify(description())) return undefined;
  } catch {
    return undefined;
  }
  return existsSync(host.node) && existsSync(host.serverMain) ? host : undefined;
}

function describe(folder) {
  return {
    folder,
    version: codeServer.vscode,
    node: path.join(folder, 'node/bin/node'),
    serverMain: path.join(folder, 'vscode/out/server-main.js'),
  };
}

/**
 * Installs the server host unless it is there. Safe to call from several processes at once; one that is interrupted
 * leaves only a temporary folder, which a later install removes.
 * @throws ToolMissing where a compiler is missing, CommandFailed where a step fails
 */
export async function ensureHost({ say = console.log, reinstall = false } = {}) {
  const present = installedHost();
  if (present && !reinstall) return present;
  const folder = hostFolder();
  return withLock(
    `${folder}.lock`,
    async () => {
      const meanwhile = installedHost();
      if (meanwhile && !reinstall) return meanwhile;
      const prefix = `installing-${path.basename(folder)}-`;
      removeAbandoned(path.dirname(folder), prefix);
      const temporary = mkdtempSync(path.join(path.dirname(folder), prefix));
      const remove = () => rmSync(temporary, { recursive: true, force: true });
      process.once('exit', remove);
      try {
        await step(`VS Code ${codeServer.vscode} server host`, () => install(temporary, say), say);
        replace(folder, temporary);
      } finally {
        process.off('exit', remove);
        remove();
      }
      return describe(folder);
    },
    say,
  );
}

async function install(folder, say) {
  await ensureTools(
    { 'g++': 'g++', make: 'make', python3: 'python3' },
    'Compiling two modules of the VS Code server',
    say,
  );
  const node = nodeBinary();
  const nodeFolder = path.join(folder, 'node');
  const vscode = path.join(folder, 'vscode');
  await Promise.all([
    step(`  ${node.name} ${node.version}`, () => unpack(node, folder, '', nodeFolder), say),
    step(`  ${codeServer.name} ${codeServer.version}`, () => unpack(codeServer, folder, 'lib/vscode', vscode), say),
  ]);
  const env = npmEnvironment({
    bin: path.join(nodeFolder, 'bin'),
    // node-gyp takes the headers from the package: nothing is downloaded from anywhere else.
    extra: { npm_config_nodedir: nodeFolder },
  });
  const npm = (args, cwd) => run('npm', args, { cwd, env });
  const modules = ['install', '--omit=dev', '--ignore-scripts', '--no-save'];
  await step('  modules of the server', () => npm(modules, vscode), say);
  await step('  modules of the built-in extensions', () => npm(modules, path.join(vscode, 'extensions')), say);
  await step('  compiling', () => npm(['rebuild', ...nativeModules], vscode), say);
  const version = await run(path.join(nodeFolder, 'bin/node'), [path.join(vscode, 'out/server-main.js'), '--version'], {
    cwd: folder,
  });
  if (!version.includes(codeServer.vscode)) {
    throw new Error(`The installed server says it is ${version.trim()}, expected ${codeServer.vscode}.`);
  }
  writeFileSync(path.join(folder, stampName), `${JSON.stringify(description())}\n`);
}

/**
 * Puts the folder `inside` of an npm package at `target`. `npm pack` checks the registry's hash and runs no script;
 * the package's own dependencies (of the code-server wrapper, unused here) stay away.
 */
async function unpack({ name, version }, folder, inside, target) {
  const packed = path.join(folder, `packed-${name}`);
  mkdirSync(packed, { recursive: true });
  await run('npm', ['pack', `${name}@${version}`, '--pack-destination', packed], {
    cwd: packed,
    env: npmEnvironment(),
  });
  const archive = readdirSync(packed).find((file) => file.endsWith('.tgz'));
  if (!archive) throw new Error(`npm pack ${name}@${version} made no archive.`);
  const member = path.posix.join('package', inside).replace(/\/$/, '');
  await run('tar', ['-xzf', path.join(packed, archive), '-C', packed, member]);
  renameSync(path.join(packed, member), target);
  rmSync(packed, { recursive: true, force: true });
}

function replace(folder, made) {
  const old = `${made}-old`;
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(made, folder);
  rmSync(old, { recursive: true, force: true });
}

/** What an install that was killed left behind. Whoever holds the lock is the only one that installs this version. */
function removeAbandoned(cache, prefix) {
  for (const name of readdirSync(cache)) {
    if (name.startsWith(prefix)) rmSync(path.join(cache, name), { recursive: true, force: true });
  }
}

async function main() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
  process.once('exit', stopRunningCommands);
  const host = await ensureHost({ reinstall: process.argv.includes('--reinstall') });
  const chromium = await ensureChromium();
  console.log(`VS Code ${host.version} server host: ${host.folder}`);
  console.log(`browser: ${chromium}`);
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
