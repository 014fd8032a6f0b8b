import * as vscode from 'vscode';
import { announceTargets } from '../../core/policy.ts';
import { chooseIncident } from '../commands/chooseIncident.ts';
import { askOne } from '../multiStep.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { approveCustomerMessage } from './approveCustomerMessage.ts';
import { CustomerDrafts } from './customerDrafts.ts';
import type { WarRoomCommand } from './lazyWarRoomUi.ts';
import { openWarRoom } from './openWarRoom.ts';
import { RoomScheduler, type RoomSchedulerOptions } from './roomScheduler.ts';
import { targetNames } from './roomWords.ts';
import { type SecretTarget, WarRoomTokens } from './warRoomTokens.ts';

const { t } = vscode.l10n;

export interface WarRoomUiOptions extends Omit<RoomSchedulerOptions, 'tokens'> {
  readonly root: OpenRoot;
  readonly secrets: vscode.SecretStorage;
  /** Where a session's private state is on disk. */
  readonly privateFolder: (session: OpenSession) => vscode.Uri | undefined;
  /** The uid of the incident whose timeline panel is active. */
  readonly shown: () => string | undefined;
}

/** What people see of the war room, and do there. */
export class WarRoomUi implements vscode.Disposable {
  readonly #own: readonly vscode.Disposable[];
  readonly handlers: Readonly<Record<WarRoomCommand, (argument: unknown) => Promise<void>>>;

  constructor(options: WarRoomUiOptions) {
    const { root, shown } = options;
    const tokens = new WarRoomTokens(options.secrets);
    const scheduler = new RoomScheduler({ ...options, tokens });
    const customers = new CustomerDrafts({ scheduler, tokens, privateFolder: options.privateFolder });
    this.#own = [scheduler, customers];
    const onIncident = async (argument: unknown, title: string) => {
      const session = await root.requireTrusted();
      return { session, incident: await chooseIncident(session, argument, { title, shown: shown() }) };
    };
    this.handlers = {
      'firebreak.notifyCustomers': async (argument) => {
        const { session, incident } = await onIncident(argument, t('Notify Customers'));
        await customers.open(session, incident);
      },
      'firebreak.sendCustomerMessage': async () => customers.send(await root.requireTrusted()),
      'firebreak.approveCustomerMessage': async (argument) => {
        const { session, incident } = await onIncident(argument, t('Approve Message to Customers'));
        await approveCustomerMessage(session, incident);
      },
      'firebreak.openWarRoom': async (argument) => {
        const { session, incident } = await onIncident(argument, t('Open War Room'));
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
    for (const disposable of this.#own) disposable.dispose();
  }
}

/** @param named the name of a target, from a notice about it. @throws FirebreakError `cancelled` */
async function chooseSecret(named: unknown): Promise<SecretTarget> {
  const items: { readonly target: SecretTarget; readonly label: string }[] = [
    ...announceTargets.map((target) => ({ target, label: targetNames[target] })),
    { target: 'customers', label: t('Webhook for Customers') },
  ];
  const known = items.find(({ label }) => label === named);
  if (known) return known.target;
  return (await askOne({ title: t('Set War Room Token'), placeholder: t('Of what?'), items })).target;
}
