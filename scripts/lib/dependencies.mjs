// The project's npm packages: installed when they are not what the lock file says. Node built-ins only.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { step } from './progress.mjs';
import { npmEnvironment, run } from './run.mjs';

/**
 * Runs `npm ci` unless `node_modules` holds what `package-lock.json` says.
 * @throws CommandFailed with npm's words
 */
export async function ensureDependencies(root, say = console.log) {
  if (dependenciesInStep(root)) return;
  await step('npm ci', () => run('npm', ['ci', '--include=dev'], { cwd: root, env: npmEnvironment() }), say);
}

/** Whether each package of the lock file is installed in its version; npm keeps a list of what it installed. */
export function dependenciesInStep(root) {
  const wanted = packages(path.join(root, 'package-lock.json'));
  const present = packages(path.join(root, 'node_modules/.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    const installed = present[name];
    // Those for other platforms stay away.
    return installed ? installed.version === entry.version : entry.optional === true;
  });
}

function packages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
