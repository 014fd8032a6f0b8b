import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { Item, KeptConflict } from '../../core/item.ts';
import { hasMergeMarker, markedMerge, undecidedPlaces } from '../../core/mergeText.ts';
import type { ConflictTexts } from '../../services/resolveConflict.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { type VirtualFile, virtualScheme } from '../virtualFiles.ts';

const { t } = vscode.l10n;

/** The use case. It reads front matter, and so comes with the bundle that does that anyway. */
export type Resolving = typeof import('../../services/resolveConflict.ts');

const sides = ['base', 'mine', 'theirs', 'result'] as const;
/** What a merge editor works on: three sides to read, and the result, whose saving resolves the conflict. */
export type Side = (typeof sides)[number];
export type Sides = Readonly<Record<Side, vscode.Uri>>;

/** What an editor saved, so far without a decision, and the file's text that it was begun with. */
interface Draft {
  readonly text: string;
  readonly theirs: string;
}

const draftsKey = 'firebreak.conflictDrafts';

interface Opened {
  readonly uid: string;
  readonly conflict: string;
  /** The sides as they were when they were opened. */
  readonly texts: ConflictTexts;
  /** What the result holds. With markers of a conflict at first: by them the merge editor knows that nothing is decided. */
  readonly result: string;
  /** What was decided on, once it was. */
  readonly decided: string | undefined;
  readonly version: number;
}

/**
 * The texts of conflicts as documents of their own, without front matter: what is decided goes through the use case, so
 * that the file keeps all that came into it meanwhile. Saving decides, if a person does it, and nothing is left open.
 */
