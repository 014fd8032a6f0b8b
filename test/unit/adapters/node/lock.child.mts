// A process that wants a lock. Arguments: folder, what to do.
//   hold        takes the lock, says "held", and keeps it until it is ended
//   compete     until told to stop: takes the lock, checks that nobody else is inside, gives it back; prints the count
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { acquireLock } from '../../../../src/adapters/node/lock.ts';
import { NodeFiles } from '../../../../src/adapters/node/nodeFiles.ts';

const [folder = '', task = ''] = process.argv.slice(2);
const place = { folder, files: new NodeFiles(folder) };

if (task === 'hold') {
  process.stdout.write((await acquireLock(place, 'sync')) ? 'held' : 'refused');
  setInterval(() => undefined, 1000);
} else {
  const inside = path.join(folder, 'inside');
  let entered = 0;
  while (!existsSync(path.join(folder, 'stop'))) {
    const lock = await acquireLock(place, 'sync');
    if (!lock) {
      await pause(1);
      continue;
    }
    const mark = `${process.pid} ${entered++}`;
    await writeFile(inside, mark);
    await pause(2);
    // A second holder would have written its own mark.
    if ((await readFile(inside, 'utf8')) !== mark) {
      process.stdout.write('two inside');
      process.exit(1);
    }
    await lock.dispose();
  }
  process.stdout.write(`${entered}`);
}
