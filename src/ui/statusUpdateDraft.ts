import * as vscode from 'vscode';
import { FirebreakError } from '../core/errors.ts';
import type { Incident } from '../core/item.ts';
import { isIncident } from '../core/item.ts';
import { FileError, type Files } from '../core/ports/files.ts';
import { formatFrontMatter, parseFrontMatter } from '../documents/frontMatter.ts';
import { parseStatusUpdate, type StatusUpdate, statusUpdateFields } from '../documents/statusUpdate.ts';
import { draftUpdate } from '../services/draftUpdate.ts';
import { postStatusUpdate } from '../services/postStatusUpdate.ts';
import { setContextKey } from './contextKey.ts';
import { discardDraft } from './discardDraft.ts';
import type { OpenRoot, OpenSession } from './session/openRoot.ts';
import { relativePath } from './session/rootWatch.ts';

const { t } = vscode.l10n;

/** The guide's placeholders ("Communication Template"), for fields that have nothing yet. */
const placeholders: Readonly<Record<keyof StatusUpdate, string>> = {
  currentState: '[Service up/down/degraded]',
  impact: '[% users, regions, features affected]',
  rootCause: '[Known/Under investigation]',
  actionsTaken: '[What we\u2019ve done]',
  nextSteps: '[What we\u2019re doing]',
  eta: '[Best estimate or "TBD"]',
};

/**
 * Drafts of status updates: markdown files in the private state, so that they survive a restart and never reach git
 * before they are posted.
 */
export class StatusUpdateDrafts implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #privateFolder: (session: OpenSession) => vscode.Uri | undefined;
  readonly #own: vscode.Disposable[];
  readonly #used = new Set<string>();
  /** Drafts on their way: a second click must not post a second time. */
  readonly #posting = new Set<string>();

  /** @param privateFolder where a session's private state is on disk */
  constructor(root: OpenRoot, privateFolder: (session: OpenSession) => vscode.Uri | undefined) {
    this.#root = root;
    this.#privateFolder = privateFolder;
    const tell = () => setContextKey('firebreak.statusDraftActive', this.#active() !== undefined);
    this.#own = [vscode.window.onDidChangeActiveTextEditor(tell), root.onDidOpen(tell)];
    tell();
  }

  /** Whether the active editor shows a draft. */
  get isActive(): boolean {
    return this.#active() !== undefined;
  }

  /** Opens the incident's draft, begun from the last update and what changed since, or where it was left. */
  async open(session: OpenSession, incident: Incident): Promise<void> {
    const folder = this.#privateFolder(session);
    if (!folder || !session.privateFiles) {
      throw new FirebreakError(
        'noFolder',
        t('There is no place for a draft here: post a short status update instead.'),
      );
    }
    const path = (await this.#unfinished(session.privateFiles, incident)) ?? this.#newPath(incident);
    const text = formatFrontMatter(
      [['incident', incident.id]],
      [
        `<!-- ${t('Say what is so in each field, then press Post, above or top right.')}`,
        `     ${t('Fields left in [brackets] are left out.')} -->`,
        '',
        draftBody(await draftUpdate(session.context, incident)),
      ].join('\n'),
    );
    try {
      await session.privateFiles.create(path, text);
    } catch (error) {
      if (!FileError.is(error, 'exists')) throw error;
    }
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, ...path.split('/')));
    await vscode.languages.setTextDocumentLanguage(document, 'markdown');
    const selection = firstField(document);
    await vscode.window.showTextDocument(document, { preview: false, ...(selection && { selection }) });
  }

  /** The draft of an incident that was begun and not posted. */
  async #unfinished(files: Files, incident: Incident): Promise<string | undefined> {
    const folder = draftFolder(incident);
    try {
      const names = (await files.list(folder)).map(({ name }) => name).filter((name) => name.endsWith('.md'));
      return names[0] && `${folder}/${names[0]}`;
    } catch (error) {
      if (FileError.is(error, 'notFound')) return undefined;
      throw error;
    }
  }

  /** A name that this window has not used: VS Code keeps the text of a closed file for a while, and would show that. */
  #newPath(incident: Incident): string {
    for (let number = 1; ; number++) {
      const path = `${draftFolder(incident)}/status-update${number === 1 ? '' : `-${number}`}.md`;
      if (this.#used.has(path)) continue;
      this.#used.add(path);
      return path;
    }
  }

  /** Posts the draft in the active editor, then closes and removes it. @throws FirebreakError `notFound`, `invalidInput` */
  async post(session: OpenSession): Promise<Incident> {
    const document = this.#active();
    if (!document) {
      throw new FirebreakError('notFound', t('Open a draft first: "Incident: Draft Status Update" makes one.'));
    }
    const uri = document.uri.toString();
    if (this.#posting.has(uri)) throw new FirebreakError('cancelled', 'It is being posted.');
    this.#posting.add(uri);
    try {
      return await this.#post(session, document);
    } finally {
      this.#posting.delete(uri);
    }
  }

  async #post(session: OpenSession, document: vscode.TextDocument): Promise<Incident> {
    const { data, body } = parseFrontMatter(document.getText());
    const item = typeof data.incident === 'string' ? session.index.item(data.incident) : undefined;
    if (!item || !isIncident(item)) {
      throw new FirebreakError(
        'notFound',
        t('The draft names no incident that is here: put its id in the first lines.'),
      );
    }
    const update = parseStatusUpdate(body);
    if (!update) {
      throw new FirebreakError(
        'invalidInput',
        t('None of the six fields is there. Keep the lines that begin like "- **Current State**:".'),
      );
    }
    await postStatusUpdate(session.context, item, withoutPlaceholders(update));
    await this.#discard(document, session);
    return item;
  }

  /** Whether a document is a draft of the open folder. */
  isDraft(document: vscode.TextDocument): boolean {
    const session = this.#root.session;
    const folder = session && this.#privateFolder(session);
    return (folder && relativePath(folder, document.uri))?.startsWith('drafts/') ?? false;
  }

  #active(): vscode.TextDocument | undefined {
    const document = vscode.window.activeTextEditor?.document;
    return document && this.isDraft(document) ? document : undefined;
  }

  async #discard(document: vscode.TextDocument, session: OpenSession): Promise<void> {
    const folder = this.#privateFolder(session);
    const path = folder && relativePath(folder, document.uri);
    if (path !== undefined) await discardDraft(document, session, path);
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}

function draftFolder(incident: Incident): string {
  return `drafts/${incident.id}`;
}

/** The six fields, the empty ones with the guide's placeholders. */
function draftBody(update: StatusUpdate): string {
  return statusUpdateFields
    .map(({ key, title }) => `- **${title}**: ${(update[key] || placeholders[key]).replace(/\n/g, '\n  ')}`)
    .join('\n');
}

function withoutPlaceholders(update: StatusUpdate): StatusUpdate {
  const said = (key: keyof StatusUpdate) => (update[key].trim() === placeholders[key] ? '' : update[key]);
  return {
    currentState: said('currentState'),
    impact: said('impact'),
    rootCause: said('rootCause'),
    actionsTaken: said('actionsTaken'),
    nextSteps: said('nextSteps'),
    eta: said('eta'),
  };
}

/** What the writer types over first. */
function firstField(document: vscode.TextDocument): vscode.Range | undefined {
  for (let line = 0; line < document.lineCount; line++) {
    const { text } = document.lineAt(line);
    const start = text.indexOf('**: ');
    if (start >= 0) return new vscode.Range(line, start + 4, line, text.length);
  }
  return undefined;
}