export class ConflictDocuments implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #reporter: Reporter;
  readonly #resolving: () => Resolving;
  readonly #memory: vscode.Memento;
  readonly #opened = new Map<string, Opened>();
  /** Results that are being saved by a timer, or because the focus went elsewhere. */
  readonly #savedByItself = new Set<string>();
  readonly #own: vscode.Disposable[];

  /** @param memory keeps what was saved and decides nothing yet, over a reload of the window */
  constructor(root: OpenRoot, reporter: Reporter, resolving: () => Resolving, memory: vscode.Memento) {
    this.#root = root;
    this.#reporter = reporter;
    this.#resolving = resolving;
    this.#memory = memory;
    this.#own = [
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        const { scheme, query } = document.uri;
        if (scheme !== virtualScheme) return;
        if (reason === vscode.TextDocumentSaveReason.Manual) this.#savedByItself.delete(query);
        else this.#savedByItself.add(query);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === virtualScheme && sideOf(uri) === 'result') this.#closed(uri.query);
      }),
    ];
  }

  /** Takes a look at the sides, and says where they are. @throws FirebreakError `unreadableFile`; FileError */
  async open(session: OpenSession, item: Item, conflict: KeptConflict): Promise<Sides> {
    const { uid } = item;
    const known = this.#opened.get(keyOf(uid, conflict.id));
    // Half of the work may be done already, in an editor that is still open.
    if (!known || known.decided !== undefined || hasMergeMarker(known.result)) {
      const texts = await this.#resolving().conflictTexts(session.files, item, conflict);
      this.#look(uid, conflict.id, texts, known);
    }
    // The name is what the tab shows.
    const uri = (side: Side) =>
      vscode.Uri.from({ scheme: virtualScheme, path: `/${side}/${item.id}.md`, query: keyOf(uid, conflict.id) });
    return { base: uri('base'), mine: uri('mine'), theirs: uri('theirs'), result: uri('result') };
  }

  /** undefined when it is resolved, and by nobody here. */
  async find(uri: vscode.Uri): Promise<VirtualFile | undefined> {
    const side = sideOf(uri);
    const opened = side && (this.#opened.get(uri.query) ?? (await this.#lookAgain(uri.query)));
    if (!opened) return undefined;
    const { version } = opened;
    if (side !== 'result') return { text: `${opened.texts[side]}\n`, version };
    return { text: `${opened.result}\n`, version, write: (text) => this.#save(uri.query, text) };
  }

  /** Somebody said that the merge is complete. @throws FirebreakError as the use case */
  async complete(uri: vscode.Uri): Promise<void> {
    this.#savedByItself.delete(uri.query);
    await this.#decideIfWhole(uri.query);
  }

  async #save(key: string, text: string): Promise<void> {
    const opened = this.#opened.get(key);
    if (!opened) return;
    this.#opened.set(key, { ...opened, result: text.trimEnd(), version: opened.version + 1 });
    await this.#remember(key, { text: text.trimEnd(), theirs: opened.texts.theirs });
    if (this.#savedByItself.has(key)) return;
    try {
      await this.#decideIfWhole(key);
    } catch (error) {
      // VS Code says it beside the name of the document, and keeps the words in the editor.
      throw FirebreakError.is(error) ? vscode.FileSystemError.Unavailable(error.message) : error;
    }
  }

  async #decideIfWhole(key: string): Promise<void> {
    const opened = this.#opened.get(key);
    if (!opened || opened.result === opened.decided || hasMergeMarker(opened.result)) return;
    const { base, mine, theirs } = opened.texts;
    const places = opened.decided === undefined ? undecidedPlaces(base, theirs, mine, opened.result) : 0;
    if (places > 0) {
      this.#ask(
        key,
        places === 1
          ? t('In one place the text is as it was before either side changed it: the conflict stays open.')
          : t('In {0} places the text is as it was before either side changed it: the conflict stays open.', places),
        t('Resolve Anyway'),
      );
      return;
    }
    await this.#decide(key);
  }

  /** What an editor saved by itself is no decision, but may have been meant for one. */
  #closed(key: string): void {
    const opened = this.#opened.get(key);
    const isByItself = this.#savedByItself.delete(key);
    if (!opened || opened.decided !== undefined || !isByItself || hasMergeMarker(opened.result)) return;
    const item = this.#root.session?.index.item(opened.uid);
    if (!item?.conflicts.some(({ id }) => id === opened.conflict)) return;
    this.#ask(key, t('Is the conflict of "{0}" resolved with what you wrote?', item.title), t('Resolve'));
  }

  #ask(key: string, message: string, yes: string): void {
    vscode.window.showWarningMessage(message, yes).then((answer) => {
      if (answer === yes) this.#reporter.run(t('Resolve Conflict'), () => this.#decide(key));
    });
  }

  async #decide(key: string): Promise<void> {
    const opened = this.#opened.get(key);
    if (!opened) return;
    const { uid, conflict, result, decided } = opened;
    const { context } = await this.#root.requireTrusted();
    const { resolveConflict, reviseDecision } = this.#resolving();
    if (decided === undefined) {
      await resolveConflict(context, uid, conflict, { decided: result, shown: opened.texts.theirs });
    } else await reviseDecision(context, uid, { decided: result, shown: decided });
    this.#opened.set(key, { ...opened, decided: result });
    await this.#remember(key, undefined);
    vscode.window.setStatusBarMessage(`$(check) ${t('The conflict is resolved.')}`, 5_000);
  }

  /** For an editor that VS Code brought back after a restart. */
  async #lookAgain(key: string): Promise<Opened | undefined> {
    const [uid = '', conflict = ''] = key.split('/');
    const session = await this.#root.require();
    const item = session.index.item(uid);
    const kept = item?.conflicts.find(({ id }) => id === conflict);
    if (!item || !kept) return undefined;
    return this.#look(uid, conflict, await this.#resolving().conflictTexts(session.files, item, kept), undefined);
  }

  #look(uid: string, conflict: string, texts: ConflictTexts, before: Opened | undefined): Opened {
    const { base, mine } = texts;
    const draft = this.#drafts()[keyOf(uid, conflict)];
    // What came into the file since the draft was begun is merged when it is decided on.
    const theirs = draft?.theirs ?? texts.theirs;
    const result = draft?.text ?? markedMerge(base, { name: 'GitHub', text: theirs }, { name: t('Yours'), text: mine });
    const version = (before?.version ?? 0) + 1;
    const opened: Opened = { uid, conflict, texts: { base, mine, theirs }, result, decided: undefined, version };
    this.#opened.set(keyOf(uid, conflict), opened);
    return opened;
  }

  #drafts(): Readonly<Record<string, Draft>> {
    return this.#memory.get<Record<string, Draft>>(draftsKey, {});
  }

  async #remember(key: string, draft: Draft | undefined): Promise<void> {
    const { [key]: before, ...others } = this.#drafts();
    if (draft) await this.#memory.update(draftsKey, { ...others, [key]: draft });
    else if (before) await this.#memory.update(draftsKey, others);
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}

function keyOf(uid: string, conflict: string): string {
  return `${uid}/${conflict}`;
}

function sideOf(uri: vscode.Uri): Side | undefined {
  const [, name] = uri.path.split('/');
  return sides.find((side) => side === name);
}
