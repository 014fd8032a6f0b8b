import { FrontMatterError } from './frontMatterError.ts';

/** A document in whose front matter git left conflicts, read with our side of them. */
export interface OurSide {
  readonly source: string;
  /** Top-level keys with a line in a conflict, on any side. */
  readonly keys: ReadonlySet<string>;
  /** Zero-based line of the first marker. */
  readonly line: number;
  /** For each line of `source`, its line in the document. */
  readonly lines: readonly number[];
}

const marker = /^(?:<{7}|>{7}|={7}|\|{7})(?=[ \r]|$)/;

export function hasMarker(text: string): boolean {
  return text.split('\n').some((line) => marker.test(line));
}

/**
 * Takes our side of every conflict that begins before an offset, and leaves later ones (in the prose) as they are.
 * @throws FrontMatterError when a marker is left over, so that no side can be told
 */
export function takeOurs(source: string, before: number): OurSide {
  const kept: string[] = [];
  const lines: number[] = [];
  const keys = new Set<string>();
  let first: number | undefined;
  let side: 'none' | 'ours' | 'base' | 'theirs' = 'none';
  let lastKey: string | undefined;
  let offset = 0;
  for (const [number, line] of source.split('\n').entries()) {
    const sign = marker.exec(line)?.[0][0];
    const inReach = offset < before || side !== 'none';
    offset += line.length + 1;
    if (inReach && sign !== undefined) {
      const next = nextSide(side, sign);
      if (next === undefined) throw leftOver(number);
      side = next;
      first ??= number;
      continue;
    }
    if (side !== 'none') {
      const key = keyOf(line) ?? (line.trim() === '' ? undefined : lastKey);
      if (key !== undefined) keys.add(key);
    }
    if (side === 'none' || side === 'ours') {
      lastKey = keyOf(line) ?? lastKey;
      kept.push(line);
      lines.push(number);
    }
  }
  if (side !== 'none') throw leftOver(first ?? 0);
  return { source: kept.join('\n'), keys, line: first ?? 0, lines };
}

function nextSide(side: 'none' | 'ours' | 'base' | 'theirs', sign: string): typeof side | undefined {
  if (side === 'none') return sign === '<' ? 'ours' : undefined;
  if (sign === '>') return side === 'theirs' ? 'none' : undefined;
  if (sign === '=') return side === 'theirs' ? undefined : 'theirs';
  return side === 'ours' && sign === '|' ? 'base' : undefined;
}

function keyOf(line: string): string | undefined {
  return /^(["']?)([A-Za-z][\w-]*)\1\s*:/.exec(line)?.[2];
}

function leftOver(line: number): FrontMatterError {
  return new FrontMatterError(
    'conflictMarkers',
    'A part of a merge conflict is left in the front matter: remove the lines that git marked.',
    line,
  );
}
