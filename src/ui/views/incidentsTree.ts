import * as vscode from 'vscode';
import { checklistOf } from '../../core/checklist.ts';
import { clockStanding } from '../../core/clocks.ts';
import { type Incident, type Item, isFinishedItem, isIncident, isOpenIncident } from '../../core/item.ts';
import { roles } from '../../core/role.ts';
import { type Task, tasksOf } from '../../core/tasks.ts';
import { actionItems } from '../../services/actionItems.ts';
import { freezeOf } from '../../services/actions/freeze.ts';
import { clocksOf, clockText, dueText, elapsedText } from '../clockText.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { severityIcon } from '../severityIcon.ts';
import { rowUri, type SyncStanding } from '../sync/syncStanding.ts';
import type { Ticker } from '../ticker.ts';
import type { WarRoomStanding } from '../warRoomStanding.ts';
import { clockNames, phaseNames, roleNames, statusNames } from '../words.ts';
import { byUrgency } from './backlogGroups.ts';
import { contextValue, type ItemNode, itemTooltip } from './backlogTree.ts';

const { t } = vscode.l10n;

interface DetailNode {
  readonly kind: 'detail';
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: vscode.ThemeIcon;
  readonly tooltip?: string;
  readonly command?: vscode.Command;
}
/** What is to be done so that an incident does not happen again; it outlives the incident. */
interface ActionNode {
  readonly kind: 'action';
  readonly uid: string;
}
/** Who does what now. `uid` is the incident's, so that its commands can be called on the row. */
export interface TaskNode {
  readonly kind: 'task';
  readonly uid: string;
  readonly task: string;
  readonly shown: Task;
}
export type IncidentsNode =
  | ItemNode
  | TaskNode
  | ActionNode
  | DetailNode
  | { readonly kind: 'none' }
  | { readonly kind: 'past' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'sync' };

