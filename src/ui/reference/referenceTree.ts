import * as vscode from 'vscode';
import { type FoundRunbook, listRunbooks } from '../../services/runbooks.ts';
import type { OpenRoot } from '../session/openRoot.ts';

const { t } = vscode.l10n;

interface GroupNode {
  readonly kind: 'contacts' | 'runbooks';
}
/** Somebody to call; its commands get the words as they stand in the policy. */
export interface ContactNode {
  readonly kind: 'contact';
  readonly title: string;
  readonly who: string;
}
/** A runbook; its commands get its path. */
export interface RunbookNode {
  readonly kind: 'runbook';
  readonly path: string;
  readonly runbook: FoundRunbook;
}
export type ReferenceNode = GroupNode | ContactNode | RunbookNode;

/** The guide's quick reference: whom to call, and what to do about what is known. */
export class ReferenceTree implements vscode.TreeDataProvider<ReferenceNode>, vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #own: vscode.Disposable[];
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(root: OpenRoot) {
    this.#root = root;
    const refresh = () => this.#changed.fire();
    const files = vscode.workspace.createFileSystemWatcher('**/{runbooks/*.md,incident-policy.yml}');
    this.#own = [
      this.#changed,
      root.onDidOpen(refresh),
      files,
      files.onDidChange(refresh),
      files.onDidCreate(refresh),
      files.onDidDelete(refresh),
      vscode.window.registerTreeDataProvider('firebreak.reference', this),
    ];
  }

  async getChildren(node?: ReferenceNode): Promise<ReferenceNode[]> {
    const session = this.#root.session;
    if (!session) return [];
    switch (node?.kind) {
      case undefined:
        return [{ kind: 'contacts' }, { kind: 'runbooks' }];
      case 'contacts':
        return session.index
          .policy()
          .contacts.flatMap(({ title, who }) => who.map((one): ContactNode => ({ kind: 'contact', title, who: one })));
      case 'runbooks':
        return (await listRunbooks(session.files)).map((runbook) => ({ kind: 'runbook', path: runbook.path, runbook }));
      default:
        return [];
    }
  }

  getTreeItem(node: ReferenceNode): vscode.TreeItem {
    switch (node.kind) {
      case 'contacts':
      case 'runbooks': {
        const label = node.kind === 'contacts' ? t('Contacts') : t('Runbooks');
        const row = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
        row.id = node.kind;
        row.contextValue = node.kind;
        return row;
      }
      case 'contact': {
        const row = new vscode.TreeItem(node.title);
        row.id = `contact:${node.title}:${node.who}`;
        row.description = node.who;
        row.tooltip = t('Open or copy {0}', node.who);
        row.iconPath = new vscode.ThemeIcon('call-outgoing');
        row.contextValue = 'contact';
        row.command = { command: 'firebreak.reachContact', title: t('Reach Contact'), arguments: [node] };
        return row;
      }
      case 'runbook': {
        const row = new vscode.TreeItem(node.runbook.title);
        row.id = `runbook:${node.path}`;
        row.description = node.runbook.steps.length === 1 ? t('1 step') : t('{0} steps', node.runbook.steps.length);
        row.iconPath = new vscode.ThemeIcon('book');
        row.contextValue = 'runbook';
        row.command = { command: 'firebreak.openRunbook', title: t('Open Runbook'), arguments: [node] };
        return row;
      }
    }
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}
