import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';

/** Writes texts with nothing around it, one after the other, each flushed to the disk. */
export async function writeBare(folder: string, texts: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of texts) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}
