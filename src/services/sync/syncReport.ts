/** Why work is left for a later sync. None of these is an error: everything is queued on disk. */
export type WaitingReason =
  | 'offline'
  /** Not before `until`. */
  | 'rateLimited'
  /** As much was created as GitHub takes in a minute or an hour; it goes on at `until`. */
  | 'paced'
  /** The token is refused: sign in. */
  | 'unauthorized'
  /** A create got no answer; it is looked up again at `until`, before it is sent again. */
  | 'ambiguous'
  /** GitHub has trouble. */
  | 'server'
  /** A merge, rebase, stash … is under way in git. */
  | 'gitBusy'
  /** Another window or terminal syncs this folder right now. */
  | 'busy'
  /** The repository is public, and nobody has said yet that incidents may go there. */
  | 'notConfirmed'
  /** The repository is not found, archived, has no issues, or is another one now. */
  | 'repository'
  /** A setting means nothing: what should stay inside might go out. */
  | 'settings'
  | 'cancelled';

export interface Waiting {
  readonly reason: WaitingReason;
  /** Epoch milliseconds on this machine's clock; undefined when no time is known. */
  readonly until: number | undefined;
  /** One sentence for a person. */
  readonly message: string;
  /** For `paced`: how many issues and comments are still to be created. */
  readonly left?: number;
}

export type SyncProblemCode =
  /** Both sides changed one place of the body: GitHub's text stays, the local one is kept at `path`. */
  | 'conflict'
  /** The text in the file is one that it had before: it is neither sent nor replaced. */
  | 'staleBody'
  /** The text differs, on a branch from which none is sent. */
  | 'otherBranch'
  /** GitHub took the change and left out labels, for want of push access. */
  | 'labelsDropped'
  /** The owner is not assigned on GitHub: no such person there, or none that may be assigned. */
  | 'ownerDropped'
  /** The issue is not put into the sprint's milestone: it has another one, or the token may not. */
  | 'sprintDropped'
  /** GitHub answered and kept the old value. */
  | 'notTaken'
  | 'refused'
  | 'locked'
  /** The issue was deleted, or can't be seen any more. It is not made again. */
  | 'gone'
  /** The issue was transferred to another repository. */
  | 'moved'
  /** More than one issue carries the item's marker. */
  | 'twoIssues'
  /** The text names a private item, so it is not sent. */
  | 'namesPrivate'
  | 'tooLong'
  /** A change on GitHub overruled one that was made here at the same time. */
  | 'overruled'
  /** Somebody deleted a comment of ours; it is not posted again. */
  | 'commentDeleted'
  /** What was purged could not be taken out of a comment: somebody has to do it on GitHub. */
  | 'notPurged'
  /** More was purged from a comment than one entry, since somebody had edited it. */
  | 'purged'
  /** A file could not be read or written; it is tried again next time. */
  | 'file';

export interface SyncProblem {
  readonly code: SyncProblemCode;
  /** The id of the item. */
  readonly item: string;
  /** One sentence for a person. */
  readonly message: string;
  /** For `conflict`: where the local text is kept, relative to the root. */
  readonly path?: string;
  /** It stands until it is mended, though no later sync comes upon it again. */
  readonly lasting?: true;
}

export interface PlannedStep {
  /** The id of the item. */
  readonly item: string;
  readonly step: 'lookUp' | 'create' | 'read' | 'update' | 'comment';
  /** What it would do, for a person. */
  readonly detail: string;
}

export interface SyncReport {
  /** Issues made, or found to have been made. */
  readonly created: number;
  /** Issues changed. */
  readonly updated: number;
  /** Comments posted. */
  readonly commented: number;
  /** Changes, comments and texts that came from GitHub. */
  readonly pulled: number;
  /** What is left, and why; empty when everything is done. */
  readonly waiting: readonly Waiting[];
  readonly problems: readonly SyncProblem[];
  /** Until when small events are gathered that are not sent yet: epoch milliseconds on this machine's clock. */
  readonly gatheringUntil?: number;
  /** What would be done: filled by a dry run, and by nothing else. */
  readonly plan: readonly PlannedStep[];
}

/** For a status display. */
export interface PendingWork {
  /** Steps that the next sync would take. */
  readonly count: number;
  readonly steps: readonly PlannedStep[];
  /** Why they wait, as far as the last sync told. */
  readonly reasons: readonly Waiting[];
  /** What needs a person, as far as this clone knows. */
  readonly problems: readonly SyncProblem[];
}
