import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import { type AnnounceTarget, announceTargets } from '../../core/policy.ts';
import type { RoomNotice } from '../../services/warRoom/roomNotices.ts';
import { type RoomPreview, type RoomStanding, requireState, WarRoom } from '../../services/warRoom/warRoom.ts';
import { chooseIncident, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { confirmSending } from '../confirmSending.ts';
import { excludeOption, exitRules } from '../exitRules.ts';
import { CommandFailed } from '../failure.ts';
import { messagingTargets } from '../messagingTargets.ts';
import { plainLine } from '../plainText.ts';
import { incidentArgument, oneWordOf } from '../words.ts';

interface WarRoomOptions {
  readonly to?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly exclude?: readonly string[];
}

/** The guide's `incident-channel`. */
export function warRoomCommand(cli: Cli): Command {
  return new Command('war-room')
    .description(
      'Open the war room: Slack, PagerDuty, a webhook; again: send what waits. Tokens come from the environment.',
    )
    .addArgument(incidentArgument())
    .option(
      '--to <targets>',
      `who is told, with commas: ${announceTargets.join(', ')} (default: what the policy proposes)`,
    )
    .option('--dry-run', 'say what would be sent, and send nothing')
    .option('--yes', 'send without a question')
    .addOption(excludeOption())
    .action(async (id: string | undefined, options: WarRoomOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const incident = id === undefined ? onlyOpenIncident(session) : chooseIncident(session, id);
        const privateFiles = requireState(session.privateFiles);
        const withheld = await exitRules(session, options.exclude);
        const lock = () => session.lock('war-room');
        const room = new WarRoom({ context: session.context, privateFiles, withheld, lock });
        const preview = await room.preview(incident);
        const messengers = await cli.openMessengers(messagingTargets(cli.environment));
        const named = options.to?.split(',').map((word) => oneWordOf(announceTargets, word, 'target'));
        const targets = named ?? preview.opened?.targets ?? preview.proposed.filter((target) => messengers[target]);
        requireTokens(targets, messengers, preview);
        const shown = previewText(preview, targets);
        if (options.dryRun) return { json: { dryRun: true, targets, ...said(preview) }, text: plainLines(shown) };
        const told = preview.opened?.silent ? [] : (preview.opened?.targets ?? []);
        const isNew = targets.some((target) => !told.includes(target));
        if (isNew) await confirmSending(cli, shown, options.yes === true);
        await room.open(incident, targets);
        const { standings } = await room.round(messengers);
        const standing = standings.find(({ uid }) => uid === incident.uid);
        const outcome = {
          json: { targets, ...said(preview), ...standingJson(standing) },
          text: standingText(incident.id, standing, preview),
        };
        const [failure] = standing?.failures ?? [];
        if (!failure) return outcome;
        return { ...outcome, failure: new CommandFailed(`warRoom.${failure.reason}`, failureText(failure)) };
      }),
    );
}

/** @throws FirebreakError `invalidInput`, `noToken` */
function requireTokens(
  targets: readonly AnnounceTarget[],
  messengers: Readonly<Record<AnnounceTarget, unknown>>,
  { video }: RoomPreview,
): void {
  const variables = {
    slack: 'FIREBREAK_SLACK_TOKEN',
    webhook: 'FIREBREAK_WEBHOOK_URL',
    pagerduty: 'FIREBREAK_PAGERDUTY_KEY',
  };
  const without = targets.find((target) => !messengers[target]);
  if (without)
    throw new FirebreakError('noToken', `Set the environment variable ${variables[without]}, then try again.`);
  if (targets.length > 0 || video !== undefined) return;
  const all = Object.values(variables).join(', ');
  throw new FirebreakError('noToken', `Nobody can be told from here: set one of the environment variables ${all}.`);
}

function previewText(preview: RoomPreview, targets: readonly AnnounceTarget[]): string {
  const { channel, invited, opening, topic, uninvited, video } = preview;
  return [
    targets.includes('pagerduty') && 'PagerDuty: whoever is on call is paged.',
    targets.includes('slack') && `Slack: #${channel}, with the topic "${topic}".`,
    targets.includes('slack') && invited.length > 0 && `  invited: ${invited.join(', ')}`,
    targets.includes('webhook') && 'Webhook: the address in FIREBREAK_WEBHOOK_URL.',
    video !== undefined && `Video: ${video}`,
    targets.includes('slack') &&
      uninvited.length > 0 &&
      `  not invited, without a chat id in the policy: ${uninvited.join(', ')}`,
    targets.length > 0 &&
      `\n${opening?.replaceAll('**', '') ?? 'The first message names what is private or excluded: it is not sent.'}`,
  ]
    .filter(Boolean)
    .join('\n');
}

function said({ channel, video }: RoomPreview) {
  return { channel, video: video ?? null };
}

function standingJson(standing: RoomStanding | undefined) {
  return {
    address: standing?.channel?.address ?? null,
    waiting: standing?.waiting ?? 0,
    failures: (standing?.failures ?? []).map(({ message, reason, target }) => ({ target, reason, message })),
    notices: (standing?.notices ?? []).map(({ lasting: _inner, ...notice }) => notice),
  };
}

function standingText(id: string, standing: RoomStanding | undefined, { video }: RoomPreview): string {
  const channel = standing?.channel;
  const lines = [
    `${id} war room ${channel ? `#${channel.name}` : 'open'}`,
    channel?.address && `  ${channel.address}`,
    video && `  video: ${video}`,
    ...(standing?.notices ?? []).map((notice) => `  ${noticeText(notice)}`),
    standing && standing.waiting > 0 && `  ${standing.waiting} waiting: \`firebreak war-room\` sends it again`,
  ];
  return plainLines(lines.filter(Boolean).join('\n'));
}

function noticeText(notice: RoomNotice): string {
  switch (notice.kind) {
    case 'notInvited':
      return `not invited: ${notice.name} (${notice.why ?? 'the policy has no chat id of theirs'})`;
    case 'unchangeable':
      return `change it in Slack: ${messages(notice.count)} ought to read otherwise (${notice.why})`;
    case 'beyondReach': {
      const what = notice.purged ? 'was purged' : 'was corrected or taken back';
      return `${notice.target} was told before it ${what}: ${messages(notice.count)} can't be taken back there`;
    }
    case 'withheld':
      return `not sent, since it names what is private or excluded: ${messages(notice.count)}`;
  }
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}

function failureText({ message, target }: RoomStanding['failures'][number]): string {
  return `${target}: ${plainLine(message)}.`;
}

function plainLines(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith('  ') ? `  ${plainLine(line)}` : plainLine(line)))
    .join('\n');
}
