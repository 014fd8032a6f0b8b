import * as vscode from 'vscode';
import { isOpenIncident } from '../../core/item.ts';
import type { CommandId } from '../contributions.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import type { RecordingUi } from './recordingUi.ts';

export const recordingUiCommands = [
  'firebreak.startRecording',
  'firebreak.stopRecording',
  'firebreak.showRecorded',
  'firebreak.keepRecorded',
  'firebreak.keepRecordedWithOutput',
  'firebreak.editRecorded',
  'firebreak.dropRecorded',
  'firebreak.keepAllRecorded',
] as const satisfies readonly CommandId[];
export type RecordingUiCommand = (typeof recordingUiCommands)[number];

type Handler = (...parameters: unknown[]) => Promise<void>;

/** Recording, in a bundle of its own: it is loaded once an incident is open, or something recorded waits to be decided. */
export class LazyRecordingUi implements vscode.Disposable {
  readonly #open: () => RecordingUi;
  readonly #own: vscode.Disposable[];
  #loaded: RecordingUi | undefined;
  readonly handlers: Readonly<Record<RecordingUiCommand, Handler>>;

  constructor(root: OpenRoot, reporter: Reporter, open: () => RecordingUi) {
    this.#open = open;
    const load = () => {
      if (vscode.workspace.isTrusted && root.session?.index.items().some(isOpenIncident)) this.#load();
    };
    const look = async () => {
      load();
      if (!this.#loaded && (await root.session?.privateFiles?.stat('recording'))) this.#load();
    };
    this.#own = [
      root.onDidOpen(() => reporter.background('Looking for what was recorded', look)),
      root.onDidChange(load),
    ];
    const handlers: Partial<Record<RecordingUiCommand, Handler>> = {};
    for (const id of recordingUiCommands) handlers[id] = (...parameters) => this.#load().handlers[id](...parameters);
    this.handlers = handlers as Record<RecordingUiCommand, Handler>;
  }

  #load(): RecordingUi {
    this.#loaded ??= this.#open();
    return this.#loaded;
  }

  dispose(): void {
    this.#loaded?.dispose();
    for (const disposable of this.#own) disposable.dispose();
  }
}
