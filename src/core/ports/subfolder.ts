import type { Files } from './files.ts';

/** The files below one folder of other files. */
export function subfolder(files: Files, folder: string): Files {
  const at = (path: string) => (path === '' ? folder : `${folder}/${path}`);
  return {
    stat: (path) => files.stat(at(path)),
    list: (path) => files.list(at(path)),
    read: (path) => files.read(at(path)),
    write: (path, text, base) => files.write(at(path), text, base),
    create: (path, text) => files.create(at(path), text),
    move: (from, to) => files.move(at(from), at(to)),
    delete: (path) => files.delete(at(path)),
  };
}
