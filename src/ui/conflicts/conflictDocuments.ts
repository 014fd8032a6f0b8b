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
import { type VirtualFile, virtualScheme } from '../virtualFiles.ts';

const { t } = vscode.l10n;

const sides = ['base', 'mine', 'theirs', 'result'] as const;
/** What a merge editor works on: three sides to read, and the result, whose saving resolves the conflict. */
export type Side = (typeof sides)[number];
export type Sides = Readonly<Record<Side, vscode.Uri>>;

/** The sides as they were when they were opened, and what was decided since. */
interface Opened {
  readonly texts: ConflictTexts;
  readonly result: string;
  readonly decided: boolean;
  readonly version: number;
}

/**
 * The texts of conflicts as documents of their own, without front matter: a result that is saved goes through the use
 * case, so that the file keeps all that came into it meanwhile.
 */
export class ConflictDocuments {
  readonly #root: OpenRoot;
  readonly #opened = new Map<string, Opened>();

  constructor(root: OpenRoot) {
    this.#root = root;
  }

  /** Takes a new look at the sides, and says where they are. @throws FirebreakError `unreadableFile`; FileError */
  async open(session: OpenSession, item: Item, conflict: KeptConflict): Promise<Sides> {
    await this.#look(session, item, conflict);
    // The name is what the tab shows.
    const uri = (side: Side) =>
      vscode.Uri.from({ scheme: virtualScheme, path: `/conflict/${item.uid}/${conflict.id}/${side}/${item.id}.md` });
    return { base: uri('base'), mine: uri('mine'), theirs: uri('theirs'), result: uri('result') };
  }

  /** undefined when it is resolved, and by nobody here. */
  async find(uri: vscode.Uri): Promise<VirtualFile | undefined> {
    const [, , uid = '', conflict = '', name] = uri.path.split('/');
    const side = sides.find((one) => one === name);
    const opened = side && (this.#opened.get(keyOf(uid, conflict)) ?? (await this.#lookAgain(uid, conflict)));
    if (!opened) return undefined;
    const { version } = opened;
    if (side !== 'result') return { text: `${opened.texts[side]}\n`, version };
    return { text: `${opened.result}\n`, version, write: (text) => this.#decide(uid, conflict, opened, text) };
  }

  async #decide(uid: string, conflict: string, opened: Opened, decided: string): Promise<void> {
    try {
      const { context } = await this.#root.requireTrusted();
      if (opened.decided) await reviseDecision(context, uid, { decided, shown: opened.result });
      else await resolveConflict(context, uid, conflict, { decided, shown: opened.result });
    } catch (error) {
      // VS Code says it beside the name of the document, and keeps the words in the editor.
      throw FirebreakError.is(error) ? vscode.FileSystemError.Unavailable(error.message) : error;
    }
    const version = opened.version + 1;
    this.#opened.set(keyOf(uid, conflict), { ...opened, result: decided.trimEnd(), decided: true, version });
    vscode.window.setStatusBarMessage(`$(check) ${t('The conflict is resolved.')}`, 5_000);
  }

  /** For an editor that VS Code brought back after a restart. */
  async #lookAgain(uid: string, conflict: string): Promise<Opened | undefined> {
    const session = await this.#root.require();
    const item = session.index.item(uid);
    if (!item?.conflicts.some(({ id }) => id === conflict)) return undefined;
    return this.#look(session, item, requireConflict(item, conflict));
  }

  async #look(session: OpenSession, item: Item, conflict: KeptConflict): Promise<Opened> {
    const key = keyOf(item.uid, conflict.id);
    const texts = await conflictTexts(session.files, item, conflict);
    const version = (this.#opened.get(key)?.version ?? 0) + 1;
    const opened: Opened = { texts, result: texts.theirs, decided: false, version };
    this.#opened.set(key, opened);
    return opened;
  }
}

function keyOf(uid: string, conflict: string): string {
  return `${uid}/${conflict}`;
}
