import * as vscode from 'vscode';
import type { OpenRoot } from '../session/openRoot.ts';
import { type VirtualFile, virtualScheme } from '../virtualFiles.ts';
import { planText } from './planText.ts';
import type { Standing } from './standing.ts';

export const planUri = vscode.Uri.from({ scheme: virtualScheme, path: '/GitHub sync plan.md' });

/** The sync plan as a document that keeps itself up to date. The ids in it lead to the items. */
export class PlanDocument implements vscode.DocumentLinkProvider, vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #standing: () => Standing;
  readonly #registered: vscode.Disposable;
  #text = '';
  #version = 0;

  constructor(root: OpenRoot, standing: () => Standing) {
    this.#root = root;
    this.#standing = standing;
    this.#registered = vscode.languages.registerDocumentLinkProvider(
      { scheme: virtualScheme, pattern: planUri.path },
      this,
    );
  }

  /** @returns whether it reads differently now */
  refresh(): boolean {
    const text = planText(this.#standing(), this.#root.session?.index);
    if (text === this.#text) return false;
    this.#text = text;
    this.#version += 1;
    return true;
  }

  find(uri: vscode.Uri): VirtualFile | undefined {
    if (uri.path !== planUri.path) return undefined;
    this.refresh();
    return { text: this.#text, version: this.#version };
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const session = this.#root.session;
    if (!session) return [];
    const links: vscode.DocumentLink[] = [];
    for (const match of document.getText().matchAll(/^- P\d (\S+):/gm)) {
      const item = session.index.item(match[1] ?? '');
      if (!item) continue;
      const start = match.index + '- P0 '.length;
      const range = new vscode.Range(document.positionAt(start), document.positionAt(start + item.id.length));
      links.push(new vscode.DocumentLink(range, vscode.Uri.joinPath(session.root.uri, item.path)));
    }
    return links;
  }

  dispose(): void {
    this.#registered.dispose();
  }
}