/** Open incidents with phase and running clocks; past ones below. */
export class IncidentsTree implements vscode.TreeDataProvider<IncidentsNode>, vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #standing: SyncStanding;
  readonly #warRooms: WarRoomStanding;
  readonly #changed = new vscode.EventEmitter<IncidentsNode[] | undefined>();
  readonly #own: vscode.Disposable[];
  /** The rows of open incidents, as VS Code has them. */
  #open: ItemNode[] = [];
  /** By the incident's uid; grouped when first needed after a change. */
  #actions: ReadonlyMap<string, readonly Item[]> | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(root: OpenRoot, ticker: Ticker, standing: SyncStanding, warRooms: WarRoomStanding) {
    this.#warRooms = warRooms;
    this.#root = root;
    this.#standing = standing;
    const refresh = () => {
      this.#actions = undefined;
      this.#changed.fire(undefined);
    };
    this.#own = [
      this.#changed,
      root.onDidOpen(refresh),
      root.onDidChange(refresh),
      standing.onDidChange(refresh),
      warRooms.onDidChange(refresh),
      // Time passes for the open ones alone.
      ticker.onDidTick(() => {
        if (this.#open.length > 0) this.#changed.fire(this.#open);
      }),
    ];
  }

  getChildren(node?: IncidentsNode): IncidentsNode[] {
    const session = this.#root.session;
    if (!session) return [];
    switch (node?.kind) {
      case undefined:
        return this.#top(session);
      case 'past':
        return past(session).map((incident) => ({ kind: 'item', uid: incident.uid }));
      case 'item': {
        const item = session.index.item(node.uid);
        return item && isIncident(item) ? this.#details(session, item) : [];
      }
      default:
        return [];
    }
  }

  getTreeItem(node: IncidentsNode): vscode.TreeItem {
    switch (node.kind) {
      case 'none': {
        const row = new vscode.TreeItem(t('No incident is open'));
        row.id = 'none';
        row.iconPath = new vscode.ThemeIcon('pass', new vscode.ThemeColor('descriptionForeground'));
        if (vscode.workspace.isTrusted) {
          row.description = t('declare P0');
          row.tooltip = t('Declare a P0: only a title is needed.');
          row.command = { command: 'firebreak.declare', title: t('Declare P0') };
        }
        return row;
      }
      case 'past': {
        const row = new vscode.TreeItem(t('Past incidents'), vscode.TreeItemCollapsibleState.Collapsed);
        row.id = 'past';
        row.description = String(this.#root.session ? past(this.#root.session).length : 0);
        return row;
      }
      case 'missing': {
        const count = this.#root.session?.index.missing().length ?? 0;
        const row = new vscode.TreeItem(
          count === 1 ? t('Not in this checkout: 1 file') : t('Not in this checkout: {0} files', count),
        );
        row.id = 'missing';
        row.description = t('kept in the journal');
        row.tooltip = t('A checkout, stash or clean took these files away. Nothing is lost: restore them here.');
        row.iconPath = new vscode.ThemeIcon('discard', new vscode.ThemeColor('list.warningForeground'));
        row.contextValue = 'missing';
        row.command = { command: 'firebreak.restoreMissing', title: t('Restore') };
        return row;
      }
      case 'sync':
        return this.#syncRow();
      case 'detail': {
        const row = new vscode.TreeItem(node.label);
        row.id = node.id;
        row.description = node.description;
        row.iconPath = node.icon;
        if (node.tooltip !== undefined) row.tooltip = node.tooltip;
        if (node.command) row.command = node.command;
        return row;
      }
      case 'action':
        return this.#actionRow(node);
      case 'task':
        return this.#taskRow(node);
      case 'item':
        return this.#incidentRow(node);
    }
  }

  #details(session: OpenSession, incident: Incident): IncidentsNode[] {
    const actions = this.#actionsOf(session, incident);
    return [
      ...(isOpenIncident(incident) ? [...details(session, incident), ...recovery(session, incident)] : []),
      ...this.#warRoomRow(incident),
      ...(isOpenIncident(incident) ? tasksIn(session, incident.uid) : [])
        .filter(({ state }) => state !== 'dropped')
        .map((task): TaskNode => ({ kind: 'task', uid: incident.uid, task: task.id, shown: task })),
      ...actions.map(({ uid }): ActionNode => ({ kind: 'action', uid })),
    ];
  }

  #warRoomRow({ uid, path }: Incident): DetailNode[] {
    const row = this.#warRooms.rowOf(uid);
    if (!row) return [];
    const color = row.troubled ? new vscode.ThemeColor('list.warningForeground') : undefined;
    return [
      {
        kind: 'detail',
        id: `${path}:war-room`,
        label: t('War room'),
        description: row.description,
        tooltip: row.tooltip,
        icon: new vscode.ThemeIcon(row.troubled ? 'warning' : 'comment-discussion', color),
        command: { command: 'firebreak.openWarRoom', title: t('Open War Room'), arguments: [uid] },
      },
    ];
  }

  #actionsOf(session: OpenSession, { uid }: Incident): readonly Item[] {
    this.#actions ??= actionItems(session.index);
    return this.#actions.get(uid) ?? [];
  }

  #taskRow({ task: id, shown: task }: TaskNode): vscode.TreeItem {
    const text = task.text.split('\n')[0] ?? id;
    const row = new vscode.TreeItem(text);
    row.id = `task:${id}`;
    row.description = task.owner || t('nobody yet');
    row.tooltip = task.text;
    row.contextValue = `task.${task.state}`;
    row.checkboxState = {
      state: task.state === 'done' ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
      tooltip: task.state === 'done' ? t('Open it again') : t('Tick it off'),
      accessibilityInformation: { label: text },
    };
    row.accessibilityInformation = { label: [t('Task'), text, row.description].join(', ') };
    return row;
  }

  #actionRow(node: ActionNode): vscode.TreeItem {
    const item = this.#root.session?.index.item(node.uid);
    const row = new vscode.TreeItem(item?.title ?? node.uid);
    if (!item) return row;
    row.id = `action:${item.path}`;
    row.iconPath = isFinishedItem(item)
      ? new vscode.ThemeIcon('pass', new vscode.ThemeColor('descriptionForeground'))
      : new vscode.ThemeIcon('tasklist', severityIcon(item.severity).color);
    row.description = [item.severity, statusNames[item.status], item.owner].filter(Boolean).join(' · ');
    row.tooltip = itemTooltip(item, statusNames[item.status], this.#standing.markOf(item.uid));
    row.contextValue = contextValue(item);
    row.resourceUri = rowUri(item.uid);
    row.accessibilityInformation = { label: [t('Action item'), item.title, row.description].join(', ') };
    row.command = {
      command: 'firebreak.openItem',
      title: t('Open Item'),
      arguments: [{ kind: 'item', uid: item.uid }],
    };
    return row;
  }

  #top(session: OpenSession): IncidentsNode[] {
    const nodes: IncidentsNode[] = [];
    if (this.#standing.row) nodes.push({ kind: 'sync' });
    if (session.index.missing().length > 0) nodes.push({ kind: 'missing' });
    const open = session.index.items().filter(isOpenIncident).sort(byUrgency);
    this.#open = open.map(({ uid }) => ({ kind: 'item', uid }));
    nodes.push(...this.#open);
    // Without past ones the view is empty, and VS Code shows what there is to begin with.
    const hasPast = past(session).length > 0;
    if (open.length === 0 && hasPast) nodes.push({ kind: 'none' });
    if (hasPast) nodes.push({ kind: 'past' });
    return nodes;
  }

  #syncRow(): vscode.TreeItem {
    const { label = '', description = '', tooltip = '', icon = 'sync', color } = this.#standing.row ?? {};
    const row = new vscode.TreeItem(label);
    row.id = 'sync';
    row.description = description;
    row.tooltip = tooltip;
    row.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
    row.contextValue = 'sync';
    row.accessibilityInformation = { label: [label, description, tooltip].filter(Boolean).join(', ') };
    row.command = { command: 'firebreak.showSyncPlan', title: t('Show Sync Plan') };
    return row;
  }

  #incidentRow(node: ItemNode): vscode.TreeItem {
    const session = this.#root.session;
    const incident = session?.index.item(node.uid);
    if (!session || !incident || !isIncident(incident)) return new vscode.TreeItem(node.uid);
    const open = isOpenIncident(incident);
    const row = new vscode.TreeItem(
      incident.title,
      open
        ? vscode.TreeItemCollapsibleState.Expanded
        : this.#actionsOf(session, incident).length > 0
          ? vscode.TreeItemCollapsibleState.Collapsed
          : vscode.TreeItemCollapsibleState.None,
    );
    row.id = `incident:${incident.path}`;
    const { severity } = incident;
    const icon = severityIcon(severity);
    // What is over burns no more.
    const color = open ? icon.color : new vscode.ThemeColor('descriptionForeground');
    row.iconPath = new vscode.ThemeIcon(incident.private ? 'lock' : icon.id, color);
    const state = phaseNames[incident.incident.phase];
    const clocks = open ? clocksOf(session, incident) : [];
    const date = incident.created === undefined ? undefined : new Date(incident.created).toLocaleDateString();
    const closed = incident.status === 'done' ? state : statusNames[incident.status];
    row.description = (
      open ? [state, elapsedText(clocks, session.now()), dueText(clocks, session.now())] : [severity, closed, date]
    )
      .filter(Boolean)
      .join(' · ');
    const mark = this.#standing.markOf(incident.uid);
    row.tooltip = itemTooltip(incident, state, mark);
    row.contextValue = contextValue(incident);
    row.resourceUri = rowUri(incident.uid);
    row.accessibilityInformation = {
      label: [incident.title, open && severity, row.description, mark?.text].filter(Boolean).join(', '),
    };
    row.command = { command: 'firebreak.openTimeline', title: t('Open Timeline'), arguments: [node] };
    return row;
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}

