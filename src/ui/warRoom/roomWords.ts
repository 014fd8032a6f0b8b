import * as vscode from 'vscode';
import type { AnnounceTarget } from '../../core/policy.ts';
import type { RoomNotice } from '../../services/warRoom/roomNotices.ts';
import type { RoomPreview, RoomStanding } from '../../services/warRoom/warRoom.ts';
import type { WarRoomRow } from '../warRoomStanding.ts';

const { t } = vscode.l10n;

export const targetNames: Readonly<Record<AnnounceTarget, string>> = {
  slack: 'Slack',
  webhook: t('Webhook'),
  pagerduty: 'PagerDuty',
};

/** Where it is and how much waits, in a few words. */
export function summaryOf(standing: RoomStanding): string {
  return [channelOf(standing), countOf(standing)].filter(Boolean).join(' · ');
}

function channelOf({ channel }: RoomStanding): string {
  return channel ? `#${channel.name}` : '';
}

function countOf({ waiting }: RoomStanding): string {
  if (waiting === 0) return '';
  return waiting === 1 ? t('1 message waits') : t('{0} messages wait', waiting);
}

/** The row below an incident. */
export function rowOf(standing: RoomStanding): WarRoomRow {
  const { failures, notices } = standing;
  const name = channelOf(standing);
  const count = countOf(standing);
  const troubles = [...failures.map(failureText), ...notices.map(noticeText)];
  const state = [count, ...troubles].filter(Boolean).join(': ');
  // The row is narrow, and the channel's name long: what needs somebody comes first.
  const description = troubles.length > 0 ? [state, name] : [name, state];
  return {
    description: description.filter(Boolean).join(' · ') || t('open'),
    tooltip: [name, count, ...troubles].filter(Boolean).join('\n'),
    troubled: failures.length > 0 || notices.length > 0,
  };
}

/** What waits for nothing, and needs somebody. */
export function noticeText(notice: RoomNotice): string {
  switch (notice.kind) {
    case 'notInvited':
      return notice.why === undefined
        ? t('{0} is not invited: the policy has no chat id of theirs', notice.name)
        : t('{0} is not invited: {1}', notice.name, notice.why);
    case 'unchangeable':
      return notice.count === 1
        ? t(
            '1 message ought to read otherwise, and Slack does not let it be changed ({0}): delete it there',
            notice.why,
          )
        : t(
            '{0} messages ought to read otherwise, and Slack does not let them be changed ({1}): delete them there',
            notice.count,
            notice.why,
          );
    case 'beyondReach': {
      const name = targetNames[notice.target];
      return notice.purged
        ? t('{0} was told what is purged by now, and it can not be taken back there', name)
        : t('{0} was told what is corrected or taken back by now, and it can not be changed there', name);
    }
    case 'withheld':
      return notice.count === 1
        ? t('1 message is not sent: it names what is private or excluded')
        : t('{0} messages are not sent: they name what is private or excluded', notice.count);
  }
}

/** Whether somebody took care of it is theirs to say. */
export function canBeSettled({ kind }: RoomNotice): boolean {
  return kind === 'unchangeable' || kind === 'beyondReach';
}

type RoomFailure = RoomStanding['failures'][number];

/** What does not pass by itself: somebody is told at once. */
export function needsSomebody({ reason }: RoomFailure): boolean {
  return reason === 'badToken' || reason === 'refused' || reason === 'noChannel' || reason === 'archived';
}

export function failureText({ target, reason, message }: RoomFailure): string {
  const name = targetNames[target];
  switch (reason) {
    case 'switchedOff':
      return t('{0} is switched off on this machine, or has no token', name);
    case 'notSent':
      return t("{0} can't be reached; it is tried again", name);
    case 'badToken':
      return t('{0} does not take the token ({1})', name, message);
    case 'noChannel':
      return t('the channel is gone: open the war room again for a new one');
    case 'archived':
      return t('the channel is archived, and the app may not bring it back: somebody has to, in Slack');
    default:
      return message;
  }
}

/** What is about to be sent, to be looked at before the first message. */
export function previewText(preview: RoomPreview, targets: readonly AnnounceTarget[]): string {
  const { channel, invited, opening, topic, uninvited, video } = preview;
  const parts: string[] = [];
  if (targets.includes('pagerduty')) parts.push(t('PagerDuty: whoever is on call is paged.'));
  if (targets.includes('slack')) {
    parts.push(t('Slack: channel #{0}, with the topic "{1}".', channel, topic));
    if (invited.length > 0) parts.push(t('Invited: {0}.', invited.join(', ')));
    if (uninvited.length > 0)
      parts.push(t('Not invited, since the policy has no chat id of theirs: {0}.', uninvited.join(', ')));
  }
  if (targets.includes('webhook')) parts.push(t('Webhook: the address that was entered on this machine.'));
  if (video !== undefined) parts.push(t('Video: {0}', video));
  parts.push(
    opening === undefined
      ? t('The first message names what is private or excluded, and is not sent.')
      : `${t('The first message:')}\n${opening.replaceAll('**', '')}`,
  );
  parts.push(t('Each status update from now on, and the end of the incident, are sent, too.'));
  return parts.join('\n\n');
}
