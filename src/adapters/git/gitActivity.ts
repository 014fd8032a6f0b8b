import { type FSWatcher, watch } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { GitActivity } from '../../core/ports/gitActivity.ts';
import type { Observation } from '../../core/recording.ts';
import { second } from '../../core/time.ts';

/** The folders of a repository, as found by reading it. */
export interface GitFolders {
  readonly gitDir: string;
  readonly commonDir: string;
}

/** What is read of a log at most: thousands of entries. */
const logBytes = 512_000;
const mostTags = 50;
/** Firebreak's own commits are about records, and no part of what they record. */
const ownCommit = 'Firebreak: ';

interface LogEntry {
  readonly from: string;
  readonly to: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly message: string;
}

/**
 * Reads git's reflogs: they tell what any program did, also while nobody looked, and no git has to be run for it.
 * A repository with another format of refs (reftable) has none, and then nothing is seen.
 */
export function gitActivity({ gitDir, commonDir }: GitFolders): GitActivity {
  const remotes = path.join(commonDir, 'logs', 'refs', 'remotes');
  const tags = path.join(commonDir, 'refs', 'tags');
  return {
    async since(since) {
      const from = Math.floor(since / second) * second;
      const head = (await readLog(path.join(gitDir, 'logs', 'HEAD'))).filter(({ at }) => at >= from);
      const own = new Set(head.filter(isOwn).map(({ to }) => to));
      const seen = [
        ...head.flatMap((entry) => (isOwn(entry) ? [] : headActs(entry))),
        ...(await pushes(remotes, from, own)),
        ...(await newTags(tags, from)),
      ];
      return seen.sort((left, right) => left.at - right.at);
    },
    watch(changed) {
      const watchers: FSWatcher[] = [];
      const add = (folder: string) => {
        try {
          watchers.push(watch(folder, { persistent: false }, changed).on('error', () => undefined));
        } catch {
          // Not there yet, or not to be watched: whoever asks looks at other times, too.
        }
      };
      for (const folder of [path.join(gitDir, 'logs'), tags, remotes]) add(folder);
      let isOpen = true;
      names(remotes).then((found) => {
        if (isOpen) for (const name of found) add(path.join(remotes, name));
      });
      return {
        dispose() {
          isOpen = false;
          for (const watcher of watchers) watcher.close();
        },
      };
    },
  };
}

function isOwn({ message }: LogEntry): boolean {
  return message.replace(/^commit[^:]*: /, '').startsWith(ownCommit);
}

function headActs(entry: LogEntry): Observation[] {
  const { from, to, at, message } = entry;
  const ref = short(to);
  const [, act = '', words = ''] = /^([^:]*): ?(.*)$/s.exec(message) ?? [];
  if (/^(?:commit|cherry-pick|revert)(?: |$)/.test(act) || (/^merge /.test(act) && from !== to)) {
    const text = /^merge /.test(act) ? `Merge of ${act.slice('merge '.length)}` : words;
    return [{ kind: 'commit', key: to, at, text: act === 'commit (amend)' ? `${text} (amended)` : text, ref }];
  }
  const moved = act === 'checkout' ? /^moving from (\S+) to (\S+)$/.exec(words) : undefined;
  if (moved) {
    const [, before = '', after = ''] = moved;
    if (before === after) return [];
    return [
      { kind: 'branch', key: `${at} ${words}`, at, text: `Switched from ${named(before)} to ${named(after)}`, ref },
    ];
  }
  if (from === to) return [];
  if (act === 'reset') return [{ kind: 'branch', key: `${at} ${to}`, at, text: `Reset from ${short(from)}`, ref }];
  if (/^pull/.test(act)) return [{ kind: 'branch', key: `${at} ${to}`, at, text: 'Pulled', ref }];
  if (/^rebase.*\(finish\)/.test(act)) return [{ kind: 'branch', key: `${at} ${to}`, at, text: 'Rebased', ref }];
  return [];
}

async function pushes(remotes: string, from: number, own: ReadonlySet<string>): Promise<Observation[]> {
  const found: Observation[] = [];
  for (const remote of await names(remotes)) {
    for (const file of await filesBelow(path.join(remotes, remote))) {
      for (const { to, at, message } of await readLog(path.join(remotes, remote, ...file.split('/')))) {
        if (at < from || message !== 'update by push' || own.has(to)) continue;
        found.push({
          kind: 'push',
          key: `${remote}/${file} ${to}`,
          at,
          text: `Pushed ${file} to ${remote}`,
          ref: short(to),
        });
      }
    }
  }
  return found;
}

/** Tags have no log. A new one is a file of its own until git packs it away. */
async function newTags(folder: string, from: number): Promise<Observation[]> {
  const found: Observation[] = [];
  for (const name of await filesBelow(folder)) {
    const file = path.join(folder, ...name.split('/'));
    const made = await stat(file).catch(() => undefined);
    if (!made || made.mtimeMs < from) continue;
    const to = (await readFile(file, 'utf8').catch(() => '')).trim();
    if (!/^[0-9a-f]{40,64}$/.test(to)) continue;
    const at = Math.floor(made.mtimeMs / second) * second;
    found.push({ kind: 'tag', key: `${name} ${to}`, at, text: `Tag ${name}`, ref: short(to) });
  }
  // A fetch brings hundreds: nobody here made those.
  return found.length > mostTags ? [] : found;
}

async function readLog(file: string): Promise<LogEntry[]> {
  const text = await readEnd(file).catch(() => '');
  return text.split('\n').flatMap((line) => {
    const match = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) .*> (\d+) [+-]\d{4}(?:\t(.*))?$/.exec(line);
    if (!match) return [];
    const [, from = '', to = '', at, message = ''] = match;
    return [{ from, to, at: Number(at) * second, message }];
  });
}

async function readEnd(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - logBytes);
    const bytes = Buffer.alloc(size - start);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Relative, with forward slashes. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}

/** A branch by its name, a commit by a short hash. */
function named(name: string): string {
  return /^[0-9a-f]{40,64}$/.test(name) ? short(name) : name;
}

function short(hash: string): string {
  return hash.slice(0, 9);
}
