import * as vscode from 'vscode';
import { formatIssueLink } from '../../core/github.ts';
import { type Item, isIncident, isOpenIncident } from '../../core/item.ts';
import { itemTypes } from '../../core/itemType.ts';
import type { Problem } from '../../core/problem.ts';
import { severities } from '../../core/severity.ts';
import { isFinished, statuses } from '../../core/status.ts';
import { formatDuration, minute } from '../../core/time.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { severityIcon } from '../severityIcon.ts';
import { phaseNames, severityNames, statusNames, typeNames } from '../words.ts';

const { t } = vscode.l10n;

export type Grouping = 'severity' | 'status' | 'type';

interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
  readonly label: string;
  readonly items: readonly Item[];
}
interface ProblemsNode {
  readonly kind: 'problems';
  readonly files: ReadonlyMap<string, readonly Problem[]>;
}
interface ProblemNode {
  readonly kind: 'problem';
  readonly path: string;
  readonly problems: readonly Problem[];
}
/** A row that stands for an item; commands of the tree's menus get it. */
export interface ItemNode {
  readonly kind: 'item';
  readonly uid: string;
}
export type BacklogNode = GroupNode | ProblemsNode | ProblemNode | ItemNode;

const groupingKey = 'firebreak.grouping';

export class BacklogTree implements vscode.TreeDataProvider<BacklogNode>, vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<BacklogNode | undefined>();
  readonly #own: vscode.Disposable[];
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(root: OpenRoot, memory: vscode.Memento) {
    this.#root = root;
    this.#memory = memory;
    const refresh = () => this.#changed.fire(undefined);
    this.#own = [this.#changed, root.onDidOpen(refresh), root.onDidChange(refresh)];
  }

  get grouping(): Grouping {
    return this.#memory.get<Grouping>(groupingKey, 'severity');
  }

  async group(by: Grouping): Promise<void> {
    await this.#memory.update(groupingKey, by);
    this.#changed.fire(undefined);
  }

  getChildren(node?: BacklogNode): BacklogNode[] {
    const session = this.#root.session;
    if (!session) return [];
    switch (node?.kind) {
      case undefined:
        return this.#groups(session);
      case 'group':
        return node.items.map((item) => ({ kind: 'item', uid: item.uid }));
      case 'problems':
        return [...node.files].map(([path, problems]) => ({ kind: 'problem', path, problems }));
      default:
        return [];
    }
  }

  getTreeItem(node: BacklogNode): vscode.TreeItem {
    switch (node.kind) {
      case 'group': {
        const row = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Expanded);
        row.id = `group:${this.grouping}:${node.id}`;
        row.description = String(node.items.length);
        if (node.items.every((item) => isFinished(item.status)))
          row.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
        return row;
      }
      case 'problems': {
        const row = new vscode.TreeItem(t('Files with problems'), vscode.TreeItemCollapsibleState.Expanded);
        row.id = 'problems';
        row.description = String(node.files.size);
        row.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
        return row;
      }
      case 'problem':
        return this.#problemRow(node);
      case 'item':
        return this.#itemRow(node);
    }
  }

  #groups(session: OpenSession): BacklogNode[] {
    const items = session.index.items();
    const groups: BacklogNode[] = [];
    const add = (id: string, label: string, belongs: (item: Item) => boolean) => {
      const found = items.filter(belongs).sort(byUrgency);
      if (found.length > 0) groups.push({ kind: 'group', id, label, items: found });
    };
    switch (this.grouping) {
      case 'severity':
        for (const severity of severities) {
          add(
            severity,
            `${severity} ${severityNames[severity]}`,
            (item) => item.severity === severity && !isFinished(item.status),
          );
        }
        add('finished', t('Finished'), (item) => isFinished(item.status));
        break;
      case 'status':
        for (const status of statuses) add(status, statusNames[status], (item) => item.status === status);
        break;
      case 'type':
        for (const type of itemTypes)
          add(type, typeNames[type], (item) => item.type === type && !isFinished(item.status));
        add('finished', t('Finished'), (item) => isFinished(item.status));
        break;
    }
    const files = new Map<string, Problem[]>();
    for (const problem of session.index.problems()) {
      files.set(problem.path, [...(files.get(problem.path) ?? []), problem]);
    }
    if (files.size > 0) groups.push({ kind: 'problems', files });
    return groups;
  }

  #itemRow(node: ItemNode): vscode.TreeItem {
    const session = this.#root.session;
    const item = session?.index.item(node.uid);
    if (!session || !item) return new vscode.TreeItem(node.uid);
    const row = new vscode.TreeItem(item.title, vscode.TreeItemCollapsibleState.None);
    row.id = `item:${this.grouping}:${item.path}`;
    row.iconPath = item.private
      ? new vscode.ThemeIcon('lock', severityIcon(item.severity).color)
      : severityIcon(item.severity);
    const age = item.created === undefined ? undefined : ageText(session.now() - item.created);
    const state = isIncident(item) ? phaseNames[item.incident.phase] : statusNames[item.status];
    row.description = [
      age,
      item.github && `#${item.github.number}`,
      this.grouping === 'status' ? item.severity : state,
      item.owner,
    ]
      .filter(Boolean)
      .join(' · ');
    row.tooltip = itemTooltip(item, state);
    row.contextValue = contextValue(item);
    row.accessibilityInformation = {
      label: [
        item.title,
        `${item.severity} ${severityNames[item.severity]}`,
        typeNames[item.type],
        row.description,
      ].join(', '),
    };
    row.command = { command: 'firebreak.openItem', title: t('Open'), arguments: [node] };
    return row;
  }

  #problemRow(node: ProblemNode): vscode.TreeItem {
    const [first] = node.problems;
    // A side bar is narrow: which file it is, then as much as fits of what is wrong with it.
    const name = node.path.replace(/^(?:backlog|incidents)\//, '');
    const row = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.None);
    row.id = `problem:${node.path}`;
    row.description = first?.message ?? '';
    row.tooltip = [node.path, ...node.problems.map((problem) => problem.message)].join('\n\n');
    const error = node.problems.some((problem) => problem.level === 'error');
    row.iconPath = error
      ? new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'))
      : new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
    row.contextValue = 'problem';
    const session = this.#root.session;
    if (session && first && first.code !== 'isFolder' && first.code !== 'tooLarge' && first.code !== 'binary') {
      const line = first.line ?? 0;
      row.command = {
        command: 'vscode.open',
        title: t('Open'),
        arguments: [
          vscode.Uri.joinPath(session.root.uri, node.path),
          { selection: new vscode.Range(line, 0, line, 0) } satisfies vscode.TextDocumentShowOptions,
        ],
      };
    }
    return row;
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}

