// Which VS Code runs the host tests: the desktop program where it can be had, else the server with a browser.
//   node scripts/host/choose.mjs     says which, and why
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../lib/cacheFolder.mjs';
import { which } from '../lib/run.mjs';
import { codeServer } from './versions.mjs';

const releases = 'https://update.code.visualstudio.com/api/releases/stable';
const probeTimeoutMs = 4_000;

/** Where desktop VS Code is kept when it was downloaded. */
function desktopFolder(env = process.env) {
  return path.join(cacheFolder(env), 'desktop');
}

/**
 * Decides, downloading desktop VS Code when that is the choice. `FIREBREAK_TEST_HOST` (`electron` or `server`) overrides.
 * @returns `kind` ('electron' or 'server'), `why` in words, and `executable`, the desktop program, for 'electron'
 * @throws Error when the override asks for what is not possible, or for something unknown
 */
export async function chooseTestHost({ env = process.env, download = downloadDesktop, probe = reachable } = {}) {
  const override = env.FIREBREAK_TEST_HOST;
  if (override === 'server') return server('FIREBREAK_TEST_HOST=server');
  if (override === 'electron') return electron('FIREBREAK_TEST_HOST=electron', await download());
  if (override) throw new Error(`FIREBREAK_TEST_HOST is "${override}": it must be "electron" or "server".`);
  const display = whyNoDisplay(env);
  if (display) return server(display);
  if (hasDownload(env)) return electron('it was downloaded before', await download());
  const problem = await probe(releases);
  if (problem) return server(`desktop VS Code cannot be downloaded: ${problem}`);
  try {
    return electron('it can be downloaded', await download());
  } catch (error) {
    return server(`the download of desktop VS Code failed: ${error.message}`);
  }
}

function server(why) {
  return { kind: 'server', why, executable: undefined };
}

function electron(why, executable) {
  return { kind: 'electron', why, executable };
}

function whyNoDisplay(env) {
  if (process.platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY || which('xvfb-run', env.PATH))
    return undefined;
  return 'there is neither a display nor xvfb-run';
}

function hasDownload(env) {
  const platform = { linux: 'linux', darwin: 'darwin', win32: 'win32' }[process.platform];
  const folder = path.join(desktopFolder(env), `vscode-${platform}-${process.arch}-${codeServer.vscode}`);
  return [folder, folder.replace(`-${process.arch}-`, '-')].some((candidate) =>
    existsSync(path.join(candidate, 'is-complete')),
  );
}

async function downloadDesktop() {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  return downloadAndUnzipVSCode({ version: codeServer.vscode, cachePath: desktopFolder() });
}

/** Undefined when the address answers well, else what is wrong with it. */
async function reachable(address) {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(probeTimeoutMs) });
    await answer.body?.cancel();
    return answer.ok ? undefined : `its server answers ${answer.status}`;
  } catch (error) {
    return error.name === 'TimeoutError'
      ? `no answer within ${probeTimeoutMs / 1000} s`
      : (error.cause?.code ?? error.message);
  }
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  chooseTestHost().then(
    ({ kind, why }) => console.log(`${kind}: ${why}`),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