function past(session: OpenSession): Incident[] {
  return session.index
    .items()
    .filter((item): item is Incident => isIncident(item) && !isOpenIncident(item))
    .sort((left, right) => (right.created ?? 0) - (left.created ?? 0));
}

const standingIcons = {
  overdue: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
  soon: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  // Not `clock`: newer editors draw it as `history`, which stands for the timeline here.
  running: new vscode.ThemeIcon('watch'),
  unlimited: new vscode.ThemeIcon('watch'),
  met: new vscode.ThemeIcon('check'),
  missed: new vscode.ThemeIcon('close'),
};

function details(session: OpenSession, incident: Incident): DetailNode[] {
  const now = session.now();
  const nodes: DetailNode[] = clocksOf(session, incident)
    .filter((clock) => clock.dueAt !== null)
    .map((clock) => ({
      kind: 'detail',
      id: `${incident.path}:clock:${clock.kind}`,
      label: clockNames[clock.kind],
      description: clockText(clock, now),
      icon: standingIcons[clockStanding(clock, now)],
      ...(clock.kind === 'draft' || clock.kind === 'rca' ? openRca(incident) : {}),
    }));
  for (const role of roles) {
    const who = incident.incident.roles[role];
    if (who === undefined && role !== 'commander') continue;
    nodes.push({
      kind: 'detail',
      id: `${incident.path}:role:${role}`,
      label: roleNames[role],
      description: who ?? t('nobody yet'),
      icon: new vscode.ThemeIcon('account'),
    });
  }
  return nodes;
}

/** What a click on the clocks of the review does. */
function openRca({ uid }: Incident): Pick<DetailNode, 'command'> {
  if (!vscode.workspace.isTrusted) return {};
  return { command: { command: 'firebreak.openRca', title: t('Open RCA'), arguments: [uid] } };
}

function tasksIn(session: OpenSession, uid: string): Task[] {
  return tasksOf((session.index.loadedEvents(uid) ?? []).map(({ event }) => event));
}

function timeText(at: string): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
}

const boxIcons = {
  open: new vscode.ThemeIcon('circle-large'),
  done: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
};

/** The freeze while it is on, and the recovery checklist while it is asked for. */
function recovery(session: OpenSession, incident: Incident): DetailNode[] {
  const events = (session.index.loadedEvents(incident.uid) ?? []).map(({ event }) => event);
  const frozen = freezeOf(events);
  const nodes: DetailNode[] = [];
  if (frozen) {
    nodes.push({
      kind: 'detail',
      id: `${incident.path}:freeze`,
      label: t('Deployments are frozen'),
      description: t('since {0}, by {1}', timeText(frozen.at), frozen.by),
      icon: new vscode.ThemeIcon('lock', new vscode.ThemeColor('list.warningForeground')),
    });
  }
  if (incident.incident.phase !== 'verify') return nodes;
  for (const { entry, standing, by } of checklistOf(session.index.policy().checklist, events)) {
    nodes.push({
      kind: 'detail',
      id: `${incident.path}:box:${entry.id}`,
      label: entry.title,
      description: by ? t('{0}, {1}', by.by, timeText(by.at)) : t('to be checked'),
      icon: boxIcons[standing],
      command: {
        command: 'firebreak.checklist',
        title: t('Recovery Checklist'),
        arguments: [{ kind: 'item', uid: incident.uid }, entry.id],
      },
    });
  }
  return nodes;
}
