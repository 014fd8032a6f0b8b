import type { Command } from 'commander';
import { githubApiUrl, safeApiUrl } from '../core/apiAddress.ts';
import { FirebreakError } from '../core/errors.ts';
import type { RepositoryName } from '../core/github.ts';
import type { Files } from '../core/ports/files.ts';
import type { Git } from '../core/ports/git.ts';
import type { IssueTracker } from '../core/ports/issueTracker.ts';
import type { RequestGate } from '../core/ports/requestGate.ts';
import { excludedAnywhere } from '../services/sync/excludedAnywhere.ts';
import type { SyncSettings } from '../services/sync/syncRules.ts';
import { syncRepository } from '../services/syncTarget.ts';
import type { Cli, CliSession, Server } from './cli.ts';

export interface TargetOptions {
  readonly repo?: string;
  readonly apiUrl?: string;
  readonly exclude?: readonly string[];
}

/** Where a command's requests go, and what it needs to send them. */
export interface GitHubTarget {
  readonly privateFiles: Files;
  readonly repository: RepositoryName;
  readonly server: Server;
  readonly git: Git | undefined;
  /** What the team has set, and the command line beside. */
  readonly settings: SyncSettings;
  /** @param gate through which its requests go */
  tracker(gate: RequestGate): (repository: RepositoryName) => Promise<IssueTracker>;
}

/** The options of every command that speaks to GitHub. */
export function withTarget(command: Command): Command {
  return command
    .option('--repo <owner/name>', 'the repository (default: found from the git remotes, upstream before origin)')
    .option('--api-url <url>', `the GitHub API (default: GITHUB_API_URL in the environment, else ${githubApiUrl})`)
    .option(
      '--exclude <pattern>',
      'never send items at such paths, nor name them; again for more (beside "firebreak.github.exclude" in .vscode/settings.json)',
      (pattern: string, before: readonly string[] | undefined) => [...(before ?? []), pattern],
    );
}

/**
 * @param asks whether GitHub will be asked: then there must be a token
 * @throws FirebreakError `noToken`, `unsafeAddress`, `noRepository`, `readOnly`
 */
export async function githubTarget(
  cli: Cli,
  session: CliSession,
  options: TargetOptions,
  asks: boolean,
): Promise<GitHubTarget> {
  const { privateFiles, log } = session;
  // The token of this machine goes to the address that this machine names, never to one from a file of the workspace.
  const apiUrl = safeApiUrl(options.apiUrl || cli.environment.GITHUB_API_URL || githubApiUrl);
  const server = await session.server(new URL(apiUrl).origin);
  if (!privateFiles || !server) {
    throw new FirebreakError('readOnly', 'There is no place to remember what was sent: make the git folder writable.');
  }
  const token = cli.environment.GITHUB_TOKEN;
  if (!token && asks) {
    throw new FirebreakError(
      'noToken',
      'Set the environment variable GITHUB_TOKEN to a token that may write issues, then try again.',
    );
  }
  const git = await session.git();
  const repository = syncRepository(options.repo, (await git?.remotes()) ?? [], apiUrl);
  const tracker = (gate: RequestGate) => (name: RepositoryName) =>
    cli.openTracker({ apiUrl, repository: name, token: token ?? '', gate, log });
  const team = await session.workspaceSettings();
  const settings = { ...team, exclude: excludedAnywhere(team.exclude, options.exclude) };
  return { privateFiles, repository, server, git, settings, tracker };
}
