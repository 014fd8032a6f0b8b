import type { Command } from 'commander';
import type { RepositoryName } from '../core/github.ts';
import type { AlertSource } from '../core/ports/alerts.ts';
import type { Log } from '../core/ports/environment.ts';
import type { IssueTracker } from '../core/ports/issueTracker.ts';
import type { MessagingTargets, Messengers } from '../core/ports/messaging.ts';
import type { RequestGate } from '../core/ports/requestGate.ts';
import type { SecretMask } from '../core/ports/secretMask.ts';
import type { ActionPorts } from '../services/actions/runAction.ts';
import type { Session } from '../services/session.ts';
import type { GitHubSync, GitHubSyncOptions } from '../services/sync/gitHubSync.ts';
import type { ImportIssues, ImportIssuesOptions } from '../services/sync/importIssues.ts';
import type { RequestPace } from '../services/sync/pacing.ts';
import type { PublishItems, PublishItemsOptions } from '../services/sync/publishItems.ts';
import type { SyncSettings } from '../services/sync/syncRules.ts';
import type { CommandFailed } from './failure.ts';
import type { Terminal } from './terminal.ts';

export interface TrackerTarget {
  readonly apiUrl: string;
  readonly repository: RepositoryName;
  readonly token: string;
  readonly gate: RequestGate;
  readonly log: Log;
}

export interface AlertTarget {
  /** A checked address. */
  readonly url: string;
  readonly token: string | undefined;
  readonly log: Log;
}

/** The world around the program, wired by `main.ts`. */
/** One open root folder, and what only processes need among each other. */
export interface CliSession extends Session {
  /** What one process of all windows and terminals holds at a time; undefined while another has it. */
  lock(name: string): Promise<{ dispose(): Promise<void> } | undefined>;
  /** What the team has set for VS Code and holds here too. @throws FirebreakError `invalidInput` */
  workspaceSettings(): Promise<SyncSettings>;
  /** What running actions needs of this machine. */
  actionPorts(): ActionPorts;
  /** Where the terminal stands: from the root folder on, or from home on; undefined in the root folder itself. */
  readonly here: string | undefined;
  /** What this user's clones share about a server; undefined where nothing can be kept. */
  server(origin: string): Promise<Server | undefined>;
}

/** What all clones of this user on this machine share about one server. */
export interface Server {
  readonly pace: RequestPace;
  /** What one clone at a time has of a repository. */
  lock(repositoryId: number): Promise<{ dispose(): Promise<void> } | undefined>;
}

export interface Cli {
  readonly terminal: Terminal;
  readonly version: string;
  /** The environment variables of this machine: the only place that a token, or another API's address, comes from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /**
   * Opens the root folder and reads what is in it.
   * @param options.root as given with `--root`; undefined to look for it
   * @param options.verbose whether the log goes to stderr
   * @throws FirebreakError `noFolder`
   */
  open(options: { readonly root: string | undefined; readonly verbose: boolean }): Promise<CliSession>;
  /** Has something done when the person presses Ctrl+C. @returns what takes that back */
  onInterrupt(act: () => void): () => void;
  /** Lets some milliseconds pass. @returns false once the user interrupts */
  wait(milliseconds: number): Promise<boolean>;
  createSync(options: GitHubSyncOptions): GitHubSync;
  createImport(options: ImportIssuesOptions): ImportIssues;
  createPublishing(options: PublishItemsOptions): PublishItems;
  openTracker(target: TrackerTarget): Promise<IssueTracker>;
  openMessengers(targets: MessagingTargets): Promise<Messengers>;
  openAlerts(target: AlertTarget): AlertSource;
  secretMask(): Promise<SecretMask>;
  /**
   * Runs a program in this terminal.
   * @param options.printed is told what it prints; without it, the terminal is the program's own
   * @param options.toStderr whether its standard output goes to standard error
   * @returns its exit code as a shell tells it (127: there is none), and the seconds that it took
   */
  runProgram(
    words: readonly [string, ...string[]],
    options: { readonly printed?: (text: string) => void; readonly toStderr?: boolean },
  ): Promise<{ readonly exit: number; readonly duration: number }>;
}

/** What a command has to say, in both of its languages. */
export interface Outcome {
  /** For programs: a documented shape (docs/cli.md). */
  readonly json: object;
  /** For people, without the final line end. */
  readonly text: string;
  /** For people, on stderr: what else is wrong here. */
  readonly warnings?: readonly string[];
  /** Why not all was done, though there is something to print. */
  readonly failure?: CommandFailed;
}

interface GlobalOptions {
  readonly json?: boolean;
  readonly root?: string;
  readonly verbose?: boolean;
}

/**
 * Runs what a command does in the root folder, and prints what came of it.
 * @param act gives undefined when it printed everything as it came
 * @param options.wordsTo where words for people go, when standard output is another program's
 * @throws CommandFailed, and what `act` throws
 */
export async function perform(
  cli: Cli,
  command: Command,
  act: (session: CliSession) => Promise<Outcome | undefined>,
  options: { readonly wordsTo?: 'stderr' } = {},
): Promise<void> {
  const { json = false, root, verbose = false } = command.optsWithGlobals<GlobalOptions>();
  const outcome = await act(await cli.open({ root, verbose }));
  if (!outcome) return;
  if (json) cli.terminal.out(JSON.stringify(outcome.json, null, 2));
  else if (options.wordsTo === 'stderr') cli.terminal.err(`firebreak: ${outcome.text}`);
  else cli.terminal.out(outcome.text);
  if (!json) for (const warning of outcome.warnings ?? []) cli.terminal.err(`firebreak: ${warning}`);
  if (outcome.failure) throw outcome.failure;
}
