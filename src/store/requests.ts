import type { Problem } from '../core/problem.ts';
import { isHidden, placeOf } from './place.ts';
import type { Source } from './readEntry.ts';
import { type Scan, scan } from './scan.ts';

/** The files that a refresh has to look at. */
export interface Requests {
  /** Those that were named themselves. */
  readonly named: ReadonlySet<string>;
  /** Those that stand, or stood, in folders that were named. */
  readonly listed: ReadonlySet<string>;
  /** Those that the folders hold now. */
  readonly present: ReadonlySet<string>;
  readonly folders: readonly string[];
  /** What stands in the way in those folders. */
  readonly problems: readonly Problem[];
}

export const noRequests: Requests = {
  named: new Set(),
  listed: new Set(),
  present: new Set(),
  folders: [],
  problems: [],
};

/**
 * Turns what was created, changed or deleted into the files to look at. A path that is none of the index's files may be a
 * folder, or have been one: then everything in it counts, what is there now and what is known of it.
 */
export async function expandRequests(
  source: Source,
  paths: readonly string[],
  known: () => Iterable<string>,
): Promise<Requests> {
  const normal = new Set(paths.map((path) => path.replace(/^(?:\.\/)+|^\.$/, '').replace(/\/+$/, '')));
  const named = new Set<string>();
  const folders: string[] = [];
  for (const path of normal) {
    if (placeOf(path)) named.add(path);
    else if (isFolderOfLayout(path)) folders.push(path);
  }
  const outermost = folders.filter((folder) => !folders.some((other) => other !== folder && isBelow(folder, other)));
  const listed = new Set<string>();
  const present = new Set<string>();
  const problems: Problem[] = [];
  for (const folder of outermost) {
    const found: Scan = await scan(source, folder);
    for (const path of found.files) {
      present.add(path);
      listed.add(path);
    }
    problems.push(...found.problems);
  }
  if (outermost.length > 0) {
    for (const path of known()) {
      if (placeOf(path) && outermost.some((folder) => isBelow(path, folder))) listed.add(path);
    }
  }
  for (const path of listed) named.delete(path);
  return { named, listed, present, folders: outermost, problems };
}

function isFolderOfLayout(path: string): boolean {
  if (path.split('/').some((segment, index) => isHidden(segment) && !(index === 0 && segment === '.firebreak')))
    return false;
  return /^(?:|backlog(?:\/.+)?|incidents(?:\/[^/]+(?:\/timeline)?)?|\.firebreak(?:\/(?:records|conflicts)(?:\/[^/]+)?)?)$/.test(
    path,
  );
}

/** Whether a path is in a folder; the root holds everything. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}
