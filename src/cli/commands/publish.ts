import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import { minute } from '../../core/time.ts';
import type { LeftOut, PublishPreview } from '../../services/sync/publishItems.ts';
import { chooseItem } from '../chooseItem.ts';
import { type Cli, type CliSession, type Outcome, perform } from '../cli.ts';
import { githubTarget, type TargetOptions, withTarget } from '../githubTarget.ts';
import { plainLine } from '../plainText.ts';
import { syncOutcome } from '../syncOutcome.ts';
import { syncOnce } from './sync.ts';

interface PublishOptions extends TargetOptions {
  readonly yes?: boolean;
  readonly stop?: boolean;
  readonly public?: boolean;
}

const shownItems = 20;

const words: Readonly<Record<LeftOut, string>> = {
  private: 'private',
  excluded: 'excluded from GitHub',
  namesPrivate: 'naming a private item',
  finished: 'finished',
  linked: 'with an issue already',
  chosen: 'waiting for theirs already',
  incident: 'incidents, which get theirs without being asked',
};

export function publishCommand(cli: Cli): Command {
  return withTarget(
    new Command('publish')
      .usage('[options] [id...]')
      .description('Make GitHub issues of items of the backlog. Says first what it would make.')
      .argument('[id...]', 'these items (default: all that are open)'),
  )
    .option('--yes', 'make them, now and with the syncs that follow')
    .option('--stop', 'make no more of them')
    .option('--public', 'yes, they may go to a repository that everybody can read; remembered')
    .action(async (ids: string[], options: PublishOptions, command: Command) =>
      perform(cli, command, (session) => publish(cli, session, ids, options)),
    );
}

async function publish(
  cli: Cli,
  session: CliSession,
  ids: readonly string[],
  options: PublishOptions,
): Promise<Outcome> {
  if (options.stop && (options.yes || ids.length > 0)) {
    throw new FirebreakError('invalidInput', '--stop stops all: it goes with no other choice.');
  }
  const target = await githubTarget(cli, session, options, options.yes === true);
  const publishing = cli.createPublishing({
    services: session.context,
    privateFiles: target.privateFiles,
    pace: target.server.pace,
    settings: target.settings,
    lock: () => session.lock('chosen'),
  });
  if (options.stop) {
    const stopped = await publishing.stop();
    return { json: { stopped }, text: `${stopped} ${stopped === 1 ? 'item stays' : 'items stay'} without an issue.` };
  }
  const wanted = ids.map((id) => chooseItem(session, id));
  const preview = await publishing.preview(wanted.length > 0 ? wanted : undefined);
  if (!options.yes) return previewOutcome(preview);
  await publishing.choose(preview.items);
  const report = await syncOnce(cli, session, target, { dryRun: false, publicConfirmed: options.public === true });
  const outcome = syncOutcome(report, false);
  return { ...outcome, json: { ...previewJson(preview), report } };
}

function previewOutcome(preview: PublishPreview): Outcome {
  const { items, leftOut } = preview;
  const made = items.filter(({ github }) => !github).length;
  const count = made === 1 ? '1 issue' : `${made} issues`;
  const lines = [`${count} would be made, in about ${minutes(preview)} min:`];
  for (const { id, title } of items.slice(0, shownItems)) lines.push(`  ${id} ${plainLine(title)}`);
  if (items.length > shownItems) lines.push(`  … and ${items.length - shownItems} more`);
  const others = (Object.entries(leftOut) as [LeftOut, number][]).map(([why, many]) => `${many} ${words[why]}`);
  if (others.length > 0) lines.push(`Left out: ${others.join(', ')}.`);
  if (preview.takenOver > 0) {
    lines.push(
      'Other clones have not sent what they recorded of it: only if they are lost. It goes out from here then.',
    );
  }
  if (items.length > 0) lines.push('Add --yes to make them.');
  return { json: previewJson(preview), text: items.length > 0 ? lines.join('\n') : lines.slice(1).join('\n') };
}

function previewJson(preview: PublishPreview) {
  const items = preview.items.map(({ id, title }) => ({ id, title }));
  return { items, leftOut: preview.leftOut, takenOver: preview.takenOver, minutes: minutes(preview) };
}

function minutes({ duration }: PublishPreview): number {
  return Math.max(1, Math.ceil(duration / minute));
}
