/**
 * A path as git has it: bytes, each kept as one character, relative to the top of the work tree. Most are UTF-8, but
 * where a file system lets people name files otherwise, one such name must not keep all others from being committed.
 */
export type BytePath = string & { readonly bytePath: unique symbol };

export function bytePath(path: string): BytePath {
  return Buffer.from(path, 'utf8').toString('latin1') as BytePath;
}

/** How a path is shown to people. */
export function shownPath(path: BytePath): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

/** What calls of the file system take. */
export function systemPath(folder: string, path: BytePath): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);
}

/** The fields of output that ends each with NUL (`-z`). */
export function nulFields(output: Buffer): BytePath[] {
  const fields = output.toString('latin1').split('\0');
  return (fields.at(-1) === '' ? fields.slice(0, -1) : fields) as BytePath[];
}

/** For `--stdin -z`. */
export function nulList(paths: readonly string[]): Buffer {
  return Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');
}

/** For `--pathspec-from-file=- --pathspec-file-nul`: these very names, whatever signs are in them. */
export function pathspecList(paths: readonly BytePath[]): Buffer {
  return nulList(paths.map((path) => `:(top,literal)${path}`));
}

/** For commands that read one path a line and take it in quotes, as C writes strings, where a line can't hold it. */
export function quotedLines(paths: readonly BytePath[]): Buffer {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '"': '\\"', '\\': '\\\\' };
  const line = (path: string) =>
    /[\n\r]|^"/.test(path) ? `"${path.replace(/[\n\r"\\]/g, (sign) => escapes[sign] ?? sign)}"` : path;
  return Buffer.from(paths.map((path) => `${line(path)}\n`).join(''), 'latin1');
}