/** `now`, `5m`, `3h`, `12d`: an age in one unit, since a list is compared and not computed with. */
function ageText(ageMs: number): string {
  return ageMs < minute ? t('now') : (formatDuration(ageMs).split(' ')[0] ?? '');
}

/** What `when` clauses of the tree's menus ask for: `incident.open.linked`, `item`, … */
export function contextValue(item: Item): string {
  const kind = isIncident(item) ? `incident.${isOpenIncident(item) ? 'open' : 'closed'}` : 'item';
  return item.github ? `${kind}.linked` : kind;
}

/** Most urgent first, then oldest first. */
export function byUrgency(left: Item, right: Item): number {
  return (
    left.severity.localeCompare(right.severity) ||
    (left.created ?? 0) - (right.created ?? 0) ||
    left.id.localeCompare(right.id)
  );
}

export function itemTooltip(item: Item, state: string): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString(undefined, true);
  tooltip.appendMarkdown('**').appendText(item.title).appendMarkdown('**\n\n');
  const lines = [
    item.id,
    `${item.severity} ${severityNames[item.severity]} · ${typeNames[item.type]} · ${state}`,
    item.owner && t('Owner: {0}', item.owner),
    item.sprint && t('Sprint: {0}', item.sprint),
    item.tags.length > 0 && t('Tags: {0}', item.tags.join(', ')),
    item.github && formatIssueLink(item.github),
    item.private && t('Private: never sent anywhere. Git still shares it.'),
    item.duplicateOf && t('Duplicate of {0}', item.duplicateOf),
  ];
  for (const line of lines) if (line) tooltip.appendText(line).appendMarkdown('  \n');
  return tooltip;
}
