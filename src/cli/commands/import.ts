import { Command, Option } from 'commander';
import type { ImportCounts, ImportJob, ImportQuery } from '../../services/sync/importJob.ts';
import { type Cli, type CliSession, type Outcome, perform } from '../cli.ts';
import { githubTarget, type TargetOptions, withTarget } from '../githubTarget.ts';
import { plainLine } from '../plainText.ts';

interface ImportOptions extends TargetOptions {
  readonly state: ImportQuery['state'];
  readonly label?: readonly string[];
  readonly milestone?: string;
  readonly text?: string;
  readonly yes?: boolean;
  readonly discard?: boolean;
}

const shownLabels = 10;

export function importCommand(cli: Cli): Command {
  return withTarget(
    new Command('import').description(
      'Bring existing GitHub issues into the backlog. Says first what it would bring; writes nothing to GitHub.',
    ),
  )
    .addOption(new Option('--state <state>', 'which issues').choices(['open', 'closed', 'all']).default('open'))
    .option('--label <label>', 'with this label (may be repeated: with all of them)', append)
    .option('--milestone <title>', 'of this milestone')
    .option('--text <words>', 'whose title or text holds these words')
    .option('--yes', 'bring them in; what was cut short goes on')
    .option('--discard', 'forget an import that was begun')
    .action(async (options: ImportOptions, command: Command) =>
      perform(cli, command, (session) => importIssues(cli, session, options)),
    );
}

async function importIssues(cli: Cli, session: CliSession, options: ImportOptions): Promise<Outcome> {
  const { privateFiles, repository, server, settings, tracker } = await githubTarget(
    cli,
    session,
    options,
    !options.discard,
  );
  const importer = cli.createImport({
    services: session.context,
    privateFiles,
    repository,
    settings,
    tracker: tracker(server.pace.bulk),
    lock: () => session.lock('import'),
  });
  if (options.discard) {
    await importer.discard();
    return { json: { discarded: true }, text: 'Nothing is being imported now. What was brought in stays.' };
  }
  const query: ImportQuery = {
    state: options.state,
    labels: options.label ?? [],
    ...(options.milestone === undefined ? {} : { milestone: options.milestone }),
    ...(options.text === undefined ? {} : { text: options.text }),
  };
  const begun = await importer.pending();
  const isListed = begun?.stage === 'listed' && JSON.stringify(begun.query) === JSON.stringify(query);
  const onProgress = (job: ImportJob) =>
    session.log.info(`${job.seen} read, ${job.imported} of ${job.chosen} imported`);
  // With consent, what was listed before is what was agreed to, and goes on where it was cut short.
  const job = options.yes && isListed ? begun : await importer.list(query, { onProgress });
  if (!options.yes) return preview(job);
  const counts = await importer.apply({ onProgress });
  return { json: { ...counts, labels: job.labels, done: true }, text: doneText(counts) };
}

function preview(job: ImportJob): Outcome {
  const { seen, chosen, known, imported, labels } = job;
  const lines = [`${chosen} of ${seen} issues would become items of the backlog; ${known} are here already.`];
  const shown = Object.entries(labels).slice(0, shownLabels);
  if (shown.length > 0) {
    lines.push(`Labels: ${shown.map(([name, count]) => `${plainLine(name)} (${count})`).join(', ')}`);
  }
  if (chosen > 0) lines.push('Comments stay on GitHub. Add --yes to bring the issues in.');
  return { json: { seen, chosen, known, imported, labels, done: false }, text: lines.join('\n') };
}

function doneText({ imported, chosen }: ImportCounts): string {
  const left = chosen - imported;
  const made = imported === 1 ? '1 issue imported' : `${imported} issues imported`;
  return left > 0 ? `${made}; ${left} left out, since other files have their names or they came by git.` : `${made}.`;
}

function append(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
