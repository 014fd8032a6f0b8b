import * as vscode from 'vscode';
import type { Proposal, RecordedKind } from '../../core/recording.ts';
import { formatDuration, parseInstant, second } from '../../core/time.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import type { Recording } from './recording.ts';

const { t } = vscode.l10n;

const icons: Readonly<Record<RecordedKind, string>> = {
  command: 'terminal',
  commit: 'git-commit',
  branch: 'git-branch',
  push: 'repo-push',
  tag: 'tag',
  task: 'tools',
  debug: 'debug-alt',
};

const kindNames: Readonly<Record<RecordedKind, string>> = {
  command: t('Command'),
  commit: t('Commit'),
  branch: t('Branch'),
  push: t('Push'),
  tag: t('Tag'),
  task: t('Task'),
  debug: t('Debug session'),
};

/** What was recorded and waits to be kept or dropped, the oldest first. */
export class RecordedTree implements vscode.TreeDataProvider<Proposal>, vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #recording: Recording;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<Proposal>;
  readonly #own: vscode.Disposable[];
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(root: OpenRoot, recording: Recording) {
    this.#root = root;
    this.#recording = recording;
    this.#view = vscode.window.createTreeView('firebreak.recorded', { treeDataProvider: this, canSelectMany: true });
    this.#own = [this.#changed, this.#view, recording.onDidChange(() => this.#show())];
    this.#show();
  }

  getChildren(node?: Proposal): Proposal[] {
    return node ? [] : [...this.#recording.proposals];
  }

  getTreeItem(proposal: Proposal): vscode.TreeItem {
    const [line = '', ...more] = proposal.text.split('\n');
    const row = new vscode.TreeItem(more.length > 0 ? `${line} …` : line);
    row.id = proposal.id;
    const failed = proposal.exit !== undefined && proposal.exit !== 0;
    row.iconPath = new vscode.ThemeIcon(
      icons[proposal.kind],
      failed ? new vscode.ThemeColor('list.errorForeground') : undefined,
    );
    row.description = this.#details(proposal).join(' · ');
    row.tooltip = tooltip(proposal);
    row.contextValue = proposal.output === undefined ? 'recorded' : 'recorded.output';
    row.accessibilityInformation = { label: [kindNames[proposal.kind], line, row.description].join(', ') };
    return row;
  }

  #details({ at, exit, duration, ref, incident }: Proposal): string[] {
    const ids = new Set(this.#recording.proposals.map((other) => other.incident));
    const time = new Date(parseInstant(at) ?? 0).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    return [
      exit ? t('exit {0}', exit) : '',
      duration !== undefined && duration >= 1 ? formatDuration(duration * second) : '',
      ref ?? '',
      time,
      ids.size > 1 ? (this.#root.session?.index.item(incident)?.id ?? incident) : '',
    ].filter(Boolean);
  }

  #show(): void {
    const { state, proposals } = this.#recording;
    const incident = state.incident === undefined ? undefined : this.#root.session?.index.item(state.incident);
    this.#view.description = [proposals.length > 0 ? String(proposals.length) : '', incident?.id]
      .filter(Boolean)
      .join(' · ');
    this.#view.message =
      proposals.length > 0
        ? undefined
        : t('What you do appears here: commands in the terminal, commits, pushes, tasks. You decide what is kept.');
    this.#changed.fire(undefined);
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}

function tooltip({ kind, text, cwd, output }: Proposal): vscode.MarkdownString {
  const words = new vscode.MarkdownString();
  if (kind === 'command') words.appendCodeblock(`$ ${text}`, 'console');
  else words.appendText(text);
  if (cwd !== undefined) words.appendMarkdown('\n\n').appendText(t('in {0}', cwd));
  if (output !== undefined) {
    words.appendMarkdown('\n\n').appendText(t('Output, kept only if you choose so:'));
    words.appendCodeblock(output, 'text');
  }
  return words;
}
