import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { Item, KeptConflict } from '../../core/item.ts';
import {
  type ConflictTexts,
  conflictTexts,
  requireConflict,
  resolveConflict,
  reviseDecision,
} from '../../services/resolveConflict.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';

const { t } = vscode.l10n;

export const conflictScheme = 'firebreak-conflict';

/** What a merge editor works on: three sides to read, and the result, whose saving resolves the conflict. */
export type Side = 'base' | 'mine' | 'theirs' | 'result';

interface Place {
  readonly uid: string;
  readonly conflict: string;
  readonly side: Side;
}

/** The sides as they were when they were opened, and what was decided since. */
interface Opened {
  readonly texts: ConflictTexts;
  result: string;
  decided: boolean;
  /** Counts the decisions: how an editor tells that its file changed. */
  version: number;
}

/**
 * The texts of conflicts as documents of their own, without front matter: a result that is saved goes through the use
 * case, so that the file keeps all that came into it meanwhile.
 */
export class ConflictDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #opened = new Map<string, Opened>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #own: vscode.Disposable[];
  readonly onDidChangeFile = this.#changed.event;

  constructor(root: OpenRoot) {
    this.#root = root;
    this.#own = [
      this.#changed,
      vscode.workspace.registerFileSystemProvider(conflictScheme, this, { isCaseSensitive: true }),
      root.onDidOpen(() => this.#opened.clear()),
    ];
  }

  /** Takes a new look at the sides, and says where they are. @throws FirebreakError `notFound`, `unreadableFile` */
  async open(session: OpenSession, item: Item, conflict: KeptConflict): Promise<Readonly<Record<Side, vscode.Uri>>> {
    await this.#look(session, item, conflict);
    // The name is what the tab shows.
    const uri = (side: Side) =>
      vscode.Uri.from({ scheme: conflictScheme, path: `/${item.uid}/${conflict.id}/${side}/${item.id}.md` });
    const uris = { base: uri('base'), mine: uri('mine'), theirs: uri('theirs'), result: uri('result') };
    this.#changed.fire(Object.values(uris).map((one) => ({ type: vscode.FileChangeType.Changed, uri: one })));
    return uris;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { side, opened } = await this.#find(uri);
    const size = new TextEncoder().encode(textOf(opened, side)).length;
    const stat = { type: vscode.FileType.File, ctime: 0, mtime: opened.version, size };
    return side === 'result' ? stat : { ...stat, permissions: vscode.FilePermission.Readonly };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { side, opened } = await this.#find(uri);
    return new TextEncoder().encode(textOf(opened, side));
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const { uid, conflict, side, opened } = await this.#find(uri);
    if (side !== 'result') throw vscode.FileSystemError.NoPermissions(uri);
    const decided = new TextDecoder().decode(content);
    try {
      const session = await this.#root.requireTrusted();
      if (opened.decided) await reviseDecision(session.context, uid, { decided, shown: opened.result });
      else await resolveConflict(session.context, uid, conflict, { decided, shown: opened.result });
    } catch (error) {
      // VS Code says it beside the name of the file, and keeps the words in the editor.
      throw FirebreakError.is(error) ? vscode.FileSystemError.Unavailable(error.message) : error;
    }
    Object.assign(opened, { result: decided, decided: true, version: opened.version + 1 });
    vscode.window.setStatusBarMessage(`$(check) ${t('The conflict is resolved.')}`, 5_000);
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

  async #find(uri: vscode.Uri): Promise<Place & { readonly opened: Opened }> {
    const [, uid = '', conflict = '', side] = uri.path.split('/');
    if (side !== 'base' && side !== 'mine' && side !== 'theirs' && side !== 'result') {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    try {
      const known = this.#opened.get(keyOf(uid, conflict));
      if (known) return { uid, conflict, side, opened: known };
      // An editor that VS Code brought back after a restart.
      const session = await this.#root.require();
      const item = session.index.item(uid);
      if (!item) throw vscode.FileSystemError.FileNotFound(uri);
      return { uid, conflict, side, opened: await this.#look(session, item, requireConflict(item, conflict)) };
    } catch (error) {
      throw FirebreakError.is(error) ? vscode.FileSystemError.FileNotFound(error.message) : error;
    }
  }

  async #look(session: OpenSession, item: Item, conflict: KeptConflict): Promise<Opened> {
    const key = keyOf(item.uid, conflict.id);
    const texts = await conflictTexts(session.files, item, conflict);
    const version = (this.#opened.get(key)?.version ?? 0) + 1;
    const opened: Opened = { texts, result: texts.theirs, decided: false, version };
    this.#opened.set(key, opened);
    return opened;
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}

function keyOf(uid: string, conflict: string): string {
  return `${uid}/${conflict}`;
}

function textOf({ texts, result }: Opened, side: Side): string {
  return `${side === 'result' ? result : texts[side]}\n`;
}
