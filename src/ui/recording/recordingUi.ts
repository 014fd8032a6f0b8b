import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import { isProposal, type Proposal } from '../../core/recording.ts';
import type { RecordingDesk } from '../../services/recording/recordingDesk.ts';
import { chooseIncident } from '../commands/chooseIncident.ts';
import { setContextKey } from '../contextKey.ts';
import { askLine } from '../multiStep.ts';
import type { RecordingUiCommand } from './lazyRecordingUi.ts';
import { RecordedTree } from './recordedTree.ts';
import { Recording, type RecordingOptions } from './recording.ts';
import { RecordingOffer } from './recordingOffer.ts';
import { RecordingSign } from './recordingSign.ts';
import { type ActivityOf, RepositoryWatch } from './repositoryWatch.ts';
import { SilentShells } from './silentShells.ts';
import { TasksAndDebugging } from './tasksAndDebugging.ts';
import { TaskTerminals } from './taskTerminals.ts';
import { TerminalCommands } from './terminalCommands.ts';

const { t } = vscode.l10n;

export interface RecordingUiOptions extends RecordingOptions {
  /** What was said once is remembered here. */
  readonly memory: vscode.Memento;
  /** The uid of the incident whose timeline panel is active. */
  readonly shown: () => string | undefined;
  /** What is done with the repository of the folder; undefined where there is none. */
  readonly activityOf: ActivityOf;
}

/** Everything of recording that people see and use. */
export class RecordingUi implements vscode.Disposable {
  readonly #options: RecordingUiOptions;
  readonly #recording: Recording;
  readonly #own: vscode.Disposable[];
  readonly handlers: Readonly<Record<RecordingUiCommand, (...parameters: unknown[]) => Promise<void>>>;

  constructor(options: RecordingUiOptions) {
    this.#options = options;
    const { root, reporter, memory, activityOf } = options;
    const recording = new Recording(options);
    this.#recording = recording;
    const now = () => root.session?.now() ?? 0;
    const offer = new RecordingOffer(root, recording, reporter);
    const repository = new RepositoryWatch({ root, recording, reporter, activityOf });
    const ended = () => repository.look();
    const tasks = new TaskTerminals();
    this.#own = [
      recording,
      offer,
      repository,
      tasks,
      new TerminalCommands({ root, recording, tasks, now, begun: () => offer.commandBegun(), ended }),
      new TasksAndDebugging(recording, root.ownTasks, now, ended),
      new SilentShells(recording, tasks, memory),
      new RecordingSign(root, recording),
      new RecordedTree(root, recording),
      recording.onDidChange(() => {
        setContextKey('firebreak.recording', recording.isOn);
        setContextKey('firebreak.hasRecorded', recording.proposals.length > 0);
      }),
    ];
    this.handlers = this.#commands();
  }

  #commands(): RecordingUi['handlers'] {
    const { root, shown } = this.#options;
    /** With the chosen rows: those that are selected where one of them was clicked. */
    const onRows = (act: (desk: RecordingDesk, rows: readonly Proposal[]) => Promise<unknown>) =>
      this.#withDesk(async (desk, clicked, selected) => {
        const rows = Array.isArray(selected) ? selected.filter(isProposal) : [];
        await act(desk, rows.length > 0 ? rows : isProposal(clicked) ? [clicked] : []);
      });
    return {
      'firebreak.startRecording': this.#withDesk(async (desk, argument) => {
        const session = await root.requireTrusted();
        const title = t('Start Recording');
        await desk.start(await chooseIncident(session, argument, { title, shown: shown() }));
      }),
      'firebreak.stopRecording': this.#withDesk((desk) => desk.stop()),
      'firebreak.showRecorded': async () => {
        await root.requireTrusted();
        await vscode.commands.executeCommand('firebreak.recorded.focus');
      },
      'firebreak.keepRecorded': onRows(async (desk, rows) => {
        for (const { id } of rows) await desk.keep(id);
      }),
      'firebreak.keepRecordedWithOutput': onRows(async (desk, rows) => {
        for (const { id } of rows) await desk.keep(id, { output: true });
      }),
      'firebreak.editRecorded': onRows(async (desk, [row]) => {
        if (row) await keepEdited(desk, row);
      }),
      'firebreak.dropRecorded': onRows((desk, rows) => desk.drop(rows.map(({ id }) => id))),
      'firebreak.keepAllRecorded': this.#withDesk(async (desk) => {
        const incidents = new Set((await desk.proposals()).map(({ incident }) => incident));
        for (const uid of incidents) await desk.keepAll(uid);
      }),
    };
  }

  #withDesk(act: (desk: RecordingDesk, ...parameters: unknown[]) => Promise<void>) {
    return async (...parameters: unknown[]): Promise<void> => {
      const desk = this.#recording.desk(await this.#options.root.requireTrusted());
      if (!desk) throw new FirebreakError('readOnly', t('There is no place here to keep what is recorded.'));
      try {
        await act(desk, ...parameters);
      } finally {
        await this.#recording.refresh();
      }
    };
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}

async function keepEdited(desk: RecordingDesk, { id, text }: Proposal): Promise<void> {
  if (text.includes('\n')) {
    throw new FirebreakError(
      'invalidInput',
      t('It has several lines: keep it, then correct the entry in the timeline.'),
    );
  }
  const edited = await askLine({
    title: t('Keep as…'),
    prompt: t('As it will stand in the timeline. Secrets are masked.'),
    value: text,
    required: t('Nothing is left of it: drop it instead.'),
  });
  await desk.keep(id, { text: edited });
}
