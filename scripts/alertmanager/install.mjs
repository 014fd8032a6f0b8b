// Finds the Alertmanager that the tests of alerts ask, or installs Debian's.
//   node scripts/alertmanager/install.mjs
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../lib/cacheFolder.mjs';
import { withLock } from '../lib/lockFile.mjs';
import { stopRunningCommands, which } from '../lib/run.mjs';
import { canInstallPackages, installPackages, ToolMissing } from '../lib/systemTools.mjs';

const name = 'prometheus-alertmanager';

/** Debian's is called as its package, everybody else's `alertmanager`. */
function findAlertmanager() {
  return process.env.FIREBREAK_ALERTMANAGER || which(name) || which('alertmanager');
}

/**
 * The program, installed with apt-get where there is none and that is allowed. (Its package can't be unpacked elsewhere: it
 * reads a template at a fixed place.)
 * @returns its path
 * @throws ToolMissing that says what to install
 */
export async function ensureAlertmanager({ say = console.log } = {}) {
  const found = findAlertmanager();
  if (found) return found;
  if (canInstallPackages()) {
    await withLock(
      path.join(cacheFolder(), `${name}.lock`),
      async () => {
        if (!findAlertmanager()) await installPackages([name], say);
      },
      say,
    );
  }
  const installed = findAlertmanager();
  if (installed) return installed;
  throw new ToolMissing(
    'The tests of alerts need a Prometheus Alertmanager. Install one (Debian and Ubuntu: sudo apt-get install ' +
      `--no-install-recommends ${name}; macOS: brew install alertmanager), or name its program in FIREBREAK_ALERTMANAGER.`,
  );
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.once('exit', stopRunningCommands);
  ensureAlertmanager().then(console.log, (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
