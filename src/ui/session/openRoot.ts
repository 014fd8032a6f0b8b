import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import { isIncident, isOpenIncident } from '../../core/item.ts';
import type { WatchFolder } from '../../core/ports/watchFolder.ts';
import { openSession, type Session, type SessionPorts } from '../../services/session.ts';
import { setContextKey } from '../contextKey.ts';
import { withRemedy } from '../remedy.ts';
import type { Reporter } from '../reporter.ts';
import { affects } from '../settings.ts';
import { findRootFolder, holdsFirebreakFiles, type RootFolder } from './rootFolder.ts';
import { RootWatch } from './rootWatch.ts';

export interface OpenSession extends Session {
  readonly root: RootFolder;
  /** Whether it may change something, and so has the private state for that. */
  readonly canAct: boolean;
}

export interface IndexChange {
  readonly uids: ReadonlySet<string>;
  readonly problems: boolean;
  readonly policy: boolean;
}

export interface RootUse {
  /** Without it, nothing is written, run or sent. */
  readonly trusted: boolean;
  /** Whether there is something of Firebreak's in the folder, or about to be: only then is private state made for it. */
  readonly used: boolean;
}

export interface RootPorts extends SessionPorts {
  readonly watchFolder?: WatchFolder;
}

export type PortsFor = (root: vscode.Uri, use: RootUse) => Promise<RootPorts>;

const chosenFolderKey = 'firebreak.chosenFolder';
/**
 * The session of the root folder that is open now. It is opened anew when the folders, the root setting or the
 * workspace's trust change, and kept in step with the disk by watching.
 */
export class OpenRoot implements vscode.Disposable {
  readonly #portsFor: PortsFor;
  readonly #reporter: Reporter;
  readonly #memory: vscode.Memento;
  readonly #opened = new vscode.EventEmitter<OpenSession | undefined>();
  readonly #changed = new vscode.EventEmitter<IndexChange>();
  readonly #own: vscode.Disposable[] = [this.#opened, this.#changed];
  #ofSession: { dispose(): void }[] = [];
  #session: OpenSession | undefined;
  #loading: Promise<void> = Promise.resolve();
  #generation = 0;
  #disposed = false;
  /** The folder, so far without anything of Firebreak's, that somebody is about to change. */
  #firstUse: string | undefined;
  #toldSetting: string | undefined;

  /** The tasks that actions run: they become events by themselves, and are not recorded as tasks. */
  readonly ownTasks = new WeakSet<vscode.Task>();

  /** Another session, or none, is open now; its index is loaded. */
  readonly onDidOpen = this.#opened.event;
  /** Something in the index of the session changed. */
  readonly onDidChange = this.#changed.event;

  constructor(portsFor: PortsFor, reporter: Reporter, memory: vscode.Memento) {
    this.#portsFor = portsFor;
    this.#reporter = reporter;
    this.#memory = memory;
    const reopen = () => this.open();
    this.#own.push(
      vscode.workspace.onDidChangeWorkspaceFolders(reopen),
      vscode.workspace.onDidGrantWorkspaceTrust(reopen),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, 'firebreak.root')) reopen();
      }),
    );
  }

  get session(): OpenSession | undefined {
    return this.#session;
  }

  /** The session, once it is loaded. @throws FirebreakError `noFolder` */
  async require(): Promise<OpenSession> {
    await this.#loading;
    if (!this.#session) {
      throw new FirebreakError(
        'noFolder',
        vscode.l10n.t('Open a folder first: incidents are kept in it, as markdown.'),
      );
    }
    return this.#session;
  }

  /** The session, for something that changes files. @throws FirebreakError `noFolder`, `untrusted` */
  async requireTrusted(): Promise<OpenSession> {
    if (!vscode.workspace.isTrusted) {
      throw withRemedy(
        new FirebreakError(
          'untrusted',
          vscode.l10n.t('This folder is in Restricted Mode: Firebreak only shows what is here until you trust it.'),
        ),
        { title: vscode.l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' },
      );
    }
    const session = await this.require();
    if (session.canAct) return session;
    const folder = session.root.uri.toString();
    if (this.#firstUse !== folder) {
      this.#firstUse = folder;
      await this.open();
    }
    return this.require();
  }

  async choose(folder: vscode.WorkspaceFolder): Promise<void> {
    await this.#memory.update(chosenFolderKey, folder.uri.toString());
    await this.open();
  }

  /** Opens what is to be open now. Errors are reported; then no session is open. */
  open(): Promise<void> {
    const generation = ++this.#generation;
    this.#loading = this.#loading.then(async () => {
      // Folders and trust may change in one breath: only the last wish is worth loading.
      if (generation === this.#generation) {
        await this.#reporter.run(vscode.l10n.t('Opening the folder'), () => this.#open());
      }
    });
    return this.#loading;
  }

  async #open(): Promise<void> {
    this.#close();
    try {
      const root = await findRootFolder(this.#memory.get<string>(chosenFolderKey));
      if (root && !this.#disposed) await this.#load(root);
    } finally {
      this.#tellContext();
      setContextKey('firebreak.ready', this.#session !== undefined);
      // VS Code's own key says "not trusted" for a moment at every start.
      setContextKey('firebreak.restricted', !vscode.workspace.isTrusted);
      // Also when it failed: what was open before is not any more.
      this.#opened.fire(this.#session);
    }
  }

  async #load(root: RootFolder): Promise<void> {
    if (root.refusedSetting !== undefined && root.refusedSetting !== this.#toldSetting) {
      vscode.window.showWarningMessage(
        vscode.l10n.t(
          'The setting "firebreak.root" has to name a folder inside {0}, and "{1}" is none: {0} itself is used.',
          root.folder.name,
          root.refusedSetting,
        ),
      );
    }
    this.#toldSetting = root.refusedSetting;
    const trusted = vscode.workspace.isTrusted;
    const used = this.#firstUse === root.uri.toString() || (await holdsFirebreakFiles(root.uri));
    const ports = await this.#portsFor(root.uri, { trusted, used });
    const canAct = trusted && (used || ports.privateFiles !== undefined);
    const session: OpenSession = { ...openSession(ports), root, canAct };
    if (this.#disposed) return;
    this.#watch(session, ports.watchFolder);
    await session.index.load();
    if (!this.#disposed) this.#session = session;
  }

  #close(): void {
    for (const disposable of this.#ofSession) disposable.dispose();
    this.#ofSession = [];
    this.#session = undefined;
  }

  #watch(session: OpenSession, watchFolder: WatchFolder | undefined): void {
    this.#ofSession.push(
      new RootWatch({
        session,
        root: session.root.uri,
        watchFolder,
        refresh: (paths) => this.#reporter.background('Reading changed files', () => session.index.refresh(paths)),
      }),
      session.index.onDidChange((change) => {
        this.#tellContext();
        this.#changed.fire(change);
        // A pull brought the first files: from now on there is something to keep.
        if (!session.canAct && session === this.#session && vscode.workspace.isTrusted) this.open();
      }),
    );
  }

  #tellContext(): void {
    const items = this.#session?.index.items() ?? [];
    setContextKey('firebreak.hasIncident', items.some(isIncident));
    setContextKey('firebreak.hasOpenIncident', items.some(isOpenIncident));
    setContextKey(
      'firebreak.hasConflict',
      items.some(({ conflicts }) => conflicts.length > 0),
    );
    setContextKey('firebreak.hasMissing', (this.#session?.index.missing().length ?? 0) > 0);
  }

  dispose(): void {
    this.#disposed = true;
    this.#close();
    for (const disposable of this.#own) disposable.dispose();
  }
}
