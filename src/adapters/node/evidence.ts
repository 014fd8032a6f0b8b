import { createHash } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { compileGlob } from '../../core/glob.ts';
import type { Evidence, EvidenceFile } from '../../core/ports/evidence.ts';
import { systemCode } from './fileFault.ts';

/** More is a pattern that means too much. */
const mostFiles = 1_000;
/** Of one file; and of all together. */
const mostBytes = 1024 ** 3;
const mostTogether = 4 * mostBytes;

const leftOut = new Set(['.git', '.firebreak', 'node_modules', 'incidents', 'backlog']);

/** Evidence of this machine, below a root folder. */
export class NodeEvidence implements Evidence {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async collect(patterns: readonly string[], target: string): Promise<readonly EvidenceFile[]> {
    const paths = new Set<string>();
    for (const pattern of patterns) {
      const isMeant = compileGlob(pattern);
      await walk(this.#root, startOf(pattern), isMeant, paths);
    }
    const files: EvidenceFile[] = [];
    let together = 0;
    for (const found of [...paths].sort()) {
      if (files.length === mostFiles) {
        files.push(skipped(found, `and ${paths.size - mostFiles} more: only ${mostFiles} files are copied`));
        break;
      }
      const file = await this.#copy(found, target, mostTogether - together);
      together += file.bytes;
      files.push(file);
    }
    return files;
  }

  async #copy(found: string, target: string, room: number): Promise<EvidenceFile> {
    const to = path.join(this.#root, target, found);
    try {
      // A pipe is not waited for, and a link that was put there meanwhile is not followed.
      const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
      const handle = await open(path.join(this.#root, found), flags);
      try {
        const { size, mtimeMs } = await handle.stat();
        if (size > Math.min(mostBytes, room)) return skipped(found, `not copied: ${size} bytes are too many`, mtimeMs);
        await mkdir(path.dirname(to), { recursive: true });
        const hash = createHash('sha256');
        let bytes = 0;
        const measure = new Transform({
          transform(chunk: Buffer, _encoding, done) {
            hash.update(chunk);
            bytes += chunk.length;
            // A log that is written to meanwhile would never end.
            done(bytes > mostBytes ? new Error('it grows while it is copied') : null, chunk);
          },
        });
        const from = createReadStream('', { fd: handle.fd, autoClose: false, start: 0 });
        await pipeline(from, measure, createWriteStream(to, { flags: 'wx' }));
        return { path: found, changedAt: mtimeMs, bytes, sha256: hash.digest('hex'), problem: undefined };
      } finally {
        await handle.close();
      }
    } catch (error) {
      await rm(to, { force: true }).catch(() => undefined);
      return skipped(found, `not copied: ${systemCode(error) ?? (error instanceof Error ? error.message : 'failed')}`);
    }
  }
}

function skipped(found: string, problem: string, changedAt?: number): EvidenceFile {
  return { path: found, changedAt, bytes: 0, sha256: undefined, problem };
}

/** The folder that a pattern's files are below: nothing else has to be looked at. */
function startOf(pattern: string): string {
  const parts = pattern.split('/').slice(0, -1);
  const special = parts.findIndex((part) => /[*?[{]/.test(part));
  return (special < 0 ? parts : parts.slice(0, special)).join('/');
}

async function walk(
  root: string,
  folder: string,
  isMeant: (path: string) => boolean,
  found: Set<string>,
): Promise<void> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (found.size > 10 * mostFiles) return;
    if (entry.isDirectory()) {
      if (!(folder === '' && leftOut.has(entry.name)) && entry.name !== '.git' && entry.name !== 'node_modules') {
        await walk(root, name, isMeant, found);
      }
    } else if (entry.isFile() && isMeant(name)) found.add(name);
  }
}
