import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import { type Incident, type Item, isIncident, isOpenIncident } from '../../core/item.ts';
import { askOne } from '../multiStep.ts';
import { type OpenSession, relativePath } from '../session/openRoot.ts';
import { severityIcon } from '../severityIcon.ts';
import { byUrgency } from '../views/backlogTree.ts';
import { phaseNames, statusNames } from '../words.ts';

const { t } = vscode.l10n;

/**
 * The item that a command is about: the tree row or the file that it was called on, else the active editor's.
 * @param argument what VS Code hands to a command: a tree node, a URI, an `{uid}`, or nothing
 */
export function itemOfArgument(session: OpenSession, argument: unknown): Item | undefined {
  if (typeof argument === 'string') return session.index.item(argument);
  if (argument instanceof vscode.Uri) return itemOfUri(session, argument);
  if (typeof argument === 'object' && argument !== null && 'uid' in argument && typeof argument.uid === 'string') {
    return session.index.item(argument.uid);
  }
  return undefined;
}

function itemOfUri(session: OpenSession, uri: vscode.Uri): Item | undefined {
  const path = relativePath(session.root.uri, uri);
  return path === undefined ? undefined : session.index.itemAt(path);
}

function itemOfEditor(session: OpenSession): Item | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri && itemOfUri(session, uri);
}

/**
 * The incident that a command is about: of the argument, of the active editor or timeline, the only open one, else asked.
 * @param shown the uid of the incident whose timeline panel is active
 * @throws FirebreakError `notFound`, `notAnIncident`, `cancelled`
 */
export async function chooseIncident(
  session: OpenSession,
  argument: unknown,
  options: { title: string; shown?: string | undefined; closedToo?: boolean; except?: Incident },
): Promise<Incident> {
  const named = itemOfArgument(session, argument);
  if (named) {
    if (isIncident(named)) return named;
    throw new FirebreakError('notAnIncident', t('{0} is not an incident: declare it first.', named.id));
  }
  const fits = (item: Item): item is Incident =>
    (options.closedToo ? isIncident(item) : isOpenIncident(item)) && item.uid !== options.except?.uid;
  if (!options.except) {
    const here = itemOfEditor(session) ?? (options.shown === undefined ? undefined : session.index.item(options.shown));
    if (here && fits(here)) return here;
  }
  const candidates = session.index.items().filter(fits).sort(byRelevance);
  const open = candidates.filter(isOpenIncident);
  const [only] = open;
  if (only && open.length === 1 && !options.except) return only;
  if (candidates.length === 0) {
    throw new FirebreakError(
      'notFound',
      options.except ? t('There is no other incident.') : t('No incident is open. "Incident: Declare P0" makes one.'),
    );
  }
  const picked = await askOne({
    title: options.title,
    placeholder: t('Which incident?'),
    items: candidates.map((incident) => ({ ...pickOf(incident), incident })),
  });
  return picked.incident;
}

/** @throws FirebreakError `notFound`, `cancelled` */
export async function chooseItem(session: OpenSession, argument: unknown, title: string): Promise<Item> {
  const named = itemOfArgument(session, argument) ?? itemOfEditor(session);
  if (named) return named;
  const items = [...session.index.items()].sort(byRelevance);
  if (items.length === 0) {
    throw new FirebreakError('notFound', t('The backlog is empty. "Backlog: Add Item" makes the first item.'));
  }
  const picked = await askOne({
    title,
    placeholder: t('Which item?'),
    items: items.map((item) => ({ ...pickOf(item), item })),
  });
  return picked.item;
}

/**
 * Where an item's document is, to be opened.
 * @throws FirebreakError `notFound` when only the journal has it
 */
export function documentOf(session: OpenSession, item: Item): vscode.Uri {
  if (session.index.missing().includes(item.path)) {
    throw new FirebreakError(
      'notFound',
      t(
        '{0} is not in this checkout, and kept in the journal: "Firebreak: Restore Missing Files" brings it back.',
        item.id,
      ),
    );
  }
  return vscode.Uri.joinPath(session.root.uri, item.path);
}

function byRelevance(left: Item, right: Item): number {
  return Number(isOpenIncident(right)) - Number(isOpenIncident(left)) || byUrgency(left, right);
}

function pickOf(item: Item): vscode.QuickPickItem {
  const state =
    isIncident(item) && item.status !== 'declined' ? phaseNames[item.incident.phase] : statusNames[item.status];
  return {
    label: item.title,
    description: `${item.severity} · ${state}`,
    detail: item.id,
    iconPath: severityIcon(item.severity),
  };
}
