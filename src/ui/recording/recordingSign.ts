import * as vscode from 'vscode';
import type { OpenRoot } from '../session/openRoot.ts';
import type { Recording } from './recording.ts';

const { t } = vscode.l10n;

/** The sign in the status bar, there for as long as anything is recorded. */
export class RecordingSign implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #recording: Recording;
  readonly #item = vscode.window.createStatusBarItem('firebreak.recordingSign', vscode.StatusBarAlignment.Left, 50.5);
  readonly #own: vscode.Disposable[];

  constructor(root: OpenRoot, recording: Recording) {
    this.#root = root;
    this.#recording = recording;
    this.#item.name = t('Firebreak: Recording');
    this.#item.command = 'firebreak.showRecorded';
    this.#own = [this.#item, recording.onDidChange(() => this.#show())];
    this.#show();
  }

  #show(): void {
    const uid = this.#recording.state.incident;
    if (uid === undefined) {
      this.#item.hide();
      return;
    }
    const incident = this.#root.session?.index.item(uid);
    const waiting = this.#recording.proposals.length;
    const what = incident ? incident.title : uid;
    this.#item.text = `$(record) ${t('Recording')}${waiting > 0 ? ` · ${waiting}` : ''}`;
    const tooltip = new vscode.MarkdownString(undefined, true);
    tooltip.isTrusted = { enabledCommands: ['firebreak.stopRecording'] };
    tooltip.appendMarkdown('**').appendText(what).appendMarkdown('**  \n');
    if (incident) tooltip.appendText(incident.id).appendMarkdown('\n\n');
    tooltip.appendText(
      waiting === 0
        ? t('What you do is proposed for its timeline. Nothing waits.')
        : waiting === 1
          ? t('1 thing that you did waits to be kept or dropped.')
          : t('{0} things that you did wait to be kept or dropped.', waiting),
    );
    tooltip.appendMarkdown(`\n\n[${t('Stop Recording')}](command:firebreak.stopRecording)`);
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = {
      label: [t('Recording'), what, waiting > 0 ? t('{0} wait', waiting) : ''].filter(Boolean).join(', '),
    };
    this.#item.show();
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}
