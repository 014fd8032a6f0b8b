import { type ConflictFile, readConflictPath } from '../documents/conflictFiles.ts';

/** What a path below the root is for Firebreak, by the layout of the design ("What is on disk"). */
export type Place =
  | { readonly kind: 'item'; readonly path: string }
  | { readonly kind: 'incident'; readonly path: string; readonly folder: string }
  | { readonly kind: 'event'; readonly path: string; readonly folder: string }
  | { readonly kind: 'review'; readonly path: string; readonly folder: string }
  | { readonly kind: 'record'; readonly path: string }
  | ({ readonly kind: 'conflict'; readonly path: string } & ConflictFile)
  | { readonly kind: 'policy'; readonly path: string };

export const policyPath = 'incident-policy.yml';
const reviewName = 'rca.md';

/** What a file at this path is; undefined for files that are none of the index's. */
export function placeOf(path: string): Place | undefined {
  if (path === policyPath) return { kind: 'policy', path };
  const segments = path.split('/');
  const [top, second = '', third = ''] = segments;
  const name = segments.at(-1) ?? '';
  if (segments.some((segment, index) => isHidden(segment) && !(index === 0 && top === '.firebreak'))) return undefined;
  if (top === 'backlog' && segments.length > 1 && name.endsWith('.md')) {
    // What is in a folder that is named like a document is reported with that folder.
    return segments.slice(1, -1).some((segment) => segment.endsWith('.md')) ? undefined : { kind: 'item', path };
  }
  const folder = `incidents/${second}`;
  if (top === 'incidents' && segments.length === 3 && third === 'incident.md')
    return { kind: 'incident', path, folder };
  if (top === 'incidents' && segments.length === 3 && third === reviewName) return { kind: 'review', path, folder };
  if (top === 'incidents' && segments.length === 4 && third === 'timeline' && name.endsWith('.md')) {
    return { kind: 'event', path, folder };
  }
  if (top === '.firebreak' && second === 'records' && segments.length === 4 && name.endsWith('.json')) {
    return { kind: 'record', path };
  }
  const conflict = readConflictPath(path);
  return conflict && { kind: 'conflict', path, ...conflict };
}

/** Whether an item's own document stands at this path. */
export function isDocument(path: string): boolean {
  const kind = placeOf(path)?.kind;
  return kind === 'item' || kind === 'incident';
}

export function isHidden(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** The folder of the incident that a path is in: `incidents/BUG-P0-20250923-1430`. */
export function incidentFolder(path: string): string | undefined {
  return /^incidents\/[^/]+(?=\/)/.exec(path)?.[0];
}

export function incidentDocument(folder: string): string {
  return `${folder}/incident.md`;
}

/** The review of an incident, `rca.md`. */
export function reviewDocument(folder: string): string {
  return `${folder}/${reviewName}`;
}

/** The name that stands for an id where a document holds none: its file's, or its incident's folder's. */
export function documentName(path: string): string {
  const segments = path.split('/');
  const name = segments.at(-1) ?? '';
  return incidentFolder(path) !== undefined && name === 'incident.md'
    ? (segments.at(-2) ?? '')
    : name.replace(/\.md$/, '');
}

/** Orders paths as people do: what a path starts with stands before what goes on with more, `X.md` before `X-2.md`. */
export function comparePaths(left: string, right: string): number {
  const [first, second] = [sortKey(left), sortKey(right)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function sortKey(path: string): string {
  return path.replace(/\.md$/, '').replaceAll('/', '\0');
}
