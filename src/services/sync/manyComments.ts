import { type IssueTracker, type RemoteComment, TrackerError } from '../../core/ports/issueTracker.ts';
import type { Instant } from '../../core/time.ts';

/** From so many issues on, one list of everything is cheaper than to read each. */
export const listInstead = 25;

export interface ListedComments {
  /** By issue number: of each issue all that it has. One that was not told of in full is missing here. */
  readonly byIssue: ReadonlyMap<number, readonly RemoteComment[]>;
  /** On GitHub's clock: the latest that any comment of the list was changed. */
  readonly latest: Instant | undefined;
}

/**
 * Reads the comments of many issues from one list of all that the repository has, a hundred at a time.
 * @param counts how many comments each of them has
 * @returns undefined when that is not worth it: most of a long list belongs to others
 */
export async function commentsOfMany(
  tracker: Pick<IssueTracker, 'commentPage'>,
  counts: ReadonlyMap<number, number>,
): Promise<ListedComments | undefined> {
  const most = Math.floor(counts.size / 2);
  const found = new Map([...counts.keys()].map((number): [number, RemoteComment[]] => [number, []]));
  let latest: Instant | undefined;
  let from: string | undefined;
  for (let pages = 0; pages === 0 || from !== undefined; pages++) {
    if (pages >= most) return undefined;
    const page = await pageFrom(tracker, from);
    if (!page) return undefined;
    for (const comment of page.comments) {
      if (latest === undefined || comment.updatedAt > latest) latest = comment.updatedAt;
      found.get(comment.issueNumber)?.push(comment);
    }
    from = page.next;
  }
  // One that was deleted while pages were read moves others from a page that comes to one that went by.
  const whole = [...found].filter(([number, comments]) => comments.length === counts.get(number));
  return { byIssue: new Map(whole), latest };
}

/** undefined where a server does not go on so far in a list. */
async function pageFrom(tracker: Pick<IssueTracker, 'commentPage'>, from: string | undefined) {
  try {
    return await tracker.commentPage(from);
  } catch (error) {
    if (from !== undefined && TrackerError.is(error, 'refused', 'notFound')) return undefined;
    throw error;
  }
}
