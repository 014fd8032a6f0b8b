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
 * Takes our side of every conflict that begins before an offset, and leaves later ones (in the prose) as they are. A
 * conflict inside a conflict, which merging a file with markers in it leaves, is taken the same way.
 * @throws FrontMatterError when a marker is left over, so that no side can be told
 */
export function takeOurs(source: string, before: number): OurSide {
  const kept: string[] = [];
  const lines: number[] = [];
  const keys = new Set<string>();
  let first: number | undefined;
  // Whether we are on our side of each conflict around a line, outermost first; and on how many sides that are not ours.
  const sides: boolean[] = [];
  let foreign = 0;
  let lastKey: string | undefined;
  let offset = 0;
  for (const [number, line] of source.split('\n').entries()) {
    const sign = marker.exec(line)?.[0][0];
    const inReach = offset < before || sides.length > 0;
    offset += line.length + 1;
    if (inReach && sign !== undefined) {
      if (sign === '<') sides.push(true);
      else if (sides.length === 0) throw leftOver(number);
      else if (sign === '>') foreign -= sides.pop() ? 0 : 1;
      else if (sides.at(-1)) {
        sides[sides.length - 1] = false;
        foreign++;
      }
      first ??= number;
      continue;
    }
    if (sides.length > 0) {
      const key = keyOf(line) ?? (line.trim() === '' ? undefined : lastKey);
      if (key !== undefined) keys.add(key);
    }
    if (foreign === 0) {
      lastKey = keyOf(line) ?? lastKey;
      kept.push(line);
      lines.push(number);
    }
  }
  if (sides.length > 0) throw leftOver(first ?? 0);
  return { source: kept.join('\n'), keys, line: first ?? 0, lines };
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
