import { mergeText } from '../../src/core/mergeText.ts';

/** All files of a commit, by path. */
export type Snapshot = ReadonlyMap<string, string>;

export interface Commit {
  readonly parents: readonly Commit[];
  readonly tree: Snapshot;
  /** The longest way to a root: parents have less. */
  readonly depth: number;
}

/** What stands in the way of a merge or a rebase: who pulled has to decide, file by file. */
export interface Conflicts {
  /** Paths that need a person. Where both sides hold a text, the work tree has git's markers in it. */
  readonly paths: readonly string[];
  readonly ours: Snapshot;
  readonly theirs: Snapshot;
}

/** The repository that everybody pushes to: one branch. */
export class ModelRemote {
  main: Commit | undefined;
}

const empty: Snapshot = new Map();
const root: Commit = { parents: [], tree: empty, depth: 0 };

/**
 * As much of git as a clone of Firebreak's files meets: commits, branches, merges and rebases of text files. It knows no
 * renames, index or modes. That real git does the same is tested (`realGit.test.ts`).
 */
export class ModelRepository {
  readonly #remote: ModelRemote;
  readonly #branches = new Map<string, Commit>();
  branch = 'main';
  /** What a merge is waiting for; commits and switches have to wait as well. */
  conflicts: (Conflicts & { readonly other: Commit }) | undefined;

  constructor(remote: ModelRemote) {
    this.#remote = remote;
    this.#branches.set('main', remote.main ?? root);
  }

  get head(): Commit {
    return this.#branches.get(this.branch) ?? root;
  }

  /** Commits the work tree as it is. @returns whether there was something to commit */
  commit(tree: Snapshot): boolean {
    if (this.conflicts || sameTree(tree, this.head.tree)) return false;
    this.#move(commitOf(tree, [this.head]));
    return true;
  }

  /**
   * Fetches and merges. The work tree has to be committed.
   * @returns what the work tree is then
   */
  pullMerge(): Snapshot {
    const theirs = this.#remote.main ?? root;
    if (isAncestor(theirs, this.head)) return this.head.tree;
    if (isAncestor(this.head, theirs)) {
      this.#move(theirs);
      return theirs.tree;
    }
    const merged = mergeTrees(mergeBase(this.head, theirs).tree, this.head.tree, theirs.tree);
    if (merged.conflicts.length > 0) {
      this.conflicts = { paths: merged.conflicts, ours: this.head.tree, theirs: theirs.tree, other: theirs };
      return merged.tree;
    }
    this.#move(commitOf(merged.tree, [this.head, theirs]));
    return merged.tree;
  }

  /**
   * Fetches and rebases: each commit of ours that theirs lacks is made again on top, and where one conflicts the decision
   * is asked for at once.
   * @param decide what a path becomes; undefined takes it away
   */
  pullRebase(decide: (path: string, upstream: string | undefined, replayed: string | undefined) => string | undefined) {
    const theirs = this.#remote.main ?? root;
    if (isAncestor(theirs, this.head)) return this.head.tree;
    let tip = theirs;
    for (const commit of commitsSince(this.head, theirs)) {
      const parent = commit.parents[0] ?? root;
      const merged = mergeTrees(parent.tree, tip.tree, commit.tree);
      const tree = new Map(merged.tree);
      for (const path of merged.conflicts) {
        put(tree, path, decide(path, tip.tree.get(path), commit.tree.get(path)));
      }
      if (!sameTree(tree, tip.tree)) tip = commitOf(tree, [tip]);
    }
    this.#move(tip);
    return tip.tree;
  }

  /** Ends a merge with what the work tree has now. */
  conclude(tree: Snapshot): void {
    if (!this.conflicts) return;
    const { other } = this.conflicts;
    this.conflicts = undefined;
    this.#move(commitOf(tree, [this.head, other]));
  }

  /** @returns false when the remote has what we have not */
  push(): boolean {
    const theirs = this.#remote.main ?? root;
    const ours = this.#branches.get('main') ?? root;
    if (!isAncestor(theirs, ours)) return false;
    this.#remote.main = ours;
    return true;
  }

