import { chmodSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { secretMark } from './testTokens.ts';

/** A file that may hold a token, and why. */
export interface LegitimatePlace {
  /** Tested against the path below the scanned folder, with forward slashes. */
  readonly path: RegExp;
  readonly why: string;
}

/**
 * Looks through all files for tokens of tests: in plain text, in UTF-16 (databases), in base64 (headers of Basic
 * authorization), and in what git has packed away.
 * @returns the paths of files that hold one, below the folder, with forward slashes
 */
export function filesWithSecrets(folder: string, legitimate: readonly LegitimatePlace[] = []): string[] {
  return filesBelow(folder)
    .map((file) => path.relative(folder, file).split(path.sep).join('/'))
    .filter((file) => !legitimate.some((place) => place.path.test(file)))
    .filter((file) => holdsSecret(contentOf(path.join(folder, file))))
    .sort();
}

/** @throws Error that names the files */
export function assertNoSecrets(folder: string, legitimate: readonly LegitimatePlace[] = []): void {
  const found = filesWithSecrets(folder, legitimate);
  if (found.length > 0)
    throw new Error(`A token was left in ${found.map((file) => path.join(folder, file)).join(', ')}`);
}

export function holdsSecret(content: string | Uint8Array): boolean {
  const bytes = Buffer.from(content);
  return needles.some((needle) => bytes.includes(needle));
}

/** Where the mark begins decides how base64 cuts it: of the three ways, what does not depend on its neighbours. */
const inBase64 = [0, 1, 2].map((before) => {
  const text = Buffer.from('-'.repeat(before) + secretMark).toString('base64');
  return Buffer.from(text.slice(before === 0 ? 0 : 4, -4));
});
const needles = [Buffer.from(secretMark), Buffer.from(secretMark, 'utf16le'), ...inBase64];

const looseObject = /\/objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/;

function contentOf(file: string): Buffer {
  try {
    const bytes = readFileSync(file);
    return looseObject.test(file.split(path.sep).join('/')) ? inflateSync(bytes) : bytes;
  } catch (error) {
    // A process that is just ending deletes files; a test of what can't be read leaves some.
    if (codeOf(error) === 'ENOENT') return Buffer.alloc(0);
    if (codeOf(error) !== 'EACCES') throw error;
    chmodSync(file, 0o600);
    return readFileSync(file);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Links are not followed: what they lead to is scanned where it is. */
function filesBelow(folder: string): string[] {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
