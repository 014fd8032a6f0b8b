import type { Removals } from '../../core/ports/issueTracker.ts';

/** By which GraphQL knows an issue, and what is on it: as REST told when the issue was last read. */
export interface NodeIds {
  readonly number: number;
  readonly issue: string;
  /** By name. */
  readonly labels: ReadonlyMap<string, string>;
  /** By login, in lower case. */
  readonly assignees: ReadonlyMap<string, string>;
}

/** The ids in an answer about one issue; undefined where it has none. */
export function readNodeIds(data: unknown): NodeIds | undefined {
  if (!isShape(data) || typeof data.node_id !== 'string' || typeof data.number !== 'number') return undefined;
  return {
    number: data.number,
    issue: data.node_id,
    labels: idsBy('name', data.labels),
    assignees: new Map([...idsBy('login', data.assignees)].map(([login, id]) => [login.toLowerCase(), id])),
  };
}

/** The ids of what is to be taken off; undefined where one of them is not known. */
export function idsOf(
  known: NodeIds | undefined,
  number: number,
  { labels, assignees }: Removals,
): { readonly issue: string; readonly labels: string[]; readonly assignees: string[] } | undefined {
  if (known?.number !== number) return undefined;
  const found = {
    issue: known.issue,
    labels: labels.flatMap((name) => known.labels.get(name) ?? []),
    assignees: assignees.flatMap((login) => known.assignees.get(login.toLowerCase()) ?? []),
  };
  const isWhole = found.labels.length === labels.length && found.assignees.length === assignees.length;
  return isWhole ? found : undefined;
}

type Shape = Readonly<Record<string, unknown>>;

function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function idsBy(key: 'name' | 'login', list: unknown): Map<string, string> {
  const ids = new Map<string, string>();
  for (const entry of Array.isArray(list) ? list : []) {
    if (!isShape(entry)) continue;
    const { [key]: name, node_id: id } = entry;
    if (typeof name === 'string' && typeof id === 'string') ids.set(name, id);
  }
  return ids;
}
