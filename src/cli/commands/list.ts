import { Command } from 'commander';
import { formatIssueLink } from '../../core/github.ts';
import { type Item, isFinishedItem, isIncident } from '../../core/item.ts';
import type { ItemType } from '../../core/itemType.ts';
import type { Severity } from '../../core/severity.ts';
import type { Status } from '../../core/status.ts';
import { formatDuration } from '../../core/time.ts';
import { actionItems } from '../../services/actionItems.ts';
import type { Session } from '../../services/session.ts';
import { chooseIncident } from '../chooseItem.ts';
import { type Cli, type Outcome, perform } from '../cli.ts';
import { itemJson } from '../itemJson.ts';
import { type Paint, painter, paintSeverity } from '../paint.ts';
import { plainLine } from '../plainText.ts';
import { problemWarnings } from '../problemWarnings.ts';
import { table } from '../table.ts';
import { severitiesOption, statusesOption, typesOption } from '../words.ts';

interface ListOptions {
  readonly severity?: readonly Severity[];
  readonly status?: readonly Status[];
  readonly type?: readonly ItemType[];
  readonly incidents?: boolean;
  readonly incident?: string;
  readonly all?: boolean;
}

export function listCommand(cli: Cli): Command {
  return new Command('list')
    .description('List the backlog, most urgent first: what is not finished, incidents among it.')
    .addOption(severitiesOption())
    .addOption(statusesOption())
    .addOption(typesOption())
    .option('--incidents', 'only incidents')
    .option('--incident <id>', 'only the action items of this incident')
    .option('--all', 'what is finished, too')
    .action(async (options: ListOptions, command: Command) =>
      perform(cli, command, async (session) => list(session, options, painter(cli.terminal.color))),
    );
}

function list(session: Session, options: ListOptions, paint: Paint): Outcome {
  const incident = options.incident === undefined ? undefined : chooseIncident(session, options.incident);
  const listed = incident ? (actionItems(session.index).get(incident.uid) ?? []) : session.index.items();
  const items = listed.filter((item) => isWanted(item, options)).sort(byUrgency);
  const problems = session.index.problems();
  const missing = session.index.missing();
  return {
    json: { items: items.map(itemJson), problems, missing },
    text: items.length > 0 ? itemTable(items, session.now(), paint) : 'Nothing to list.',
    warnings: problemWarnings(problems, missing),
  };
}

function isWanted(item: Item, { severity, status, type, incidents, all }: ListOptions): boolean {
  if (incidents && !isIncident(item)) return false;
  if (severity && !severity.includes(item.severity)) return false;
  if (type && !type.includes(item.type)) return false;
  if (status) return status.includes(item.status);
  return all === true || !isFinishedItem(item);
}

/** Most urgent first, then oldest first. */
function byUrgency(left: Item, right: Item): number {
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return order(left.severity, right.severity) || (left.created ?? 0) - (right.created ?? 0) || order(left.id, right.id);
}

function itemTable(items: readonly Item[], now: number, paint: Paint): string {
  const header = ['ID', 'SEV', 'STATE', 'AGE', 'OWNER', 'GITHUB', 'TITLE'];
  const rows = items.map((item) => [
    plainLine(item.id),
    item.severity,
    item.incident && !isFinishedItem(item) ? item.incident.phase : item.status,
    item.created === undefined ? '' : (formatDuration(now - item.created).split(' ')[0] ?? ''),
    plainLine(item.owner ?? ''),
    item.github ? formatIssueLink(item.github) : '',
    plainLine(item.title) + (item.private ? ' (private)' : ''),
  ]);
  return table([header, ...rows], (cell, row, column) => {
    if (row === 0) return paint(cell, 'dim');
    const item = items[row - 1];
    return column === 1 && item ? paintSeverity(paint, item.severity) : cell;
  });
}
