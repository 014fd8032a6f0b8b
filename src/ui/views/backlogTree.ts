import * as vscode from 'vscode';
import { formatIssueLink } from '../../core/github.ts';
import { type Item, isIncident, isOpenIncident } from '../../core/item.ts';
import { isItemType } from '../../core/itemType.ts';
import type { Problem } from '../../core/problem.ts';
import { isSeverity } from '../../core/severity.ts';
import { isFinished, isStatus } from '../../core/status.ts';
import { formatDuration, minute } from '../../core/time.ts';
import type { IndexChange, OpenRoot, OpenSession } from '../session/openRoot.ts';
import { severityIcon } from '../severityIcon.ts';
import { rowUri, type SyncMark, type SyncStanding } from '../sync/syncStanding.ts';
import { phaseNames, severityNames, statusNames, typeNames } from '../words.ts';
import { BacklogGroups, finishedGroup, type Grouping } from './backlogGroups.ts';

const { t } = vscode.l10n;

interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
}
interface ProblemsNode {
  readonly kind: 'problems';
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

/** The Backlog view's rows. VS Code knows a row by its node, so there is one node for each as long as it is shown. */
export class BacklogTree implements vscode.TreeDataProvider<BacklogNode>, vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #memory: vscode.Memento;
  readonly #standing: SyncStanding;
  readonly #changed = new vscode.EventEmitter<BacklogNode[] | undefined>();
  readonly #own: vscode.Disposable[];
  readonly #groupNodes = new Map<string, GroupNode>();
  readonly #itemNodes = new Map<string, ItemNode>();
  readonly #problemsNode: ProblemsNode = { kind: 'problems' };
  /** Made when the view first asks; undefined while nobody looks. */
  #groups: BacklogGroups | undefined;
  #hadProblems = false;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(root: OpenRoot, memory: vscode.Memento, standing: SyncStanding) {
    this.#root = root;
    this.#memory = memory;
    this.#standing = standing;
    this.#own = [
      this.#changed,
      root.onDidOpen(() => this.#showAll()),
      root.onDidChange((change) => this.#show(change)),
      standing.onDidChange((uids) => this.#showMarks(uids)),
    ];
  }

  get grouping(): Grouping {
    return this.#memory.get<Grouping>(groupingKey, 'severity');
  }

  async group(by: Grouping): Promise<void> {
    await this.#memory.update(groupingKey, by);
    this.#showAll();
  }

  getChildren(node?: BacklogNode): BacklogNode[] {
    const session = this.#root.session;
    if (!session) return [];
    switch (node?.kind) {
      case undefined: {
        const groups = this.#groupsOf(session);
        this.#hadProblems = session.index.problems().length > 0;
        return [
          ...groups.keys().map((key) => this.#groupNode(key)),
          ...(this.#hadProblems ? [this.#problemsNode] : []),
        ];
      }
      case 'group':
        return this.#groupsOf(session)
          .items(node.id)
          .map(({ uid }) => this.#itemNode(uid));
      case 'problems':
        return [...problemsByFile(session)].map(([path, problems]) => ({ kind: 'problem', path, problems }));
      default:
        return [];
    }
  }

  getTreeItem(node: BacklogNode): vscode.TreeItem {
    switch (node.kind) {
      case 'group': {
        const isOver = node.id === finishedGroup || (isStatus(node.id) && isFinished(node.id));
        const row = new vscode.TreeItem(
          groupLabel(node.id),
          isOver ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded,
        );
        row.id = `group:${this.grouping}:${node.id}`;
        row.description = String(this.#groups?.items(node.id).length ?? 0);
        return row;
      }
      case 'problems': {
        const { session } = this.#root;
        const row = new vscode.TreeItem(t('Files with problems'), vscode.TreeItemCollapsibleState.Expanded);
        row.id = 'problems';
        row.description = String(session ? problemsByFile(session).size : 0);
        row.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
        return row;
      }
      case 'problem':
        return this.#problemRow(node);
      case 'item':
        return this.#itemRow(node);
    }
  }

  /** The tooltip, made when the pointer rests on a row: not for thousands that nobody looks at. */
  resolveTreeItem(row: vscode.TreeItem, node: BacklogNode): vscode.TreeItem {
    const item = node.kind === 'item' ? this.#root.session?.index.item(node.uid) : undefined;
    if (item) row.tooltip = itemTooltip(item, stateOf(item), this.#standing.markOf(item.uid));
    return row;
  }

  #showAll(): void {
    this.#groups = undefined;
    this.#groupNodes.clear();
    this.#itemNodes.clear();
    this.#changed.fire(undefined);
  }

  /** Has VS Code ask again for what changed, and for nothing else: a backlog may have thousands of rows. */
  #show({ uids, problems }: IndexChange): void {
    const { session } = this.#root;
    if (!session || !this.#groups) return;
    const change = this.#groups.update(uids, (uid) => {
      const item = session.index.item(uid);
      return item?.uid === uid ? item : undefined;
    });
    for (const uid of uids) if (session.index.item(uid)?.uid !== uid) this.#itemNodes.delete(uid);
    const hasProblems = session.index.problems().length > 0;
    if (change.groups || hasProblems !== this.#hadProblems) {
      this.#changed.fire(undefined);
      return;
    }
    const nodes: BacklogNode[] = [];
    for (const key of change.rows) nodes.push(this.#groupNode(key));
    for (const uid of change.items) nodes.push(this.#itemNode(uid));
    if (problems && hasProblems) nodes.push(this.#problemsNode);
    if (nodes.length > 0) this.#changed.fire(nodes);
  }

  /** The mark itself is shown by VS Code; what is said of it is the row's. */
  #showMarks(uids: ReadonlySet<string>): void {
    const nodes = [...uids].flatMap((uid) => this.#itemNodes.get(uid) ?? []);
    if (nodes.length > 0) this.#changed.fire(nodes);
  }

  #groupsOf(session: OpenSession): BacklogGroups {
    this.#groups ??= new BacklogGroups(this.grouping, session.index.items());
    return this.#groups;
  }

  #groupNode(id: string): GroupNode {
    return remembered(this.#groupNodes, id, () => ({ kind: 'group', id }));
  }

  #itemNode(uid: string): ItemNode {
    return remembered(this.#itemNodes, uid, () => ({ kind: 'item', uid }));
  }

  #itemRow(node: ItemNode): vscode.TreeItem {
    const session = this.#root.session;
    const item = session?.index.item(node.uid);
    if (!session || !item) return new vscode.TreeItem(node.uid);
    const row = new vscode.TreeItem(item.title, vscode.TreeItemCollapsibleState.None);
    row.id = `item:${this.grouping}:${item.uid}`;
    row.iconPath = item.private
      ? new vscode.ThemeIcon('lock', severityIcon(item.severity).color)
      : severityIcon(item.severity);
    const age = item.created === undefined ? undefined : ageText(session.now() - item.created);
    row.description = [
      age,
      item.github && `#${item.github.number}`,
      this.grouping === 'status' ? item.severity : stateOf(item),
      item.owner,
    ]
      .filter(Boolean)
      .join(' · ');
    row.contextValue = contextValue(item);
    row.resourceUri = rowUri(item.uid);
    row.accessibilityInformation = {
      label: [
        item.title,
        `${item.severity} ${severityNames[item.severity]}`,
        typeNames[item.type],
        row.description,
        this.#standing.markOf(item.uid)?.text,
      ]
        .filter(Boolean)
        .join(', '),
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

function remembered<T>(nodes: Map<string, T>, key: string, make: () => T): T {
  const known = nodes.get(key) ?? make();
  nodes.set(key, known);
  return known;
}

function groupLabel(id: string): string {
  if (isSeverity(id)) return `${id} ${severityNames[id]}`;
  if (isStatus(id)) return statusNames[id];
  return isItemType(id) ? typeNames[id] : t('Finished');
}

function stateOf(item: Item): string {
  return isIncident(item) ? phaseNames[item.incident.phase] : statusNames[item.status];
}

function problemsByFile(session: OpenSession): Map<string, Problem[]> {
  const files = new Map<string, Problem[]>();
  for (const problem of session.index.problems()) {
    const found = files.get(problem.path);
    if (found) found.push(problem);
    else files.set(problem.path, [problem]);
  }
  return files;
}

/** `now`, `5m`, `3h`, `12d`: an age in one unit, since a list is compared and not computed with. */
function ageText(ageMs: number): string {
  return ageMs < minute ? t('now') : (formatDuration(ageMs).split(' ')[0] ?? '');
}

/** What `when` clauses of the tree's menus ask for: `incident.open.conflict.linked`, `item`, … */
export function contextValue(item: Item): string {
  const kind = isIncident(item) ? `incident.${isOpenIncident(item) ? 'open' : 'closed'}` : 'item';
  return [kind, item.conflicts.length > 0 && 'conflict', item.github && 'linked'].filter(Boolean).join('.');
}

export function itemTooltip(item: Item, state: string, mark: SyncMark | undefined): vscode.MarkdownString {
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
    item.actionOf && t('Action item of {0}', item.actionOf),
    mark?.text,
  ];
  for (const line of lines) if (line) tooltip.appendText(line).appendMarkdown('  \n');
  return tooltip;
}
