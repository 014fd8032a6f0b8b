import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Snapshot } from './gitModel.ts';

type Decide = (path: string, upstream: string | undefined, replayed: string | undefined) => string | undefined;

/** A shared repository and clones of it, through the git binary, with the same acts as the model has. */
export class RealGit {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'fb-model-git-'));

  /** @param renames whether merges look for renamed files, as git does unless told otherwise; the model knows none */
  constructor(clones: readonly string[], renames = false) {
    run(this.#folder, 'init', '--quiet', '--bare', '--initial-branch=main', 'origin');
    for (const name of clones) {
      run(this.#folder, 'clone', '--quiet', 'origin', name);
      run(this.#in(name), 'checkout', '--quiet', '-B', 'main');
      if (!renames) run(this.#in(name), 'config', 'merge.renames', 'false');
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Makes the work tree hold these files, and commits them. @returns whether there was something to commit */
  commit(clone: string, tree: Snapshot): boolean {
    this.#show(clone, tree);
    run(this.#in(clone), 'add', '--all');
    const hasChanges = run(this.#in(clone), 'status', '--porcelain') !== '';
    if (hasChanges) run(this.#in(clone), 'commit', '--quiet', '--message', 'x');
    return hasChanges;
  }

  tree(clone: string): Snapshot {
    const names = run(this.#in(clone), 'ls-files').split('\n').filter(Boolean);
    return new Map(names.sort().map((name) => [name, readFileSync(path.join(this.#in(clone), name), 'utf8')]));
  }

  /** @returns the paths that conflict, when the merge waits for a person */
  pullMerge(clone: string): string[] {
    if (!this.#fetch(clone)) return [];
    if (attempt(this.#in(clone), 'merge', '--quiet', '--no-edit', 'origin/main')) return [];
    return this.#conflicts(clone);
  }

  conclude(clone: string, tree: Snapshot): void {
    this.#show(clone, tree);
    run(this.#in(clone), 'add', '--all');
    run(this.#in(clone), 'commit', '--quiet', '--no-edit', '--allow-empty');
  }

  pullRebase(clone: string, decide: Decide): void {
    if (!this.#fetch(clone)) return;
    let done = attempt(this.#in(clone), 'rebase', '--quiet', 'origin/main');
    while (!done) {
      for (const name of this.#conflicts(clone)) {
        const text = decide(name, this.stage(clone, 2, name), this.stage(clone, 3, name));
        if (text === undefined) rmSync(path.join(this.#in(clone), name), { force: true });
        else this.#write(clone, name, text);
      }
      run(this.#in(clone), 'add', '--all');
      done = attempt(this.#in(clone), '-c', 'core.editor=true', 'rebase', '--continue');
    }
  }

  /** @returns false when the remote has what the clone has not */
  push(clone: string): boolean {
    return attempt(this.#in(clone), 'push', '--quiet', 'origin', 'main');
  }

  #fetch(clone: string): boolean {
    run(this.#in(clone), 'fetch', '--quiet', 'origin');
    return attempt(this.#in(clone), 'rev-parse', '--quiet', '--verify', 'origin/main');
  }

  #conflicts(clone: string): string[] {
    const names = run(this.#in(clone), 'diff', '--name-only', '--diff-filter=U').split('\n').filter(Boolean);
    return [...new Set(names)].sort();
  }

  /** What a side of a conflict holds: 2 is what was here, or in a rebase upstream; 3 the other. */
  stage(clone: string, stage: 2 | 3, name: string): string | undefined {
    const has = run(this.#in(clone), 'ls-files', '--unmerged', name).includes(` ${stage}\t`);
    return has ? run(this.#in(clone), 'show', `:${stage}:${name}`) : undefined;
  }

  #show(clone: string, tree: Snapshot): void {
    for (const name of run(this.#in(clone), 'ls-files', '--cached', '--others').split('\n').filter(Boolean)) {
      if (!tree.has(name)) rmSync(path.join(this.#in(clone), name), { force: true });
    }
    for (const [name, text] of tree) this.#write(clone, name, text);
  }

  #write(clone: string, name: string, text: string): void {
    const file = path.join(this.#in(clone), name);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  #in(clone: string): string {
    return path.join(this.#folder, clone);
  }
}

/** Neither the person's configuration nor the wall clock is in it. */
const env = {
  PATH: process.env.PATH,
  HOME: tmpdir(),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
  GIT_AUTHOR_DATE: '2025-09-23T14:30:00Z',
  GIT_COMMITTER_DATE: '2025-09-23T14:30:00Z',
};

function run(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function attempt(cwd: string, ...args: string[]): boolean {
  try {
    run(cwd, ...args);
    return true;
  } catch {
    return false;
  }
}
