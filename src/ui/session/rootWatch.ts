import * as vscode from 'vscode';
import { isOpenIncident } from '../../core/item.ts';
import type { WatchFolder } from '../../core/ports/watchFolder.ts';
import type { Session } from '../../services/session.ts';

/** Files come in bursts (a checkout, a pull): one refresh for each, once it pauses. */
const pauseMs = 60;
/** Who looks on must not wait for the end of a very long burst. */
const longestBurstMs = 1_000;
const secondLookMs = 2_000;
/** Beyond these nobody looks at each event as it comes. */
const mostIncidents = 30;
/** A path whose last name has no extension: none of our files is called so, and all of our folders are. */
const folderName = /(?:^|\/)\.?[^./]+$/;
const ours = /^(?:(?:backlog|incidents|\.firebreak)(?:\/|$)|incident-policy\.yml$)/;

export interface RootWatchOptions {
  readonly session: Session;
  readonly root: vscode.Uri;
  readonly watchFolder: WatchFolder | undefined;
  /** Takes in paths that may have changed. */
  readonly refresh: (paths: readonly string[]) => void;
}

/** Keeps a session's index in step with the disk and with the editors. */
export class RootWatch implements vscode.Disposable {
  readonly #options: RootWatchOptions;
  readonly #own: { dispose(): void }[] = [];
  readonly #folders = new Map<string, { dispose(): void }>();
  readonly #waiting = new Set<string>();
  readonly #lookAgain = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;
  #since = 0;

  constructor(options: RootWatchOptions) {
    this.#options = options;
    const { session, root } = options;
    const touched = (file: vscode.Uri) => this.#touched(file);
    for (const pattern of [
      '{backlog,incidents,.firebreak}/**',
      '{backlog,incidents,.firebreak}',
      'incident-policy.yml',
    ]) {
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(root, pattern));
      this.#own.push(
        watcher,
        watcher.onDidChange(touched),
        watcher.onDidDelete(touched),
        watcher.onDidCreate((file) => {
          const path = relativePath(root, file);
          if (path !== undefined) this.#came(path);
        }),
      );
    }
    this.#own.push(
      // What is made and taken away at once (a note, then `git clean`) a watcher takes for nothing.
      session.context.writer.onDidWrite((paths) => this.#lookLater(paths)),
      // A watcher may be late, or missing on some file systems; what is saved here is known here.
      vscode.workspace.onDidSaveTextDocument((document) => touched(document.uri)),
      // Unsaved words that were thrown away, by closing or reverting, must not stay in the index.
      vscode.workspace.onDidCloseTextDocument((document) => touched(document.uri)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (!document.isDirty && contentChanges.length === 0) touched(document.uri);
      }),
      session.index.onDidChange(() => this.#watchOpenIncidents()),
    );
  }

  #touched(file: vscode.Uri): void {
    const path = relativePath(this.#options.root, file);
    if (path !== undefined) this.#touchedPath(path);
  }

  #touchedPath(path: string): void {
    if (!ours.test(path)) return;
    const now = performance.now();
    if (this.#waiting.size === 0) this.#since = now;
    this.#waiting.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        const paths = [...this.#waiting];
        this.#waiting.clear();
        this.#options.refresh(paths);
      },
      Math.min(pauseMs, this.#since + longestBurstMs - now),
    );
  }

  /**
   * A watcher begins to watch a new folder some time after it was made: what is written into it in between is told by
   * nobody, so it is looked at once more.
   */
  #came(path: string): void {
    this.#touchedPath(path);
    if (folderName.test(path)) this.#lookLater([path]);
  }

  #lookLater(paths: readonly string[]): void {
    for (const path of paths) this.#lookAgain.add(path);
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      for (const path of this.#lookAgain) this.#touchedPath(path);
      this.#lookAgain.clear();
    }, secondLookMs);
  }

  /**
   * VS Code's own watcher may miss a folder for good that is made together with what is in it, as `firebreak declare`
   * and a pull do (measured on Linux: one in five). Where an open incident grows is watched beside it.
   */
  #watchOpenIncidents(): void {
    const { session, watchFolder } = this.#options;
    if (!watchFolder) return;
    const wanted = new Set<string>();
    for (const { uid, incident } of session.index.items().filter(isOpenIncident).slice(0, mostIncidents)) {
      for (const folder of [incident.folder, `${incident.folder}/timeline`, `.firebreak/records/${uid}`]) {
        wanted.add(folder);
      }
    }
    for (const [folder, watching] of this.#folders) {
      if (wanted.has(folder)) continue;
      watching.dispose();
      this.#folders.delete(folder);
    }
    for (const folder of wanted) {
      if (this.#folders.has(folder)) continue;
      const watching = watchFolder(
        folder,
        (name) => this.#came(name === undefined ? folder : `${folder}/${name}`),
        () => {
          this.#folders.delete(folder);
          this.#came(folder);
        },
      );
      if (!watching) continue;
      this.#folders.set(folder, watching);
      // What came before there was somebody to tell.
      this.#lookLater([folder]);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#again);
    for (const watching of this.#folders.values()) watching.dispose();
    for (const disposable of this.#own) disposable.dispose();
  }
}

/** Whether a file is one of those that Firebreak reads in a root folder. */
export function isOurs(root: vscode.Uri, file: vscode.Uri): boolean {
  const path = relativePath(root, file);
  return path !== undefined && ours.test(path);
}

/** The path of a file below a folder, with forward slashes; undefined when it is elsewhere. */
export function relativePath(folder: vscode.Uri, file: vscode.Uri): string | undefined {
  const prefix = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
  return file.scheme === folder.scheme && file.path.startsWith(prefix) ? file.path.slice(prefix.length) : undefined;
}
