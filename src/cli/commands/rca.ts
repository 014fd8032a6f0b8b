import { Command } from 'commander';
import { requestReview } from '../../services/postReview.ts';
import { chooseIncident, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { githubTarget, type TargetOptions, withTarget } from '../githubTarget.ts';
import { itemJson } from '../itemJson.ts';
import { syncOutcome } from '../syncOutcome.ts';
import { incidentArgument } from '../words.ts';
import { syncOnce } from './sync.ts';

interface RcaOptions extends TargetOptions {
  readonly public?: boolean;
}

export function rcaCommand(cli: Cli): Command {
  return withTarget(
    new Command('rca')
      .usage('[options] [id]')
      .description("Post the review, rca.md in the incident's folder, on its GitHub issue.")
      .addArgument(incidentArgument()),
  )
    .option('--public', 'yes, it may go to a repository that everybody can read; remembered')
    .action(async (name: string | undefined, options: RcaOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const incident = name === undefined ? onlyOpenIncident(session) : chooseIncident(session, name);
        const target = await githubTarget(cli, session, options, true);
        await requestReview(session.files, target.privateFiles, incident);
        const done = { dryRun: false, publicConfirmed: options.public === true };
        const report = await syncOnce(cli, session, target, done);
        return { ...syncOutcome(report, false), json: { item: itemJson(incident), report } };
      }),
    );
}
