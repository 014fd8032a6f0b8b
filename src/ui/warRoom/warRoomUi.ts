import * as vscode from 'vscode';
import { type AnnounceTarget, announceTargets } from '../../core/policy.ts';
import { chooseIncident } from '../commands/chooseIncident.ts';
import { askOne } from '../multiStep.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import type { WarRoomCommand } from './lazyWarRoomUi.ts';
import { openWarRoom } from './openWarRoom.ts';
import { RoomScheduler, type RoomSchedulerOptions } from './roomScheduler.ts';
import { targetNames } from './roomWords.ts';
import { WarRoomTokens } from './warRoomTokens.ts';

const { t } = vscode.l10n;

export interface WarRoomUiOptions extends Omit<RoomSchedulerOptions, 'tokens'> {
  readonly root: OpenRoot;
  readonly secrets: vscode.SecretStorage;
  /** The uid of the incident whose timeline panel is active. */
  readonly shown: () => string | undefined;
}

/** What people see of the war room, and do there. */
export class WarRoomUi implements vscode.Disposable {
  readonly #scheduler: RoomScheduler;
  readonly handlers: Readonly<Record<WarRoomCommand, (argument: unknown) => Promise<void>>>;

  constructor(options: WarRoomUiOptions) {
    const { root, shown } = options;
    const tokens = new WarRoomTokens(options.secrets);
    const scheduler = new RoomScheduler({ ...options, tokens });
    this.#scheduler = scheduler;
    this.handlers = {
      'firebreak.openWarRoom': async (argument) => {
        const session = await root.requireTrusted();
        const incident = await chooseIncident(session, argument, { title: t('Open War Room'), shown: shown() });
        await openWarRoom({ scheduler, tokens }, session, incident);
      },
      'firebreak.setWarRoomToken': async (argument) => {
        await tokens.ask(await chooseSecret(argument));
        scheduler.changed();
        vscode.window.setStatusBarMessage(`$(check) ${t('Kept in the secret storage.')}`, 5_000);
      },
      'firebreak.removeWarRoomTokens': async () => {
        await tokens.remove();
        scheduler.changed();
        vscode.window.setStatusBarMessage(`$(check) ${t('The tokens of the war room are removed.')}`, 5_000);
      },
    };
  }

  dispose(): void {
    this.#scheduler.dispose();
  }
}

/** @param named the name of a target, from a notice about it. @throws FirebreakError `cancelled` */
async function chooseSecret(named: unknown): Promise<AnnounceTarget> {
  const items = announceTargets.map((target) => ({ target, label: targetNames[target] }));
  const known = items.find(({ label }) => label === named);
  if (known) return known.target;
  return (await askOne({ title: t('Set War Room Token'), placeholder: t('Of what?'), items })).target;
}
