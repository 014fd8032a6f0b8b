import * as vscode from 'vscode';
import { type Incident, isActiveIncident, isIncident } from '../../core/item.ts';
import { kindInName } from '../../documents/eventDocument.ts';
import type { SettingKey } from '../contributions.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { settings } from '../settings.ts';
import { byUrgency } from '../views/backlogGroups.ts';
import type { Recording } from './recording.ts';

const { t } = vscode.l10n;

/**
 * Asks once for each incident whether to record what is done for it: when it is acknowledged here, or with the first
 * command that is typed while it is open.
 */
export class RecordingOffer implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #recording: Recording;
  readonly #reporter: Reporter;
  readonly #own: vscode.Disposable[];
  #ofSession: { dispose(): void } | undefined;

  constructor(root: OpenRoot, recording: Recording, reporter: Reporter) {
    this.#root = root;
    this.#recording = recording;
    this.#reporter = reporter;
    const listen = () => {
      this.#ofSession?.dispose();
      const session = root.session;
      this.#ofSession = session?.context.writer.onDidWrite((paths) => this.#wrote(session, paths));
    };
    this.#own = [root.onDidOpen(listen)];
    listen();
  }

  /** Somebody typed a command. */
  commandBegun(): void {
    const incident = this.#root.session?.index.items().filter(isActiveIncident).sort(byUrgency)[0];
    if (incident) this.#offer(incident);
  }

  #wrote({ index }: OpenSession, paths: readonly string[]): void {
    for (const path of paths) {
      if (kindInName(path) !== 'acknowledge') continue;
      const incident = index
        .items()
        .filter(isIncident)
        .find((item) => path.startsWith(`${item.incident.folder}/timeline/`));
      if (incident) this.#offer(incident);
    }
  }

  #offer(incident: Incident): void {
    const { state, isOn } = this.#recording;
    if (!settings.recordingAsk() || isOn || state.asked.includes(incident.uid)) return;
    this.#reporter.background('Offering to record', () => this.#ask(incident));
  }

  async #ask(incident: Incident): Promise<void> {
    const desk = this.#recording.desk();
    // Another window may just have asked.
    if (!desk || !(await desk.ask(incident))) return;
    await this.#recording.refresh();
    const record = t('Record');
    const never = t('Never');
    const answer = await vscode.window.showInformationMessage(
      t(
        'Record what you do for {0}? Commands, commits, pushes, tasks: secrets are masked, and you decide what is kept.',
        incident.id,
      ),
      record,
      t('Not Now'),
      never,
    );
    if (answer === record) {
      await this.#reporter.run(t('Start Recording'), () => desk.start(incident));
      await this.#recording.refresh();
    }
    if (answer === never) {
      await vscode.workspace
        .getConfiguration()
        .update('firebreak.recording.ask' satisfies SettingKey, false, vscode.ConfigurationTarget.Global);
    }
  }

  dispose(): void {
    this.#ofSession?.dispose();
    for (const disposable of this.#own) disposable.dispose();
  }
}
