import { kindInName } from '../documents/eventDocument.ts';
import type { ItemFields } from '../documents/itemDocument.ts';
import { claimedUid } from './catalog.ts';
import { incidentDocument, incidentFolder, reviewDocument } from './place.ts';
import type { Source } from './readEntry.ts';
import type { Requests } from './requests.ts';
import { scan } from './scan.ts';

/**
 * The timeline of one incident's folder. Of a closed incident only those events are read that may make its state; the rest
 * is listed, and read when somebody asks.
 */
export interface Timeline {
  readonly paths: ReadonlySet<string>;
  /** Whether all of its events are read. */
  readonly loaded: boolean;
  /** The incident that its events were read for. */
  readonly uid: string;
}

export interface TimelinePlan {
  readonly timelines: ReadonlyMap<string, Timeline>;
  readonly read: readonly string[];
}

/** Decides which timelines a refresh changes, and which of their events it has to read. */
export async function planTimelines(
  source: Source,
  requests: Requests,
  known: ReadonlyMap<string, Timeline>,
  fieldsAfter: (path: string) => ItemFields | undefined,
): Promise<TimelinePlan> {
  const timelines = new Map<string, Timeline>();
  const read: string[] = [];
  for (const [folder, touched] of touchedFolders(requests)) {
    const before = known.get(folder);
    const document = incidentDocument(folder);
    const fields = fieldsAfter(document);
    const uid = claimedUid(document, fields);
    const found = new Set(touched.filter((path) => !before?.paths.has(path)));
    if (!before && touched.some((path) => requests.named.has(path))) {
      for (const path of (await scan(source, `${folder}/timeline`)).files) found.add(path);
    }
    const paths = before && found.size === 0 ? before.paths : both(before?.paths, found);
    const loaded = before?.loaded || fields?.phase !== 'closed';
    const isNew = before?.uid !== uid;
    if (loaded) read.push(...(isNew || !before.loaded ? paths : touched));
    else {
      for (const path of isNew ? paths : touched) {
        const isGone = requests.listed.has(path) && !requests.present.has(path);
        if (requests.named.has(path) || mayMakeState(path) || isGone) read.push(path);
      }
    }
    timelines.set(folder, { paths, loaded, uid });
  }
  return { timelines, read };
}

/** A set is copied from a set much faster than from a list: of ten thousand paths one more must not be the dearest. */
function both(known: ReadonlySet<string> | undefined, more: ReadonlySet<string>): Set<string> {
  const all = new Set(known);
  for (const path of more) all.add(path);
  return all;
}

/** Names tell the kind, so most events of a closed incident need not be read to know its phase, severity and roles. */
function mayMakeState(path: string): boolean {
  const kind = kindInName(path);
  return kind === undefined || kind === 'phase' || kind === 'severity' || kind === 'role';
}

/** Events by folder; a folder whose document was touched is there too. */
function touchedFolders(requests: Requests): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of [...requests.named, ...requests.listed]) {
    const folder = incidentFolder(path);
    if (folder === undefined || path === reviewDocument(folder)) continue;
    const events = folders.get(folder) ?? [];
    folders.set(folder, events);
    if (path !== incidentDocument(folder)) events.push(path);
  }
  return folders;
}
