import { diff3Merge } from 'node-diff3';
import type { MemoryFiles } from '../support/memoryFiles.ts';

/** How a person, or nobody, settles what git could not merge. */
export type Settling = 'ours' | 'theirs' | 'markers';

/**
 * A key that one side took out and put in again elsewhere can come out of a merge twice. YAML refuses that, Firebreak says
 * so, and a person takes the second away.
 */
function withoutDoubleKeys(text: string): string {
  const end = text.indexOf('\n---', 3);
  if (!text.startsWith('---\n') || end < 0 || text.includes(marks.ours)) return text;
  const seen = new Set<string>();
  const lines = text.slice(0, end).split('\n');
  const kept = lines.filter((line) => {
    const key = /^([a-z-]+):/.exec(line)?.[1];
    return key === undefined || (!seen.has(key) && seen.add(key));
  });
  return kept.length === lines.length ? text : kept.join('\n') + text.slice(end);
}

type Tree = Readonly<Record<string, string>>;

/**
 * A repository that clones share through, merging as git does: file by file against what both had last, by lines where
 * both changed one, a renamed file against its old name.
 */
export class Remote {
  #tree: Tree = {};
  readonly #bases = new Map<MemoryFiles, Tree>();

  /** What a clone had when it last shared: git tracks it, and a clean leaves it. */
  tracked(tree: MemoryFiles): ReadonlySet<string> {
    return new Set(Object.keys(this.#bases.get(tree) ?? {}));
  }

  /**
   * Commits, fetches, merges and pushes. A merge that is left with markers is not pushed; the next share settles it first.
   * @returns the paths whose content changed in the clone
   */
  share(tree: MemoryFiles, settling: Settling): string[] {
    const before = tree.snapshot();
    const ours = mapTexts(before, (text) => settleMarkers(text, settling));
    const merged = mapTexts(merge(this.#bases.get(tree) ?? {}, ours, this.#tree, settling), withoutDoubleKeys);
    const changed = [...new Set([...Object.keys(before), ...Object.keys(merged)])].filter(
      (path) => before[path] !== merged[path],
    );
    for (const path of changed) {
      const text = merged[path];
      if (text === undefined) tree.remove(path);
      else tree.put(path, text);
    }
    const isSettled = !Object.values(merged).some((text) => text.includes(marks.ours));
    if (isSettled) this.#tree = merged;
    this.#bases.set(tree, this.#tree);
    return changed;
  }
}

const marks = { ours: '<<<<<<< ours', between: '=======', theirs: '>>>>>>> theirs' };

function mapTexts(tree: Tree, change: (text: string) => string): Tree {
  return Object.fromEntries(Object.entries(tree).map(([path, text]) => [path, change(text)]));
}

/** What a person makes of markers in the end: one side's lines. */
function settleMarkers(text: string, settling: Settling): string {
  let side: 'both' | 'ours' | 'theirs' = 'both';
  const wanted = settling === 'theirs' ? 'theirs' : 'ours';
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line === marks.ours) side = 'ours';
    else if (line === marks.between && side === 'ours') side = 'theirs';
    else if (line === marks.theirs) side = 'both';
    else if (side === 'both' || side === wanted) lines.push(line);
  }
  return lines.join('\n');
}

function merge(base: Tree, ours: Tree, theirs: Tree, settling: Settling): Tree {
  const merged: Record<string, string> = {};
  const renames = new Map([...renamesIn(base, ours), ...renamesIn(base, theirs)]);
  const newNames = new Map([...renames].map(([from, to]) => [to, from]));
  for (const path of new Set([base, ours, theirs].flatMap((tree) => Object.keys(tree)))) {
    if (renames.has(path)) continue;
    const from = newNames.get(path);
    const old = base[path] ?? (from === undefined ? undefined : base[from]);
    const left = ours[path] ?? (from === undefined ? undefined : ours[from]);
    const right = theirs[path] ?? (from === undefined ? undefined : theirs[from]);
    const text = mergeFile(old, left, right, settling);
    if (text !== undefined) merged[path] = text;
  }
  return merged;
}

/** A file that went while one with most of its lines came; among several the one that has most of them. */
function renamesIn(base: Tree, changed: Tree): Map<string, string> {
  const added = Object.keys(changed).filter((path) => base[path] === undefined);
  const pairs: { from: string; to: string; alike: number }[] = [];
  for (const [from, text] of Object.entries(base)) {
    if (changed[from] !== undefined) continue;
    const lines = text.split('\n');
    for (const to of added) {
      const there = new Set((changed[to] ?? '').split('\n'));
      const alike = lines.filter((line) => there.has(line)).length / lines.length;
      if (alike > 0.5) pairs.push({ from, to, alike });
    }
  }
  const renames = new Map<string, string>();
  const taken = new Set<string>();
  for (const { from, to } of pairs.sort((left, right) => right.alike - left.alike)) {
    if (renames.has(from) || taken.has(to)) continue;
    renames.set(from, to);
    taken.add(to);
  }
  return renames;
}

function mergeFile(
  base: string | undefined,
  ours: string | undefined,
  theirs: string | undefined,
  settling: Settling,
): string | undefined {
  if (ours === theirs || theirs === base) return ours;
  if (ours === base) return theirs;
  // One deleted what the other changed: git keeps the change, and asks.
  if (ours === undefined) return theirs;
  if (theirs === undefined) return ours;
  const lines: string[] = [];
  for (const part of diff3Merge(ours.split('\n'), (base ?? '').split('\n'), theirs.split('\n'))) {
    if (part.ok) lines.push(...part.ok);
    else if (part.conflict && settling === 'ours') lines.push(...part.conflict.a);
    else if (part.conflict && settling === 'theirs') lines.push(...part.conflict.b);
    else if (part.conflict) lines.push(marks.ours, ...part.conflict.a, marks.between, ...part.conflict.b, marks.theirs);
  }
  return lines.join('\n');
}
