import * as vscode from 'vscode';
import { isIncident } from '../../core/item.ts';
import type { CommandId } from '../contributions.ts';
import { LazyPart } from '../lazyPart.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import { affects, settings, targetSettings } from '../settings.ts';
import type { WarRoomUi } from './warRoomUi.ts';

export const warRoomCommands = [
  'firebreak.openWarRoom',
  'firebreak.notifyCustomers',
  'firebreak.sendCustomerMessage',
  'firebreak.approveCustomerMessage',
  'firebreak.setWarRoomToken',
  'firebreak.removeWarRoomTokens',
] as const satisfies readonly CommandId[];
export type WarRoomCommand = (typeof warRoomCommands)[number];

/** The war room, in a bundle of its own: loaded once something is switched on and there is an incident, or when somebody asks for it. */
export class LazyWarRoomUi extends LazyPart<WarRoomCommand, WarRoomUi> {
  constructor(root: OpenRoot, open: () => WarRoomUi) {
    super(warRoomCommands, open);
    const load = () => {
      const isOn = vscode.workspace.isTrusted && Object.values(settings.announce()).includes(true);
      if (isOn && root.session?.index.items().some(isIncident)) this.load();
    };
    this.own(
      root.onDidOpen(load),
      root.onDidChange(load),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, ...targetSettings)) load();
      }),
    );
  }
}
