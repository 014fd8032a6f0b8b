import * as vscode from 'vscode';
import { isOpenIncident } from '../../core/item.ts';
import type { CommandId } from '../contributions.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import type { RoomUi } from './roomUi.ts';

export const roomUiCommands = [
  'firebreak.snoozeReminders',
  'firebreak.remindAgain',
] as const satisfies readonly CommandId[];
export type RoomUiCommand = (typeof roomUiCommands)[number];

type Handler = (argument: unknown) => Promise<void>;

/** The room's part of the interface, in a bundle of its own: nothing of it is read before an incident is open. */
export class LazyRoomUi implements vscode.Disposable {
  readonly #open: () => RoomUi;
  readonly #own: vscode.Disposable[];
  #loaded: RoomUi | undefined;
  readonly handlers: Readonly<Record<RoomUiCommand, Handler>>;

  constructor(root: OpenRoot, open: () => RoomUi) {
    this.#open = open;
    const load = () => {
      if (vscode.workspace.isTrusted && root.session?.index.items().some(isOpenIncident)) this.#load();
    };
    this.#own = [root.onDidOpen(load), root.onDidChange(load)];
    const handlers: Partial<Record<RoomUiCommand, Handler>> = {};
    for (const id of roomUiCommands) handlers[id] = (argument) => this.#load().handlers[id](argument);
    this.handlers = handlers as Record<RoomUiCommand, Handler>;
  }

  #load(): RoomUi {
    this.#loaded ??= this.#open();
    return this.#loaded;
  }

  dispose(): void {
    this.#loaded?.dispose();
    for (const disposable of this.#own) disposable.dispose();
  }
}
