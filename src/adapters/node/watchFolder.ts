import { type FSWatcher, statSync, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { WatchFolder } from '../../core/ports/watchFolder.ts';

/** Folders below a root, watched by the system's own means. */
export function folderWatching(root: string): WatchFolder {
  return (folder, changed, ended) => watchOne(path.join(root, ...folder.split('/')), changed, ended);
}

function watchOne(folder: string, ...[changed, ended]: [(name: string | undefined) => void, () => void]) {
  let watcher: FSWatcher;
  let inode: number;
  try {
    inode = statSync(folder).ino;
    watcher = watch(folder, { persistent: false });
  } catch {
    return undefined;
  }
  let open = true;
  const close = () => {
    open = false;
    watcher.close();
  };
  const end = () => {
    if (!open) return;
    close();
    ended();
  };
  // Another folder of the same name is not this one: the system goes on watching the one that went.
  const look = () =>
    stat(folder).then(
      (found) => found.ino === inode || end(),
      () => end(),
    );
  watcher.on('error', end);
  watcher.on('change', (kind, name) => {
    if (!open) return;
    changed(name === null ? undefined : String(name));
    if (kind === 'rename') look();
  });
  return { dispose: close };
}