  /** Makes another branch at a commit of the past, and goes there. @returns the work tree */
  switchBack(name: string, steps: number): Snapshot {
    let commit = this.head;
    for (let step = 0; step < steps; step++) commit = commit.parents[0] ?? commit;
    this.#branches.set(name, commit);
    this.branch = name;
    return commit.tree;
  }

  switchTo(name: string): Snapshot {
    this.branch = name;
    return this.head.tree;
  }

  /** Merges one of our branches into the one we are on. @returns the work tree */
  mergeBranch(name: string): Snapshot {
    const theirs = this.#branches.get(name) ?? root;
    if (isAncestor(theirs, this.head)) return this.head.tree;
    const merged = mergeTrees(mergeBase(this.head, theirs).tree, this.head.tree, theirs.tree);
    if (merged.conflicts.length > 0) {
      this.conflicts = { paths: merged.conflicts, ours: this.head.tree, theirs: theirs.tree, other: theirs };
      return merged.tree;
    }
    this.#move(commitOf(merged.tree, [this.head, theirs]));
    return merged.tree;
  }

  #move(commit: Commit): void {
    this.#branches.set(this.branch, commit);
  }
}

function commitOf(tree: Snapshot, parents: readonly Commit[]): Commit {
  return { parents, tree: new Map(tree), depth: 1 + Math.max(...parents.map(({ depth }) => depth)) };
}

function sameTree(left: Snapshot, right: Snapshot): boolean {
  return left.size === right.size && [...left].every(([path, text]) => right.get(path) === text);
}

function ancestors(commit: Commit): Set<Commit> {
  const found = new Set<Commit>();
  const open = [commit];
  for (let next = open.pop(); next; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...next.parents);
  }
  return found;
}

function isAncestor(old: Commit, young: Commit): boolean {
  return ancestors(young).has(old);
}

/** The common ancestors that no other common ancestor descends from. Of several, git merges them first; so do we. */
function mergeBase(left: Commit, right: Commit): Commit {
  const theirs = ancestors(right);
  const common = [...ancestors(left)].filter((commit) => theirs.has(commit));
  const best = common.filter((commit) => !common.some((other) => other !== commit && isAncestor(commit, other)));
  const [first = root, ...others] = best.sort((a, b) => a.depth - b.depth);
  return others.reduce((base, other) => {
    const { tree } = mergeTrees(mergeBase(base, other).tree, base.tree, other.tree);
    return commitOf(tree, [base, other]);
  }, first);
}

/** Commits of `tip` that `upstream` lacks, oldest first, without merges: what a rebase makes again. */
function commitsSince(tip: Commit, upstream: Commit): Commit[] {
  const known = ancestors(upstream);
  return [...ancestors(tip)]
    .filter((commit) => !known.has(commit) && commit.parents.length === 1)
    .sort((left, right) => left.depth - right.depth);
}

function mergeTrees(base: Snapshot, ours: Snapshot, theirs: Snapshot): { tree: Snapshot; conflicts: string[] } {
  const tree = new Map(ours);
  const conflicts: string[] = [];
  for (const path of new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])) {
    const [was, left, right] = [base.get(path), ours.get(path), theirs.get(path)];
    if (left === right || was === right) continue;
    if (was === left) {
      put(tree, path, right);
      continue;
    }
    const merged = left === undefined || right === undefined ? undefined : mergeText(was ?? '', left, right);
    if (merged === undefined) {
      conflicts.push(path);
      tree.set(path, left !== undefined && right !== undefined ? marked(left, right) : (left ?? right ?? ''));
    } else tree.set(path, merged);
  }
  return { tree, conflicts: conflicts.sort() };
}

/** Git marks only the lines that differ; for who reads the file it is the same: it is no document any more. */
function marked(ours: string, theirs: string): string {
  return `<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> theirs\n`;
}

function put(tree: Map<string, string>, path: string, text: string | undefined): void {
  if (text === undefined) tree.delete(path);
  else tree.set(path, text);
}
