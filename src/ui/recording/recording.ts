import * as vscode from 'vscode';
import { isOpenIncident } from '../../core/item.ts';
import type { SecretMask } from '../../core/ports/secretMask.ts';
import type { WatchFolder } from '../../core/ports/watchFolder.ts';
import { notRecording, type Observation, type Proposal, type RecordingState } from '../../core/recording.ts';
import { RecordingDesk } from '../../services/recording/recordingDesk.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { settings } from '../settings.ts';

const { t } = vscode.l10n;

/** Files of several windows come in bursts. */
const pauseMs = 80;
const watched = ['', 'recording', 'recording/proposals'];

export interface RecordingOptions {
  readonly root: OpenRoot;
  readonly reporter: Reporter;
  readonly mask: SecretMask;
  /** What one process of all has at a time, waited for a moment; undefined when another keeps it. */
  readonly lock: (session: OpenSession, name: string) => Promise<{ dispose(): Promise<void> } | undefined>;
  /** Watches the private state of a session; undefined where there is none. */
  readonly watchPrivate: (session: OpenSession) => WatchFolder | undefined;
}

/** The recording of the open folder as all its windows know it: whether it is on, for which incident, and what waits. */
export class Recording implements vscode.Disposable {
  readonly #options: RecordingOptions;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #own: vscode.Disposable[];
  readonly #watching = new Map<string, { dispose(): void }>();
  #desk: { readonly session: OpenSession; readonly desk: RecordingDesk } | undefined;
  #state: RecordingState = notRecording;
  #proposals: readonly Proposal[] = [];
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();
  #disposed = false;
  /** It is on or off, for another incident, or something else waits. */
  readonly onDidChange = this.#changed.event;

  constructor(options: RecordingOptions) {
    this.#options = options;
    const { root } = options;
    this.#own = [
      this.#changed,
      root.onDidOpen(() => this.#reopen()),
      root.onDidChange(() => this.#background('Recording', () => this.#stopWhenClosed())),
    ];
    this.#reopen();
  }

  get state(): RecordingState {
    return this.#state;
  }

  get isOn(): boolean {
    return this.#state.incident !== undefined;
  }

  get proposals(): readonly Proposal[] {
    return this.#proposals;
  }

  /** The desk of the open folder; undefined where nothing may be written, or nothing private kept. */
  desk(session = this.#options.root.session): RecordingDesk | undefined {
    if (!session) return undefined;
    if (this.#desk?.session === session) return this.#desk.desk;
    const { privateFiles, context } = session;
    if (!vscode.workspace.isTrusted || !session.canAct || !privateFiles) return undefined;
    const desk = new RecordingDesk({
      context,
      privateFiles,
      mask: this.#options.mask,
      lock: () => this.#options.lock(session, 'recording'),
      keptByItself: settings.recordingKeep,
    });
    this.#desk = { session, desk };
    return desk;
  }

  /** Takes down what was done. What can't be is told in the log: nobody is disturbed in the middle of an incident. */
  observe(observation: Observation): void {
    if (!this.isOn) return;
    this.#background('Recording', async () => {
      await this.desk()?.observe(observation);
      await this.refresh();
    });
  }

  /** Reads what private state holds now. */
  refresh(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read()).catch((error: unknown) => this.#failed(error));
    return this.#reading;
  }

  #reopen(): void {
    this.#desk = undefined;
    for (const watching of this.#watching.values()) watching.dispose();
    this.#watching.clear();
    this.#watch();
    this.#background('Recording', () => this.refresh());
  }

  async #read(): Promise<void> {
    const desk = this.desk();
    const [state, proposals] = desk ? await Promise.all([desk.state(), desk.proposals()]) : [notRecording, []];
    if (this.#disposed || desk !== this.desk()) return;
    const isNew = JSON.stringify([state, proposals]) !== JSON.stringify([this.#state, this.#proposals]);
    this.#state = state;
    this.#proposals = proposals;
    // A view that is drawn anew for nothing takes the row away from under the mouse.
    if (isNew) this.#changed.fire();
    await this.#stopWhenClosed();
  }

  /** Nobody works on a closed incident: what is done from now on is about something else. */
  async #stopWhenClosed(): Promise<void> {
    const session = this.#options.root.session;
    const uid = this.#state.incident;
    if (!session || uid === undefined) return;
    const incident = session.index.item(uid);
    // Perhaps only not in this checkout.
    if (!incident || isOpenIncident(incident)) return;
    this.#state = { ...this.#state, incident: undefined };
    await this.desk()?.stop();
    this.#changed.fire();
    vscode.window.showInformationMessage(t('Recording has stopped: {0} is closed.', incident.id));
  }

  /** Another window, or a terminal, may have recorded or decided something. */
  #watch(): void {
    const { root, watchPrivate } = this.#options;
    const watch = root.session && watchPrivate(root.session);
    if (!watch || this.#disposed) return;
    for (const folder of watched) {
      if (this.#watching.has(folder)) continue;
      const changed = (name: string | undefined) => {
        // What else lies beside it is of no interest.
        if (folder === '' && name !== undefined && name !== 'recording') return;
        this.#watch();
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.refresh(), pauseMs);
      };
      const watching = watch(folder, changed, () => this.#watching.delete(folder));
      if (watching) this.#watching.set(folder, watching);
    }
  }

  #background(what: string, task: () => Promise<unknown>): void {
    this.#options.reporter.background(what, task);
  }

  #failed(error: unknown): void {
    this.#background('Reading what was recorded', () => Promise.reject(error));
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const watching of this.#watching.values()) watching.dispose();
    for (const disposable of this.#own) disposable.dispose();
  }
}
