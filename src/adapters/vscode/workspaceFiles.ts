import * as vscode from 'vscode';
import { mergeText } from '../../core/mergeText.ts';
import { FileError, type Files } from '../../core/ports/files.ts';

const byteOrderMark = '\uFEFF';
/** Each try is lost only to a key that is struck within it. */
const mostTries = 5;

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

  /**
   * @param base what `text` was made from: what was typed elsewhere in the document since then is kept
   * @throws FileError `failed` when the same lines were typed in since, or an editor with unsaved words refuses the change
   */
  async write(path: string, text: string, base?: string): Promise<void> {
    const document = this.#openDocument(path);
    if (!document) return this.#disk.write(path, text);
    const dirty = document.isDirty;
    if (!dirty && !(await this.#showsWhatIsOnDisk(document, path))) return this.#disk.write(path, text);
    const applied = await change(document, path, text, base);
    if (!applied && document.isDirty) throw new FileError('failed', path);
    // A person's unsaved words stay theirs to save. A clean document is saved so that git and the terminal see it too.
    if (applied && (dirty || (await document.save()))) return;
    // The editor takes it for read-only. Whether the file can be written is for the disk to say.
    await this.#disk.write(path, text);
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

/** @returns false when the editor does not let itself be changed */
async function change(document: vscode.TextDocument, path: string, text: string, base?: string): Promise<boolean> {
  for (let tries = 0; tries < mostTries; tries++) {
    const { version } = document;
    const shown = document.getText();
    const asked = inLinesOf(document, text);
    const wanted = base === undefined ? asked : mergeText(inLinesOf(document, base), shown, asked);
    if (wanted === undefined) throw new FileError('failed', path);
    const { start, end, text: inserted } = smallestChange(shown, wanted);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), inserted);
    if (await vscode.workspace.applyEdit(edit)) return true;
    // VS Code refuses an edit of a version that is not the newest any more.
    if (document.version === version) return false;
  }
  return false;
}

/** A text as the document would show it: without a byte order mark, its line ends alike. */
function inLinesOf(document: vscode.TextDocument, text: string): string {
  const lineEnd = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  return (text.startsWith(byteOrderMark) ? text.slice(1) : text).replace(/\r\n?|\n/g, lineEnd);
}

/** The part between the common beginning and the common end, so that cursors and folds outside it stay. */
export function smallestChange(before: string, after: string): { start: number; end: number; text: string } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  // An emoji is two units; a place between them is none in an editor.
  if (isHighSurrogate(before[start - 1])) start--;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  if (tail > 0 && isLowSurrogate(before[before.length - tail])) tail--;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

function isHighSurrogate(unit: string | undefined): boolean {
  return unit !== undefined && unit >= '\uD800' && unit <= '\uDBFF';
}

function isLowSurrogate(unit: string | undefined): boolean {
  return unit !== undefined && unit >= '\uDC00' && unit <= '\uDFFF';
}
