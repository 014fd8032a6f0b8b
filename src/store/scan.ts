import { FileError } from '../core/ports/files.ts';
import type { Problem } from '../core/problem.ts';
import { inParallel } from './inParallel.ts';
import { incidentDocument, isHidden, placeOf, policyPath } from './place.ts';
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
  await scanFolder(source, folder, found);
  return found;
}

async function scanFolder(source: Source, folder: string, found: Scan): Promise<void> {
  const segments = folder === '' ? [] : folder.split('/');
  const [top, second] = segments;
  const depth = segments.length;
  if (depth === 0) {
    found.files.add(policyPath);
    await inParallel(['backlog', 'incidents', '.firebreak/records'], (child) => scanFolder(source, child, found));
  } else if (top === 'backlog' && depth <= maxDepth) await scanChildren(source, folder, found, '.md');
  else if (top === 'incidents' && depth === 1) await scanChildren(source, folder, found);
  else if (top === 'incidents' && depth === 2 && !isHidden(second ?? '')) {
    // Whether it is there is told by reading it: that saves a listing for each incident.
    found.files.add(incidentDocument(folder));
    await scanFolder(source, `${folder}/timeline`, found);
  } else if (top === 'incidents' && depth === 3 && segments[2] === 'timeline') {
    await scanChildren(source, folder, found, '.md');
  } else if (top === '.firebreak' && depth === 1) await scanFolder(source, '.firebreak/records', found);
  else if (top === '.firebreak' && second === 'records' && depth === 2) await scanChildren(source, folder, found);
  else if (top === '.firebreak' && second === 'records' && depth === 3) {
    await scanChildren(source, folder, found, '.json');
  }
}

/** @param ending of the files that count; without it only folders do */
async function scanChildren(source: Source, folder: string, found: Scan, ending?: string): Promise<void> {
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
  await inParallel(folders, (path) => scanFolder(source, path, found));
}

async function listOf(source: Source, folder: string, found: Scan): Promise<readonly { name: string; kind: string }[]> {
  try {
    return await source.files.list(folder);
  } catch (error) {
    if (FileError.is(error, 'notFound')) return [];
    if (!FileError.is(error, 'notFolder')) found.problems.push(unreadable(folder, error, source.log));
    else if (/^(?:backlog|incidents|\.firebreak\/records|incidents\/[^/]+\/timeline)$/.test(folder)) {
      found.problems.push(problem(folder, 'unreadable', 'A file stands where a folder belongs: move it away.'));
    }
    return [];
  }
}
