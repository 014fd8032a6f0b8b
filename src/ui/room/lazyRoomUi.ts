import * as vscode from 'vscode';
import { isOpenIncident } from '../../core/item.ts';
import type { CommandId } from '../contributions.ts';
import { LazyPart } from '../lazyPart.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import type { RoomUi } from './roomUi.ts';

export const roomUiCommands = [
  'firebreak.snoozeReminders',
  'firebreak.remindAgain',
] as const satisfies readonly CommandId[];
export type RoomUiCommand = (typeof roomUiCommands)[number];

/** The room's part of the interface, in a bundle of its own: nothing of it is read before an incident is open. */
export class LazyRoomUi extends LazyPart<RoomUiCommand, RoomUi> {
  constructor(root: OpenRoot, open: () => RoomUi) {
    super(roomUiCommands, open);
    const load = () => {
      if (vscode.workspace.isTrusted && root.session?.index.items().some(isOpenIncident)) this.load();
    };
    this.own(root.onDidOpen(load), root.onDidChange(load));
  }
}
