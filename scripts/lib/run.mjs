// Child processes for the build scripts: awaited, with their output kept for the case that they fail.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** A command that could not be started or ended with a status other than 0. `output` is what it printed. */
export class CommandFailed extends Error {
  constructor(command, args, status, output) {
    const shown = beginningAndEnd(output.trim());
    super(`${[command, ...args].join(' ')} ended with ${status}${shown ? `:\n${shown}` : ''}`);
    this.name = 'CommandFailed';
    this.status = status;
    this.output = output;
  }
}

/** What went wrong stands at the beginning or at the end of what a tool prints. */
function beginningAndEnd(text) {
  const lines = text.split('\n');
  return lines.length <= 40 ? text : [...lines.slice(0, 20), '…', ...lines.slice(-20)].join('\n');
}

const running = new Set();

/**
 * Runs one command to its end. Its output is collected (and shown only with `show`), its standard input is closed.
 * It leads a process group of its own, so that stopping it stops what it started.
 * @returns what it printed
 * @throws CommandFailed
 */
export function run(command, args, { cwd, env, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    running.add(child);
    let output = '';
    const take = (chunk) => {
      output += chunk;
      if (show) process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => {
      running.delete(child);
      reject(new CommandFailed(command, args, error.message, output));
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) resolve(output);
      else reject(new CommandFailed(command, args, signal ?? `status ${code}`, output));
    });
  });
}

/** Stops every command of {@link run} that is still going, with all that they started. Safe to call from an exit handler. */
export function stopRunningCommands() {
  for (const child of running) {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
}

/** The file that the shell would start for `name`, or undefined. */
export function which(name, searchPath = process.env.PATH ?? '') {
  if (name.includes(path.sep)) return executable(name) ? name : undefined;
  return searchPath
    .split(path.delimiter)
    .filter(Boolean)
    .map((folder) => path.join(folder, name))
    .find(executable);
}

function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The environment for an npm that is started from inside `npm test` or `npm start`: without what the outer npm set for
 * its own package, which would be taken for the user's wishes. `bin` goes first on PATH.
 */
export function npmEnvironment({ bin, extra = {} } = {}) {
  const env = { ...process.env, ...extra, npm_config_audit: 'false', npm_config_fund: 'false' };
  for (const name of Object.keys(env)) {
    if (/^npm_(lifecycle|package|command|node_execpath|execpath)/.test(name)) delete env[name];
  }
  delete env.npm_config_local_prefix;
  delete env.npm_config_omit_lockfile_registry_resolved;
  delete env.npm_config_save_exact;
  if (bin) env.PATH = `${bin}${path.delimiter}${env.PATH ?? ''}`;
  return env;
}
