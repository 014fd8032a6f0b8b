import * as vscode from 'vscode';
import type { CommandId } from './contributions.ts';
import type { StatusUpdateDrafts } from './statusUpdateDraft.ts';

const { t } = vscode.l10n;

/** The way to post a draft, where its writer looks: above its first line. */
export class DraftCodeLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #drafts: StatusUpdateDrafts;
  readonly #registration: vscode.Disposable;

  constructor(drafts: StatusUpdateDrafts) {
    this.#drafts = drafts;
    this.#registration = vscode.languages.registerCodeLensProvider(
      { language: 'markdown', scheme: 'file', pattern: '**/drafts/*/*.md' },
      this,
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!this.#drafts.isDraft(document)) return [];
    const command: CommandId = 'firebreak.postStatusUpdate';
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title: `$(send)\u00a0${t('Post')}`, command })];
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
