// Programs that come with the system, not from npm: found, or installed where that is allowed, or asked for.

import { step } from './progress.mjs';
import { CommandFailed, run, which } from './run.mjs';

/** A program is missing and cannot be installed from here. The message says what to install. */
export class ToolMissing extends Error {
  constructor(message) {
    super(message);
    this.name = 'ToolMissing';
  }
}

let updated;

/** True when packages can be installed without asking anyone: root on a Debian-like system. */
export function canInstallPackages() {
  return process.getuid?.() === 0 && which('apt-get') !== undefined;
}

/**
 * Installs Debian packages; the package lists are brought up to date once per process.
 * @throws ToolMissing with apt's own words
 */
export async function installPackages(packages, say = console.log) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    updated ??= run('apt-get', ['update'], { env });
    await updated;
    await step(
      `apt-get install ${packages.join(' ')}`,
      () => run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env }),
      say,
    );
  } catch (error) {
    if (error instanceof CommandFailed) {
      throw new ToolMissing(`Could not install ${packages.join(', ')}. Install them and try again.\n${error.message}`);
    }
    throw error;
  }
}

/**
 * Makes sure that every tool is there: `tools` maps a program to the Debian package that holds it.
 * @throws ToolMissing naming what to install, where it cannot be installed from here
 */
export async function ensureTools(tools, purpose, say = console.log) {
  const missing = Object.keys(tools).filter((name) => which(name) === undefined);
  if (missing.length === 0) return;
  if (canInstallPackages()) {
    await installPackages([...new Set(missing.map((name) => tools[name]))], say);
  }
  const still = missing.filter((name) => which(name) === undefined);
  if (still.length > 0) {
    throw new ToolMissing(
      `${purpose} needs ${still.join(', ')}. Install ${still.length > 1 ? 'them' : 'it'} first ` +
        `(Debian and Ubuntu: sudo apt-get install ${still.map((name) => tools[name]).join(' ')}; macOS: xcode-select --install).`,
    );
  }
}
