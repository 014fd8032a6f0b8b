import type { IssueLink } from '../../core/github.ts';
import type { Incident, Item } from '../../core/item.ts';
import type { Log } from '../../core/ports/environment.ts';
import type { IssueTracker } from '../../core/ports/issueTracker.ts';
import type { Instant } from '../../core/time.ts';
import type { ServiceContext } from '../context.ts';
import type { ReportBuilder } from './reportBuilder.ts';
import type { SyncRules } from './syncRules.ts';
import type { KnownRepository } from './syncState.ts';
import type { SyncStore } from './syncStore.ts';

/** What the steps of one sync share. */
export interface SyncContext {
  readonly services: ServiceContext;
  readonly store: SyncStore;
  readonly tracker: IssueTracker;
  readonly repository: KnownRepository;
  readonly report: ReportBuilder;
  readonly log: Log;
  /** What the team has set. */
  readonly rules: SyncRules;
  /** Whether small events wait a little for others, to be one comment. */
  readonly gather: boolean;
  /** Whether a text names a private item. */
  readonly namesPrivate: (text: string) => boolean;
  /** Whether the link is to the repository that is synced with. */
  readonly isOurs: (link: IssueLink) => boolean;
  /** Whether what is only inferred from files may go out, and texts from GitHub into files: on the configured branch. */
  readonly mayPushInferred: () => Promise<boolean>;
  /** Where people read the review of an incident; undefined while it is not on GitHub. */
  readonly reviewUrl: (incident: Incident) => Promise<string | undefined>;
  /** The action items of an incident. */
  readonly actionsOf: (incident: Incident) => readonly Item[];
  /** Told of what GitHub gave, with its own time: where the next list begins. */
  readonly seen: (thing: { readonly updatedAt: Instant }) => void;
  /** Called before every write to GitHub. @throws FirebreakError `cancelled`, `gitBusy` */
  readonly checkpoint: () => Promise<void>;
  /**
   * Called before an issue or a comment of an item is created: whether the pace of this machine has room for it now. Where
   * not, that is in the report.
   */
  readonly admit: (item: Item) => Promise<boolean>;
}

/** The id of something that happened on GitHub, the same in every clone. */
export function remoteId(repository: { readonly id: number }, suffix: string): string {
  return `gh-${repository.id}-${suffix}`;
}

/** The origin of what comes from GitHub. */
export const githubOrigin = 'github';

/** How a GitHub account is written in `by`; a deleted one has no name. */
export function remoteAuthor(login: string | undefined): string {
  return login === undefined ? 'ghost' : `@${login}`;
}
