import { FirebreakError } from '../core/errors.ts';
import type { Incident } from '../core/item.ts';
import { FileError, type Files } from '../core/ports/files.ts';
import { decodeText } from '../documents/decodeText.ts';
import { tryFrontMatter } from '../documents/tryFrontMatter.ts';
import { reviewDocument } from '../store/place.ts';
import { wantReview } from './sync/wantedReviews.ts';

/** Where the review of an incident is kept. */
export function reviewPath(incident: Incident): string {
  return reviewDocument(incident.incident.folder);
}

/**
 * Asks for the incident's review to be posted on GitHub as it is now. The next sync does it; asked for again, it changes the
 * comment.
 * @throws FirebreakError `privateItem`, `notFound`, `unreadableFile`
 */
export async function requestReview(files: Files, privateFiles: Files, incident: Incident): Promise<void> {
  if (incident.private) {
    throw new FirebreakError('privateItem', `${incident.id} is private: its review is not sent anywhere.`);
  }
  if (!incident.github) {
    throw new FirebreakError('notFound', `${incident.id} has no GitHub issue yet: sync first.`);
  }
  const path = reviewPath(incident);
  const text = await readBody(files, path);
  if (text === '') throw new FirebreakError('notFound', `${path} is empty: write the review first.`);
  await wantReview(privateFiles, { uid: incident.uid, text });
}

async function readBody(files: Files, path: string): Promise<string> {
  try {
    const decoded = decodeText(await files.read(path));
    if (!('text' in decoded)) throw new FirebreakError('unreadableFile', `${path} is not a text file.`);
    const matter = tryFrontMatter(path, decoded.text);
    return ('code' in matter ? decoded.text : matter.body).replace(/\r\n?/g, '\n').trim();
  } catch (error) {
    if (FileError.is(error, 'notFound')) {
      throw new FirebreakError('notFound', `There is no ${path}: write the review first.`);
    }
    if (FileError.is(error)) throw new FirebreakError('unreadableFile', `${path} can't be read (${error.reason}).`);
    throw error;
  }
}
