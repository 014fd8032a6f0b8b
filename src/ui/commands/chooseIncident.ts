import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import { type Incident, type Item, isIncident, isOpenIncident } from '../../core/item.ts';
import { askOne } from '../multiStep.ts';
import { type Remedy, withRemedy } from '../remedy.ts';
import type { OpenSession } from '../session/openRoot.ts';
import { isOurs, relativePath } from '../session/rootWatch.ts';
import { severityIcon } from '../severityIcon.ts';
import { byUrgency } from '../views/backlogGroups.ts';
import { phaseNames, statusNames } from '../words.ts';

const { t } = vscode.l10n;

/**
 * The item that a command was called on.
 * @param argument what VS Code hands to a command: a tree node, a URI, an `{uid}`, or nothing
 * @returns undefined when it was called on nothing
 * @throws FirebreakError `notFound` when what it was called on is gone: then it must not be about something else
 */
export function itemOfArgument(session: OpenSession, argument: unknown): Item | undefined {
  if (argument instanceof vscode.Uri) {
    return itemOfUri(session, argument) ?? (isOurs(session.root.uri, argument) ? gone() : undefined);
  }
  const uid =
    typeof argument === 'object' && argument !== null && 'uid' in argument && typeof argument.uid === 'string'
      ? argument.uid
      : argument;
  return typeof uid === 'string' ? (session.index.item(uid) ?? gone()) : undefined;
}

function gone(): never {
  throw new FirebreakError('notFound', t("It is not in this folder any more, or its file can't be read."));
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
    if (options.except) throw new FirebreakError('notFound', t('There is no other incident.'));
    throw withRemedy(
      new FirebreakError('notFound', t('No incident is open. "Incident: Declare P0" makes one.')),
      declareP0(),
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
export async function documentOf(session: OpenSession, item: Item): Promise<vscode.Uri> {
  if (!(await session.files.stat(item.path))) {
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

function declareP0(): Remedy {
  return { title: t('Declare P0'), command: 'firebreak.declare' };
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
