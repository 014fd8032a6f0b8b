import { FirebreakError } from '../../core/errors.ts';
import { FileError } from '../../core/ports/files.ts';
import { TrackerError } from '../../core/ports/issueTracker.ts';
import { hour } from '../../core/time.ts';
import { FrontMatterError } from '../../documents/frontMatterError.ts';
import { stateOf } from './plan.ts';
import type { RoundContext } from './roundContext.ts';
import { newItemState } from './syncState.ts';

const blockedFor = hour;

/** The repository has another name now: the round has to begin anew under that. */
export class RepositoryRenamed extends Error {
  constructor() {
    super('renamed');
    this.name = 'RepositoryRenamed';
  }
}

/** Whether GitHub refused something of it a short while ago; says so again, since it still waits. */
export function isBlocked(context: RoundContext, uid: string): boolean {
  const blocked = stateOf(context, uid)?.blocked;
  if (!blocked) return false;
  const age = context.services.now() - blocked.at;
  if (age < 0 || age >= blockedFor) return false;
  const { code, message } = blocked;
  context.report.problem({ code, item: context.services.index.item(uid)?.id ?? uid, message });
  return true;
}

/** What goes wrong with one item must not keep the others waiting. What stops everything is thrown on. */
export async function guarded(context: RoundContext, uid: string, act: () => Promise<void>): Promise<void> {
  const { services, report, log } = context;
  const id = services.index.item(uid)?.id ?? uid;
  try {
    await act();
  } catch (error) {
    if (TrackerError.is(error, 'ambiguous')) {
      report.wait({ reason: 'ambiguous', until: undefined, message: error.message });
    } else if (TrackerError.is(error, 'paced')) {
      // What creates nothing can go on.
      report.wait({ reason: 'paced', until: error.until, message: error.message });
    } else if (TrackerError.is(error, 'notFound', 'gone', 'moved', 'locked', 'refused')) {
      await settleRefusal(context, uid, id, error);
    } else if (isFileTrouble(error)) {
      log.error(`${id} could not be synced`, error);
      report.problem({ code: 'file', item: id, message: error.message });
      const state = stateOf(context, uid);
      if (state?.stage === 'linked') await context.store.saveItem({ ...state, reread: true });
    } else throw error;
  }
}

async function settleRefusal(context: RoundContext, uid: string, id: string, error: TrackerError): Promise<void> {
  const { report, store, services } = context;
  if (error.reason !== 'locked' && error.reason !== 'refused') await checkRepository(context);
  const state = stateOf(context, uid);
  const number = state?.number;
  const { reason } = error;
  if (reason === 'locked' || reason === 'refused') {
    report.problem({ code: reason, item: id, message: error.message });
    const blocked = { code: reason, message: error.message, at: services.now() };
    await store.saveItem({ ...(state ?? newItemState(uid, context.repository.id, 'queued')), blocked });
    return;
  }
  const code = reason === 'moved' ? 'moved' : 'gone';
  report.problem({ code, item: id, message: `Issue #${number ?? '?'}: ${error.message} It is not made again.` });
  if (state?.stage === 'linked') await store.saveItem({ ...state, stage: code });
}

/** Whether it is the issue that is gone, or all of the repository: then nothing is decided about the issue. */
async function checkRepository(context: RoundContext): Promise<void> {
  const found = await context.tracker.repository();
  const { owner, repo, id } = context.repository;
  if (found.id !== id || !found.hasIssues || found.archived) {
    await context.store.saveCursor({ repository: undefined });
    throw new TrackerError('notFound', `${owner}/${repo} is archived, without issues, or another repository now.`);
  }
  if (found.owner !== owner || found.repo !== repo) throw new RepositoryRenamed();
}

function isFileTrouble(error: unknown): error is Error {
  return (
    FirebreakError.is(error, 'unreadableFile', 'readOnly', 'notFound', 'invalidInput') ||
    FileError.is(error) ||
    FrontMatterError.is(error)
  );
}
