import type { SyncReport } from '../services/sync/syncReport.ts';
import type { Outcome } from './cli.ts';
import { CommandFailed } from './failure.ts';
import { plainLine } from './plainText.ts';

/** What is left to do is queued on disk and goes on with the next sync; but a script must not take it for done. */
export function syncOutcome(report: SyncReport, dryRun: boolean): Outcome {
  const waiting = report.waiting.map(({ reason, message }) => ({
    reason,
    message: plainLine(reason === 'notConfirmed' ? `${message} Add --public.` : message),
  }));
  // A dry run is done when it has said what waits.
  const first = dryRun ? undefined : waiting.shift();
  return {
    json: report,
    text: dryRun ? planText(report) : reportText(report),
    warnings: [
      ...waiting.map(({ message }) => message),
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
