import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** `RENEW_GOLDENS=1` writes what tests see as what they expect from then on; look at the difference before committing. */
const renew = process.env.RENEW_GOLDENS === '1';

/** Holds a text against the file that says what it must be. */
export function assertGolden(file: string, text: string): void {
  if (renew) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  assert.ok(existsSync(file), `${path.basename(file)} is missing: run the test with RENEW_GOLDENS=1, then read it.`);
  assert.equal(text, readFileSync(file, 'utf8'), path.basename(file));
}

/** All files of a tree as one text, paths first, with what can't be seen made visible. */
export function treeText(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(
      ([name, text]) =>
        `==== ${name}\n${text.replaceAll('\r', '\\r').replaceAll('\uFEFF', '\\uFEFF')}${text.endsWith('\n') ? '' : '\\no end of line\n'}`,
    )
    .join('');
}
