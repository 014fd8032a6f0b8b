import * as vscode from 'vscode';
import { isOpenIncident } from '../../core/item.ts';
import type { CommandId } from '../contributions.ts';
import { LazyPart } from '../lazyPart.ts';
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

/** Recording, in a bundle of its own: it is loaded once an incident is open, or something recorded waits to be decided. */
export class LazyRecordingUi extends LazyPart<RecordingUiCommand, RecordingUi> {
  constructor(root: OpenRoot, reporter: Reporter, open: () => RecordingUi) {
    super(recordingUiCommands, open);
    const load = () => {
      if (vscode.workspace.isTrusted && root.session?.index.items().some(isOpenIncident)) this.load();
    };
    const look = async () => {
      load();
      if (!this.isLoaded && (await root.session?.privateFiles?.stat('recording'))) this.load();
    };
    this.own(
      root.onDidOpen(() => reporter.background('Looking for what was recorded', look)),
      root.onDidChange(load),
    );
  }
}
