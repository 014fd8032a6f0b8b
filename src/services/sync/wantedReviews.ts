import { isSafeId } from '../../core/itemId.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import { contentHash } from '../../core/ulids.ts';

/** A review that somebody asked to post: the text as it was then. It waits in private state for the next sync. */
export interface WantedReview {
  readonly uid: string;
  readonly text: string;
}

const folder = 'sync/reviews';

function pathOf(uid: string): string {
  return `${folder}/${isSafeId(uid) ? uid : contentHash(uid)}.json`;
}

/** @throws FileError */
export async function wantReview(files: Files, review: WantedReview): Promise<void> {
  await files.write(pathOf(review.uid), `${JSON.stringify(review)}\n`);
}

/** By the uid of the incident. */
export async function readReviews(files: Files): Promise<Map<string, string>> {
  const reviews = new Map<string, string>();
  for (const { name, kind } of await files.list(folder)) {
    const review = kind === 'file' ? await readReview(files, `${folder}/${name}`) : undefined;
    if (review) reviews.set(review.uid, review.text);
  }
  return reviews;
}

/** Unless somebody asked for another text meanwhile. */
export async function dropReview(files: Files, { uid, text }: WantedReview): Promise<void> {
  if ((await readReview(files, pathOf(uid)))?.text === text) await files.delete(pathOf(uid));
}

async function readReview(files: Files, path: string): Promise<WantedReview | undefined> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await files.read(path)));
    if (typeof value !== 'object' || value === null || !('uid' in value) || !('text' in value)) return undefined;
    const { uid, text } = value;
    return typeof uid === 'string' && typeof text === 'string' ? { uid, text } : undefined;
  } catch (error) {
    if (FileError.is(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
