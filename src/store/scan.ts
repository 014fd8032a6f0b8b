import { FileError } from '../core/ports/files.ts';
import type { Problem } from '../core/problem.ts';
import { inParallel } from './inParallel.ts';
import { incidentDocument, isHidden, placeOf, policyPath, reviewDocument } from './place.ts';
import { folderInPlace, problem, type Source, unreadable } from './readEntry.ts';

/** What a listing found: files of the index, and what stands in the way of others. */
export interface Scan {
  readonly files: Set<string>;
  readonly problems: Problem[];
}

/** Deeper folders of the backlog than anybody makes; links that lead back end here. */
const maxDepth = 12;

/** Lists the files of the index in a folder of the layout, and below it; `''` is the root. Reads none of them. */
export async function scan(source: Source, folder: string): Promise<Scan> {
  const found: Scan = { files: new Set(), problems: [] };
  // Level by level: lists within lists would be more at once than a system has handles for.
  let level = [folder];
  while (level.length > 0) {
    const below: string[] = [];
    await inParallel(level, async (one) => {
      below.push(...(await scanFolder(source, one, found)));
    });
    level = below;
  }
  return found;
}

/** @returns the folders to look into next */
async function scanFolder(source: Source, folder: string, found: Scan): Promise<string[]> {
  const segments = folder === '' ? [] : folder.split('/');
  const [top, second, third] = segments;
  switch (top) {
    case undefined:
      found.files.add(policyPath);
      return ['backlog', 'incidents', '.firebreak/records', '.firebreak/conflicts'];
    case 'backlog':
      return segments.length > maxDepth ? [] : scanChildren(source, folder, found, '.md');
    case 'incidents':
      if (segments.length === 1) return scanChildren(source, folder, found);
      if (segments.length === 3 && third === 'timeline') {
        await scanChildren(source, folder, found, '.md');
        return [];
      }
      if (segments.length !== 2 || isHidden(second ?? '')) return [];
      // Whether it is there is told by reading it: that saves a listing for each incident.
      found.files.add(incidentDocument(folder));
      found.files.add(reviewDocument(folder));
      return [`${folder}/timeline`];
    case '.firebreak':
      if (segments.length === 1) return ['.firebreak/records', '.firebreak/conflicts'];
      if ((second !== 'records' && second !== 'conflicts') || segments.length > 3) return [];
      if (segments.length === 2) return scanChildren(source, folder, found);
      for (const ending of second === 'records' ? ['.json'] : ['.md', '.resolved']) {
        await scanChildren(source, folder, found, ending);
      }
      return [];
    default:
      return [];
  }
}

/**
 * @param ending of the files that count; without it only folders do
 * @returns the folders in it
 */
async function scanChildren(source: Source, folder: string, found: Scan, ending?: string): Promise<string[]> {
  const folders: string[] = [];
  for (const { name, kind } of await listOf(source, folder, found)) {
    const path = `${folder}/${name}`;
    if (isHidden(name)) continue;
    const isDocument = ending !== undefined && name.endsWith(ending);
    if (isDocument && kind === 'folder') found.problems.push(folderInPlace(path));
    else if (isDocument) {
      if (placeOf(path)) found.files.add(path);
    } else if (kind !== 'file') folders.push(path);
  }
  return folders;
}

async function listOf(source: Source, folder: string, found: Scan): Promise<readonly { name: string; kind: string }[]> {
  try {
    return await source.files.list(folder);
  } catch (error) {
    if (FileError.is(error, 'notFound')) return [];
    if (!FileError.is(error, 'notFolder')) found.problems.push(unreadable(folder, error, source.log));
    else if (/^(?:backlog|incidents|\.firebreak\/(?:records|conflicts)|incidents\/[^/]+\/timeline)$/.test(folder)) {
      found.problems.push(problem(folder, 'unreadable', 'A file stands where a folder belongs: move it away.'));
    }
    return [];
  }
}
