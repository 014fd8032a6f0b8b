import type * as vscode from 'vscode';
import type { GitActivity } from '../../core/ports/gitActivity.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import type { Recording } from './recording.ts';

/** git writes several files for one act. */
const pauseMs = 250;

export type ActivityOf = (session: OpenSession) => Promise<GitActivity | undefined>;

/** What is done with the repository while recording is on, by this window or by any other program. */
export class RepositoryWatch implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #recording: Recording;
  readonly #reporter: Reporter;
  readonly #activityOf: ActivityOf;
  readonly #own: vscode.Disposable[];
  /** What was taken down, so that it is not tried at each look. */
  readonly #seen = new Set<string>();
  #watching: { readonly session: OpenSession; readonly incident: string; dispose(): void } | undefined;
  #activity: GitActivity | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { root: OpenRoot; recording: Recording; reporter: Reporter; activityOf: ActivityOf }) {
    this.#root = options.root;
    this.#recording = options.recording;
    this.#reporter = options.reporter;
    this.#activityOf = options.activityOf;
    this.#own = [options.recording.onDidChange(() => this.#settle())];
    this.#settle();
  }

  /** Something may have been done. */
  look(): void {
    if (!this.#recording.isOn) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#reporter.background('Looking at the repository', () => this.#look()), pauseMs);
  }

  #settle(): void {
    const session = this.#root.session;
    const { incident } = this.#recording.state;
    if (this.#watching?.session === session && this.#watching?.incident === incident) return;
    this.#watching?.dispose();
    this.#watching = undefined;
    this.#activity = undefined;
    this.#seen.clear();
    if (!session || incident === undefined) return;
    let end = () => {};
    let isOver = false;
    this.#watching = {
      session,
      incident,
      dispose: () => {
        isOver = true;
        end();
      },
    };
    this.#reporter.background('Watching the repository', async () => {
      const activity = await this.#activityOf(session);
      if (!activity || isOver) return;
      this.#activity = activity;
      const watching = activity.watch(() => this.look());
      end = () => watching.dispose();
      this.look();
    });
  }

  async #look(): Promise<void> {
    const { since } = this.#recording.state;
    if (!this.#recording.isOn) return;
    for (const observation of (await this.#activity?.since(since)) ?? []) {
      const key = `${observation.kind} ${observation.at} ${observation.key}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#recording.observe(observation);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watching?.dispose();
    for (const disposable of this.#own) disposable.dispose();
  }
}
