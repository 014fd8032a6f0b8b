/** What a front-matter value can be set to. */
export type FrontMatterValue = string | number | boolean | readonly string[] | Readonly<Record<string, string>>;

export interface FrontMatter {
  /** YAML 1.2 core values: dates and times stay text. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What is below the closing fence and at most one blank line after it, with LF line ends. */
  readonly body: string;
  readonly hasBlock: boolean;
  /** Keys whose lines git left in conflict. `data` holds our side of them; the records decide. */
  readonly conflicted: ReadonlySet<string>;
  /** Zero-based line of the first conflict marker in the front matter. */
  readonly conflictLine: number | undefined;
  /** Zero-based line of a key in the file. */
  line(key: string): number | undefined;
  /** A scalar exactly as it is written, where YAML makes a number or a truth value of it (`id: 007`, `title: 1.10`). */
  text(key: string): string | undefined;
  /** The scalars of a list, each like `text`. */
  texts(key: string): readonly string[] | undefined;
}

/**
 * Reads a document. Nothing in it is evaluated, whatever language its front matter claims.
 * @throws FrontMatterError
 */
export function parseFrontMatter(source: string): FrontMatter {
  throw new Error(`not written yet ${source}`);
}

/**
 * Changes front-matter values in the text of a document and nothing else: byte order mark, line ends, comments, order and
 * style of all other lines stay as they are. A missing key is put before the closing fence; a missing block is put on top.
 * @param changes by key; undefined takes the key away
 * @returns the same text when nothing changes
 * @throws FrontMatterError when the front matter is broken or in conflict: there is no safe place to write to
 */
export function spliceFrontMatter(
  source: string,
  changes: Readonly<Record<string, FrontMatterValue | undefined>>,
): string {
  throw new Error(`not written yet ${source} ${String(changes)}`);
}

/** Exchanges what is below the front matter, keeping the front matter's bytes, the byte order mark and the line ends. */
export function replaceBody(source: string, body: string): string {
  throw new Error(`not written yet ${source} ${body}`);
}

/** A new document: LF line ends, keys in the order given. */
export function formatFrontMatter(entries: readonly (readonly [string, FrontMatterValue])[], body: string): string {
  throw new Error(`not written yet ${String(entries)} ${body}`);
}
