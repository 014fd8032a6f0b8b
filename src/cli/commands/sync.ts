import { Command } from 'commander';
import { githubApiUrl, safeApiUrl } from '../../core/apiAddress.ts';
import { FirebreakError } from '../../core/errors.ts';
import { mayInferEdits } from '../../services/inferenceGuard.ts';
import type { SyncReport } from '../../services/sync/syncReport.ts';
import { syncRepository } from '../../services/syncTarget.ts';
import { type Cli, type CliSession, type Outcome, perform } from '../cli.ts';
import { CommandFailed } from '../failure.ts';
import { plainLine } from '../plainText.ts';

interface SyncOptions {
  readonly repo?: string;
  readonly apiUrl?: string;
  readonly dryRun?: boolean;
  readonly public?: boolean;
}

export function syncCommand(cli: Cli): Command {
  return new Command('sync')
    .description('Keep GitHub issues in step. The token comes from the environment variable GITHUB_TOKEN.')
    .option('--repo <owner/name>', 'the repository (default: found from the git remotes, upstream before origin)')
    .option('--api-url <url>', `the GitHub API (default: GITHUB_API_URL in the environment, else ${githubApiUrl})`)
    .option('--dry-run', 'say what would be done, and ask GitHub nothing')
    .option('--public', 'yes, incidents may go to a repository that everybody can read; remembered')
    .action(async (options: SyncOptions, command: Command) =>
      perform(cli, command, async (session) => reportOutcome(await sync(cli, session, options), options)),
    );
}

async function sync(cli: Cli, session: CliSession, options: SyncOptions): Promise<SyncReport> {
  const { privateFiles, log } = session;
  // The token of this machine goes to the address that this machine names, never to one from a file of the workspace.
  const apiUrl = safeApiUrl(options.apiUrl || cli.environment.GITHUB_API_URL || githubApiUrl);
  const server = await session.server(new URL(apiUrl).origin);
  if (!privateFiles || !server) {
    throw new FirebreakError('readOnly', 'There is no place to remember what was sent: make the git folder writable.');
  }
  const { pace } = server;
  const token = cli.environment.GITHUB_TOKEN;
  if (!token && !options.dryRun) {
    throw new FirebreakError(
      'noToken',
      'Set the environment variable GITHUB_TOKEN to a token that may write issues, then sync again.',
    );
  }
  const git = await session.git();
  const repository = syncRepository(options.repo, (await git?.remotes()) ?? [], apiUrl);
  const github = cli.createSync({
    services: session.context,
    privateFiles,
    repository,
    tracker: (target) => cli.openTracker({ apiUrl, repository: target, token: token ?? '', gate: pace, log }),
    lock: () => session.lock('sync'),
    repositoryLock: server.lock,
    pace,
    mayPushInferred: () => mayInferEdits(git, ''),
    paused: async () => git?.operationUnderWay(),
    log,
  });
  return github.sync({ dryRun: options.dryRun === true, publicConfirmed: options.public === true });
}

/** What is left to do is queued on disk and goes on with the next sync; but a script must not take it for done. */
function reportOutcome(report: SyncReport, options: SyncOptions): Outcome {
  const [first, ...others] = report.waiting.map(({ reason, message }) => ({
    reason,
    message: plainLine(reason === 'notConfirmed' ? `${message} Add --public.` : message),
  }));
  return {
    json: report,
    text: options.dryRun ? planText(report) : reportText(report),
    warnings: [
      ...others.map(({ message }) => message),
      ...report.problems.map(({ item, message, path }) =>
        plainLine(`${item}: ${message}${path === undefined ? '' : ` (${path})`}`),
      ),
    ],
    ...(first ? { failure: new CommandFailed(`github.${first.reason}`, first.message) } : {}),
  };
}

function planText({ plan }: SyncReport): string {
  if (plan.length === 0) return 'Nothing to send.';
  return plan.map(({ item, step, detail }) => plainLine(`${item} ${step}: ${detail}`)).join('\n');
}

function reportText({ created, updated, commented, pulled }: SyncReport): string {
  const parts = [
    [created, 'issue made', 'issues made'],
    [updated, 'issue changed', 'issues changed'],
    [commented, 'comment posted', 'comments posted'],
    [pulled, 'change taken from GitHub', 'changes taken from GitHub'],
  ] as const;
  const done = parts.flatMap(([count, one, many]) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]));
  return done.length > 0 ? done.join(', ') : 'Nothing to do.';
}
