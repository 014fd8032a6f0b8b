import type { ItemFields } from '../documents/itemDocument.ts';
import { claimedUid } from './catalog.ts';
import { incidentDocument, incidentFolder } from './place.ts';
import type { Source } from './readEntry.ts';
import type { Requests } from './requests.ts';
import { scan } from './scan.ts';

/** The timeline of one incident's folder. Those of closed incidents are listed, and read when somebody asks. */
export interface Timeline {
  readonly paths: ReadonlySet<string>;
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
    const paths = new Set(before?.paths);
    if (!before && touched.some((path) => requests.named.has(path))) {
      for (const path of (await scan(source, `${folder}/timeline`)).files) paths.add(path);
    }
    const loaded = before?.loaded || fields?.phase !== 'closed' || (await hasNews(source, requests, before, touched));
    for (const path of touched) {
      // What is read tells by itself whether it is there; of the others only a listing does.
      if (loaded || requests.present.has(path)) paths.add(path);
      else if (before) paths.delete(path);
    }
    timelines.set(folder, { paths, loaded, uid });
    if (!loaded) continue;
    const all = !before?.loaded || before.uid !== uid;
    read.push(...(all ? paths : touched));
  }
  return { timelines, read };
}

/** Events by folder; a folder whose document was touched is there too. */
function touchedFolders(requests: Requests): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of [...requests.named, ...requests.listed]) {
    const folder = incidentFolder(path);
    if (folder === undefined) continue;
    const events = folders.get(folder) ?? [];
    folders.set(folder, events);
    if (path !== incidentDocument(folder)) events.push(path);
  }
  return folders;
}

/** Whether a closed incident's timeline has an event that it did not have: somebody may have taken it up again. */
async function hasNews(
  source: Source,
  requests: Requests,
  before: Timeline | undefined,
  touched: readonly string[],
): Promise<boolean> {
  if (!before) return false;
  for (const path of touched) {
    if (
      requests.listed.has(path) ? requests.present.has(path) && !before.paths.has(path) : await source.files.stat(path)
    ) {
      return true;
    }
  }
  return false;
}
