import { spliceFrontMatter } from '../documents/frontMatter.ts';
import { readItem } from '../documents/itemDocument.ts';
import type { WorkspaceIndex } from '../store/workspaceIndex.ts';
import type { NewFile } from './newFile.ts';

/** A document whose place another item took, and where it goes instead. */
export interface Rehomed {
  readonly uid: string;
  readonly document: NewFile;
  /** Its events that lie in the other's folder: from where to where. */
  readonly events: ReadonlyMap<string, string>;
}

/**
 * Two clones that declared in the same minute made the same id, and whoever settled git's conflict kept one of the two
 * documents. The other takes the next suffix, its events follow, and the id that it had stays in its `aliases`
 * (design, "When two clones made the same id").
 * @param text the document that has no place
 * @returns undefined where it is not another item that is in the way
 */
export async function rehome(index: WorkspaceIndex, path: string, text: string): Promise<Rehomed | undefined> {
  const { fields } = readItem(path, text);
  const uid = fields?.uid;
  const inTheWay = index.items().find((item) => item.path === path && item.uid !== uid);
  const isUnsettled = index.problems().some((problem) => problem.path === path && problem.code === 'conflictMarkers');
  const match = /^(backlog\/|incidents\/)([^/]+?)(\.md|\/incident\.md)$/.exec(path);
  if (!fields || uid === undefined || !inTheWay || isUnsettled || !match) return undefined;
  const [, folder = '', name = '', end = ''] = match;
  const id = fields.id ?? name;
  let number = 2;
  while (index.item(`${id}-${number}`) || index.itemAt(`${folder}${id}-${number}${end}`)) number++;
  const newId = `${id}-${number}`;
  const events = new Map<string, string>();
  if (end === '/incident.md') {
    for (const stored of await index.events(inTheWay.uid)) {
      if (stored.missing || stored.event.incident !== uid) continue;
      events.set(stored.path, stored.path.replace(/^incidents\/[^/]+\//, `${folder}${newId}/`));
    }
  }
  const document = {
    path: `${folder}${newId}${end}`,
    text: spliceFrontMatter(text, { id: newId, aliases: [...new Set([...fields.aliases, id])] }),
  };
  return { uid, document, events };
}
