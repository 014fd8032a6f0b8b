import { Command } from 'commander';
import { mayInferEdits } from '../../services/inferenceGuard.ts';
import { publishedReviews } from '../../services/publishedReviews.ts';
import type { SyncReport } from '../../services/sync/syncReport.ts';
import { type Cli, type CliSession, perform } from '../cli.ts';
import { type GitHubTarget, githubTarget, type TargetOptions, withTarget } from '../githubTarget.ts';
import { syncOutcome } from '../syncOutcome.ts';

interface SyncOptions extends TargetOptions {
  readonly dryRun?: boolean;
  readonly public?: boolean;
}

export function syncCommand(cli: Cli): Command {
  return withTarget(
    new Command('sync').description(
      'Keep GitHub issues in step. The token comes from the environment variable GITHUB_TOKEN.',
    ),
  )
    .option('--dry-run', 'say what would be done, and ask GitHub nothing')
    .option('--public', 'yes, incidents may go to a repository that everybody can read; remembered')
    .action(async (options: SyncOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const dryRun = options.dryRun === true;
        const target = await githubTarget(cli, session, options, !dryRun);
        return syncOutcome(
          await syncOnce(cli, session, target, { dryRun, publicConfirmed: options.public === true }),
          dryRun,
        );
      }),
    );
}

/** One sync with the repository that a command line names. */
export function syncOnce(
  cli: Cli,
  session: CliSession,
  { privateFiles, repository, server, git, settings, tracker }: GitHubTarget,
  options: { readonly dryRun: boolean; readonly publicConfirmed: boolean },
): Promise<SyncReport> {
  const github = cli.createSync({
    services: session.context,
    privateFiles,
    repository,
    settings,
    tracker: tracker(server.pace),
    lock: () => session.lock('sync'),
    repositoryLock: server.lock,
    pace: server.pace,
    mayPushInferred: () => mayInferEdits(git, ''),
    published: () => publishedReviews(git, repository),
    paused: async () => git?.operationUnderWay(),
    log: session.log,
  });
  return github.sync(options);
}
