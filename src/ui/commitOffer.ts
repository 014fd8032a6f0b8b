import * as vscode from 'vscode';
import { FirebreakError } from '../core/errors.ts';
import { isIncident } from '../core/item.ts';
import { commitWorkspace } from '../services/shareWorkspace.ts';
import type { SettingKey } from './contributions.ts';
import type { Reporter } from './reporter.ts';
import type { OpenRoot, OpenSession } from './session/openRoot.ts';
import { settings } from './settings.ts';

const { t } = vscode.l10n;

/** Long enough that one act of several files, and the next act right after it, are one commit. */
const quietMs = 5_000;
/** A question can wait longer: right after a declaration there is enough to do, and GitHub's question stands there first. */
const calmMs = 12_000;
const askedKey = 'firebreak.askedToCommit';

/** Keeps Firebreak's files in git as the setting `firebreak.git.commit` says, some seconds after the last change. */
export class CommitOffer implements vscode.Disposable {
  readonly #reporter: Reporter;
  readonly #memory: vscode.Memento;
  readonly #own: vscode.Disposable[];
  #ofSession: { dispose(): void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #touched = new Set<string>();
  #asking = false;

  constructor(root: OpenRoot, reporter: Reporter, memory: vscode.Memento) {
    this.#reporter = reporter;
    this.#memory = memory;
    this.#own = [
      root.onDidOpen((session) => {
        this.#ofSession?.dispose();
        clearTimeout(this.#timer);
        this.#ofSession = session?.context.writer.onDidWrite((paths) => this.#wrote(session, paths));
      }),
    ];
  }

  #wrote(session: OpenSession, paths: readonly string[]): void {
    for (const path of paths) this.#touched.add(path);
    clearTimeout(this.#timer);
    const wait = settings.gitCommit() === 'ask' ? calmMs : quietMs;
    this.#timer = setTimeout(() => {
      const touched = [...this.#touched];
      this.#touched.clear();
      this.#reporter.background('Committing', () => this.#settle(session, touched));
    }, wait);
  }

  async #settle(session: OpenSession, paths: readonly string[]): Promise<void> {
    const wish = settings.gitCommit();
    if (wish === 'never' || !vscode.workspace.isTrusted) return;
    const git = await session.git();
    if (!git) return;
    if (wish === 'auto') {
      try {
        const items = paths.map((path) => session.index.itemAt(path)).filter((item) => item !== undefined);
        const [first] = items;
        await commitWorkspace(git, first && isIncident(first) ? `record ${first.id}` : 'update the backlog');
      } catch (error) {
        // A rebase of the user's own is under way: the next change tries again.
        if (!FirebreakError.is(error, 'gitBusy')) throw error;
      }
      return;
    }
    const incident = paths.map((path) => session.index.itemAt(path)).find((item) => item && isIncident(item));
    if (incident) await this.#ask(session, incident.uid, incident.id);
  }

  async #ask(session: OpenSession, uid: string, id: string): Promise<void> {
    const asked = this.#memory.get<string[]>(askedKey, []);
    if (this.#asking || asked.includes(uid)) return;
    this.#asking = true;
    try {
      await this.#memory.update(askedKey, [...asked.slice(-200), uid]);
      const once = t('Commit');
      const always = t('Always');
      const never = t("Don't Ask Again");
      const answer = await vscode.window.showInformationMessage(
        t('Commit the files of {0} to git? Only Firebreak\u2019s own files; nothing is pushed.', id),
        once,
        always,
        never,
      );
      if (answer === never) await this.#remember('never');
      if (answer === always) await this.#remember('auto');
      if (answer !== once && answer !== always) return;
      const git = await session.git();
      if (git) await this.#reporter.run(t('Committing'), () => commitWorkspace(git, `record ${id}`));
    } finally {
      this.#asking = false;
    }
  }

  async #remember(value: 'auto' | 'never'): Promise<void> {
    await vscode.workspace
      .getConfiguration()
      .update('firebreak.git.commit' satisfies SettingKey, value, vscode.ConfigurationTarget.Global);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#ofSession?.dispose();
    for (const disposable of this.#own) disposable.dispose();
  }
}
