import * as vscode from 'vscode';

/** The scheme of documents that are on no disk: the sides of conflicts, the sync plan. */
export const virtualScheme = 'firebreak-sync';

export interface VirtualFile {
  readonly text: string;
  /** Grows when the text changes. */
  readonly version: number;
  /** Missing for what can only be read. @throws FileSystemError */
  readonly write?: (text: string) => Promise<void>;
}

/** Documents that are made when somebody asks for them; also after a restart, when VS Code brings back their editors. */
export class VirtualFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #find: (uri: vscode.Uri) => Promise<VirtualFile | undefined>;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #registered: vscode.Disposable;
  readonly onDidChangeFile = this.#changed.event;

  constructor(find: (uri: vscode.Uri) => Promise<VirtualFile | undefined>) {
    this.#find = find;
    this.#registered = vscode.workspace.registerFileSystemProvider(virtualScheme, this, { isCaseSensitive: true });
  }

  /** Has open editors look again. */
  changed(...uris: readonly vscode.Uri[]): void {
    this.#changed.fire(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text, version, write } = await this.#require(uri);
    const size = new TextEncoder().encode(text).length;
    const stat = { type: vscode.FileType.File, ctime: 0, mtime: version, size };
    return write ? stat : { ...stat, permissions: vscode.FilePermission.Readonly };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return new TextEncoder().encode((await this.#require(uri)).text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const { write } = await this.#require(uri);
    if (!write) throw vscode.FileSystemError.NoPermissions(uri);
    await write(new TextDecoder().decode(content));
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  async #require(uri: vscode.Uri): Promise<VirtualFile> {
    const found = await this.#find(uri);
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    return found;
  }

  dispose(): void {
    this.#registered.dispose();
    this.#changed.dispose();
  }
}
