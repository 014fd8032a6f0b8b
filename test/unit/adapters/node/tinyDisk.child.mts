// Runs in a mount name space of its own: its argument is a disk of 64 kB that nobody else sees. Prints what it met.
import { execFileSync } from 'node:child_process';
import { NodeFiles } from '../../../../src/adapters/node/nodeFiles.ts';

const root = process.argv[2] ?? '';
const files = new NodeFiles(root);

async function reasonOf(act: Promise<unknown>): Promise<unknown> {
  try {
    await act;
    return 'none';
  } catch (error) {
    return error instanceof Error && 'reason' in error ? error.reason : String(error);
  }
}

await files.write('a.md', 'old');
const tooMuch = await reasonOf(files.write('a.md', 'x'.repeat(100_000)));
const newTooMuch = await reasonOf(files.create('b.md', 'x'.repeat(100_000)));
const listed = (await files.list('')).map((entry) => entry.name);
const kept = new TextDecoder().decode(await files.read('a.md'));
execFileSync('mount', ['-o', 'remount,ro', root]);
const readOnly = await reasonOf(files.write('a.md', 'x'));
const createReadOnly = await reasonOf(files.create('c.md', 'x'));
process.stdout.write(JSON.stringify({ tooMuch, newTooMuch, listed, kept, readOnly, createReadOnly }));
