import * as vscode from 'vscode';
import type { Files } from '../../core/ports/files.ts';

const byteOrderMark = '\uFEFF';

/**
 * The tree of a root folder as the editor sees it: what stands unsaved in an editor is what is read and changed, and a
 * dirty document is never rewritten on disk. Everything else goes to the disk.
 */
export class WorkspaceFiles implements Files {
  readonly #disk: Files;
  readonly #root: vscode.Uri;

  constructor(disk: Files, root: vscode.Uri) {
    this.#disk = disk;
    this.#root = root;
  }

  stat(path: string) {
    return this.#disk.stat(path);
  }

  list(folder: string) {
    return this.#disk.list(folder);
  }

  create(path: string, text: string): Promise<void> {
    return this.#disk.create(path, text);
  }

  delete(path: string): Promise<void> {
    return this.#disk.delete(path);
  }

  async read(path: string): Promise<Uint8Array> {
    const document = this.#openDocument(path);
    return document?.isDirty ? new TextEncoder().encode(document.getText()) : this.#disk.read(path);
  }

  async write(path: string, text: string): Promise<void> {
    const document = this.#openDocument(path);
    if (!document) return this.#disk.write(path, text);
    const dirty = document.isDirty;
    const wanted = text.startsWith(byteOrderMark) ? text.slice(1) : text;
    if (!dirty && !(await this.#showsWhatIsOnDisk(document, path))) return this.#disk.write(path, text);
    const edit = new vscode.WorkspaceEdit();
    const changed = smallestChange(document.getText(), wanted);
    edit.replace(
      document.uri,
      new vscode.Range(document.positionAt(changed.start), document.positionAt(changed.end)),
      changed.text,
    );
    const applied = await vscode.workspace.applyEdit(edit);
    // A person's unsaved words stay theirs to save. A clean document is saved so that git and the terminal see it too.
    const saved = !applied || dirty || (await document.save());
    if (!applied || !saved) return this.#disk.write(path, text);
  }

  async move(from: string, to: string): Promise<void> {
    if (!this.#openDocument(from)) return this.#disk.move(from, to);
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(this.#uri(from), this.#uri(to), { overwrite: false });
    if (!(await vscode.workspace.applyEdit(edit))) return this.#disk.move(from, to);
  }

  /** An editor makes mixed line ends alike; such a file is changed on disk, where each line keeps its own. */
  async #showsWhatIsOnDisk(document: vscode.TextDocument, path: string): Promise<boolean> {
    const text = new TextDecoder('utf-8').decode(await this.#disk.read(path));
    return text === document.getText();
  }

  #openDocument(path: string): vscode.TextDocument | undefined {
    const wanted = this.#uri(path).toString();
    return vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === wanted);
  }

  #uri(path: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#root, ...path.split('/'));
  }
}

/** The part between the common beginning and the common end, so that cursors and folds outside it stay. */
export function smallestChange(before: string, after: string): { start: number; end: number; text: string } {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}
