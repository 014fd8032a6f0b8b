import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import { type AnnounceTarget, announceTargets } from '../../core/policy.ts';
import type { RoomPreview, RoomStanding, WarRoom } from '../../services/warRoom/warRoom.ts';
import { askOne, pickManyStep, runSteps } from '../multiStep.ts';
import type { OpenSession } from '../session/openRoot.ts';
import { settings, switchOn } from '../settings.ts';
import type { RoomScheduler } from './roomScheduler.ts';
import {
  canBeSettled,
  failureText,
  needsSomebody,
  noticeText,
  previewText,
  summaryOf,
  targetNames,
} from './roomWords.ts';
import type { WarRoomTokens } from './warRoomTokens.ts';

const { t } = vscode.l10n;

export interface OpenWarRoomOptions {
  readonly scheduler: RoomScheduler;
  readonly tokens: WarRoomTokens;
}

/** Opens an incident's war room; of one that is open already, offers what can be done there. @throws FirebreakError */
export async function openWarRoom(
  { scheduler, tokens }: OpenWarRoomOptions,
  session: OpenSession,
  incident: Incident,
): Promise<void> {
  const room = scheduler.room(session);
  if (!room) throw new FirebreakError('readOnly', t('There is no place here to remember what was sent.'));
  const preview = await room.preview(incident);
  // What was private or excluded is shown again before anything of it is sent.
  const isOpen = preview.opened !== undefined && !preview.opened.silent;
  if (isOpen && !(await wantsToChange(scheduler, room, incident, preview))) return;
  const targets = await chooseTargets(preview);
  for (const target of targets) {
    if (!settings.announce()[target]) await switchOn(target);
    if (!(await tokens.get(target))) await tokens.ask(target);
  }
  if (targets.length === 0 && !isOpen) {
    if (preview.video !== undefined) await offerVideo(preview.video);
    return;
  }
  if (!isOpen) await confirm(incident, preview, targets);
  await room.open(incident, targets);
  const report = await vscode.window.withProgress({ location: { viewId: 'firebreak.incidents' } }, () =>
    scheduler.now(true),
  );
  await tell(
    report?.standings.find(({ uid }) => uid === incident.uid),
    preview.video,
  );
}

/** @throws FirebreakError `cancelled` */
async function chooseTargets({ opened, proposed }: RoomPreview): Promise<readonly AnnounceTarget[]> {
  const on = settings.announce();
  const items = announceTargets.map((target) => ({
    target,
    label: targetNames[target],
    description: on[target] ? '' : t('switched off on this machine; choosing it switches it on'),
  }));
  const wanted = (target: AnnounceTarget) =>
    opened ? opened.targets.includes(target) : proposed.includes(target) && on[target];
  let chosen: readonly AnnounceTarget[] = [];
  await runSteps([
    async () => {
      const result = await pickManyStep({
        title: t('Open War Room'),
        step: 1,
        totalSteps: 1,
        placeholder: t('Who is told? Nothing is sent before you have seen it.'),
        items,
        selected: items.filter(({ target }) => wanted(target)),
      });
      if (result !== 'back') chosen = result.value.map(({ target }) => target);
      return true;
    },
  ]);
  return chosen;
}

/** @throws FirebreakError `cancelled` */
async function confirm(incident: Incident, preview: RoomPreview, targets: readonly AnnounceTarget[]): Promise<void> {
  const send = t('Open War Room');
  const answer = await vscode.window.showInformationMessage(
    t('Open the war room of {0}?', incident.id),
    { modal: true, detail: previewText(preview, targets) },
    send,
  );
  if (answer !== send) throw new FirebreakError('cancelled', 'Cancelled.');
}

/** What can be done with a room that is open. @returns whether others are to be told */
async function wantsToChange(
  scheduler: RoomScheduler,
  room: WarRoom,
  incident: Incident,
  { video }: RoomPreview,
): Promise<boolean> {
  const standings = await room.standing(await scheduler.messengers());
  const standing = standings.find(({ uid }) => uid === incident.uid);
  const channel = standing?.channel;
  const troubles = standing?.failures.map(failureText) ?? [];
  const notices = standing?.notices ?? [];
  const uninvited = notices.filter(({ kind }) => kind === 'notInvited').map(noticeText);
  const toSettle = notices.filter(canBeSettled).map(noticeText);
  const again = done(async () => {
    await room.retry();
    await scheduler.now();
  });
  const address = channel?.address;
  const { act } = await askOne<vscode.QuickPickItem & { readonly act: () => Promise<boolean> }>({
    title: t('War Room of {0}', incident.title),
    placeholder: standing ? summaryOf(standing) : '',
    items: [
      ...(channel && address !== undefined
        ? [{ label: `$(comment-discussion) ${t('Open #{0}', channel.name)}`, act: done(() => openAddress(address)) }]
        : []),
      ...(video === undefined
        ? []
        : [
            {
              label: `$(device-camera-video) ${t('Join Video Call')}`,
              description: video,
              act: done(() => openAddress(video)),
            },
            { label: `$(copy) ${t('Copy Video Link')}`, act: done(() => vscode.env.clipboard.writeText(video)) },
          ]),
      {
        label: `$(sync) ${t('Send What Waits Now')}`,
        ...(troubles.length > 0 ? { detail: troubles.join('; ') } : {}),
        act: again,
      },
      ...(uninvited.length > 0
        ? [{ label: `$(person-add) ${t('Invite Again')}`, detail: uninvited.join('; '), act: again }]
        : []),
      ...(toSettle.length > 0
        ? [
            {
              label: `$(check) ${t('Taken Care Of')}`,
              description: t('it is told no more'),
              detail: toSettle.join('; '),
              act: done(async () => {
                await room.settle(incident);
                await scheduler.now();
              }),
            },
          ]
        : []),
      { label: `$(settings) ${t('Choose Who Is Told…')}`, act: async () => true },
    ],
  });
  return act();
}

function done(act: () => Thenable<unknown>): () => Promise<boolean> {
  return async () => {
    await act();
    return false;
  };
}

async function tell(standing: RoomStanding | undefined, video: string | undefined): Promise<void> {
  const [failure] = standing?.failures ?? [];
  const channel = standing?.channel;
  // The scheduler has told what needs somebody: one notification is enough.
  if (standing?.failures.some(needsSomebody)) return;
  if (failure) {
    void vscode.window.showWarningMessage(
      t('The war room is open on this machine, and what could not be sent waits: {0}.', failureText(failure)),
    );
    return;
  }
  const open = t('Open Channel');
  const join = t('Join Video Call');
  const address = channel?.address;
  const buttons = [...(address === undefined ? [] : [open]), ...(video === undefined ? [] : [join])];
  const text = channel ? t('The war room is open: #{0}.', channel.name) : t('The war room is open.');
  const notices = (standing?.notices ?? []).map((notice) => `${noticeText(notice)}.`);
  const show = notices.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  show([text, ...notices].join(' '), ...buttons).then((answer) => {
    if (answer === open && address !== undefined) return openAddress(address);
    if (answer === join && video !== undefined) return openAddress(video);
    return undefined;
  });
}

/** Nobody else is told; people still meet. */
async function offerVideo(video: string): Promise<void> {
  const join = t('Join Video Call');
  const copy = t('Copy Video Link');
  const answer = await vscode.window.showInformationMessage(t('Video: {0}', video), join, copy);
  if (answer === join) await openAddress(video);
  else if (answer === copy) await vscode.env.clipboard.writeText(video);
}

async function openAddress(address: string): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(address, true));
}
