import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { IssueLink } from '../../core/github.ts';
import { type Incident, isIncident } from '../../core/item.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { TimelineFeed } from '../../protocol/timelineFeed.ts';
import {
  parseFromWebview,
  type TimelineCommand,
  type ToWebview,
  type ViewMessage,
} from '../../protocol/timelineMessages.ts';
import { parseTimelinePanelState } from '../../protocol/timelinePanelState.ts';
import { pinEvent } from '../../services/pinEvent.ts';
import { recordEvent } from '../../services/recordEvent.ts';
import { correctEvent, retractEvent } from '../../services/replaceEvent.ts';
import { sayWhereItStays, whereabouts } from '../beyondReach.ts';
import { documentOf } from '../commands/chooseIncident.ts';
import type { CommandId } from '../contributions.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { attachChosen, attachmentsFolder, attachPasted } from './attachments.ts';
import { Awaited } from './awaited.ts';
import { EntryViews } from './entryViews.ts';
import { exportEntries, exportPicture } from './exports.ts';
import { LatestOnly } from './latestOnly.ts';
import { panelPage, webviewFolder } from './panelPage.ts';
import { timelineView } from './timelineView.ts';
import { entryWords, timelineWords } from './viewWords.ts';

const commandOf: Readonly<Record<Exclude<TimelineCommand, 'showProblems'>, CommandId>> = {
  acknowledge: 'firebreak.acknowledge',
  changePhase: 'firebreak.changePhase',
  changeSeverity: 'firebreak.changeSeverity',
  assignRole: 'firebreak.assignRole',
  postStatusUpdate: 'firebreak.draftStatusUpdate',
  recordDecision: 'firebreak.recordDecision',
  restore: 'firebreak.restoreMissing',
  openOnGitHub: 'firebreak.openOnGitHub',
  runAction: 'firebreak.runAction',
  checklist: 'firebreak.checklist',
  addActionItem: 'firebreak.addActionItem',
  openRca: 'firebreak.openRca',
  postRca: 'firebreak.postRca',
  notifyCustomers: 'firebreak.notifyCustomers',
  incidentActions: 'firebreak.incidentActions',
};

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly uid: string;
  readonly entries: EntryViews;
  /** What its page was sent. */
  readonly feed: TimelineFeed;
  /** Two views made at the same time could overtake each other on their way to the page. */
  readonly showing: LatestOnly;
  /** The page's word that it shows what it was sent. */
  readonly answer: Awaited;
  /** The page listens; before that, messages would be lost. */
  ready: boolean;
  visible: boolean;
  /** The folder that the page may load images from. */
  imagesFrom: string | undefined;
}

export interface LivePanelsOptions {
  readonly extensionUri: vscode.Uri;
  readonly root: OpenRoot;
  readonly reporter: Reporter;
  readonly issueUrl: (link: IssueLink) => string;
}

/** The timeline panels: at most one for each incident, live, and restored after a reload by the incident's identity. */
export class LivePanels implements vscode.Disposable {
  readonly #options: LivePanelsOptions;
  readonly #panels = new Map<string, OpenPanel>();
  readonly #own: vscode.Disposable[];

  constructor(options: LivePanelsOptions) {
    this.#options = options;
    const { root } = options;
    this.#own = [
      root.onDidOpen(() => this.#showAll()),
      root.onDidChange((change) => {
        for (const open of this.#panels.values()) {
          if (change.uids.has(open.uid) || change.problems || change.policy) this.#show(open);
        }
      }),
    ];
  }

  /** The uid of the incident whose panel has the focus. */
  get activeUid(): string | undefined {
    for (const open of this.#panels.values()) if (open.panel.active) return open.uid;
    return undefined;
  }

  /** @returns false when the incident has no panel */
  reveal(uid: string): boolean {
    const open = this.#panels.get(uid);
    open?.panel.reveal();
    return open !== undefined;
  }

  /** Takes a panel of an earlier session over. One that belongs to nothing is closed. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const known = parseTimelinePanelState(state);
    if (!known || this.#panels.has(known.uid)) panel.dispose();
    else this.adopt(panel, known.uid);
  }

  /** Makes a panel show an incident. */
  adopt(panel: vscode.WebviewPanel, uid: string): void {
    const { extensionUri, root } = this.#options;
    const open: OpenPanel = {
      panel,
      uid,
      entries: new EntryViews(entryWords),
      feed: new TimelineFeed(),
      showing: new LatestOnly(() => this.#send(open)),
      answer: new Awaited(() => this.#ask(open)),
      ready: false,
      visible: panel.visible,
      imagesFrom: undefined,
    };
    this.#panels.set(uid, open);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'firebreak-tab.svg');
    panel.onDidDispose(() => {
      open.answer.end();
      this.#panels.delete(uid);
    });
    panel.onDidChangeViewState(() => {
      const wasVisible = open.visible;
      open.visible = panel.visible;
      if (!open.visible) open.answer.end();
      else if (!wasVisible) this.#show(open);
    });
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(open, message));
    this.#allowImages(open, imagesOf(root.session, uid));
    panel.webview.html = panelPage(panel.webview, webviewFolder(extensionUri));
  }

  /** The page may load the images beside its incident, and nothing else of the workspace. */
  #allowImages(open: OpenPanel, folder: vscode.Uri | undefined): void {
    open.imagesFrom = folder?.toString();
    const own = webviewFolder(this.#options.extensionUri);
    open.panel.webview.options = { enableScripts: true, localResourceRoots: folder ? [own, folder] : [own] };
  }

  #showAll(): void {
    for (const open of this.#panels.values()) this.#show(open);
  }

  /** Nobody sees a page behind another tab: it is shown what is other once it is in front. */
  #show(open: OpenPanel): void {
    if (!open.ready || !open.visible) return;
    this.#options.reporter.background('Showing a timeline', () => open.showing.run());
  }

  async #send(open: OpenPanel): Promise<void> {
    const session = this.#options.root.session;
    const incident = session?.index.item(open.uid);
    if (!session || !incident || !isIncident(incident)) {
      this.#deliver(open, open.feed.next(undefined));
      return;
    }
    open.panel.title = `${incident.severity} ${incident.title}`;
    const images = imagesOf(session, open.uid);
    // The page begins anew with other rights, and asks for the incident again.
    if (images && images.toString() !== open.imagesFrom) this.#allowImages(open, images);
    const view = await timelineView(session, incident, {
      readOnly: !vscode.workspace.isTrusted,
      issueUrl: this.#options.issueUrl,
      attachments: images ? `${open.panel.webview.asWebviewUri(images)}/` : null,
      words: timelineWords,
      entries: open.entries,
    });
    this.#deliver(open, open.feed.next(view));
  }

  /** That a message is lost shows with the next one. After the last one it shows by asking. */
  #ask(open: OpenPanel): void {
    this.#deliver(open, open.feed.question());
  }

  /** Messages keep their order. Waiting for their arrival would hold up the next one for as long as a page is away. */
  #deliver(open: OpenPanel, message: ViewMessage | undefined): void {
    if (open.visible && open.feed.question()) open.answer.expect();
    if (!message) return;
    this.#options.reporter.background('Showing a timeline', async () => {
      let delivered = false;
      try {
        delivered = await open.panel.webview.postMessage(message);
      } finally {
        if (!delivered) open.feed.restart();
      }
    });
  }

  #receive(open: OpenPanel, raw: unknown): void {
    const message = parseFromWebview(raw);
    if (!message) return;
    const { root, reporter } = this.#options;
    switch (message.type) {
      case 'ready':
        open.ready = true;
        // A page that asks is seen.
        open.visible = true;
        open.feed.begin(message.needs);
        this.#show(open);
        break;
      case 'missed':
        open.feed.restart();
        this.#show(open);
        break;
      case 'shown':
        open.feed.shown(message.revision);
        if (open.feed.question()) break;
        open.answer.end();
        if (open.feed.hasMore) this.#show(open);
        break;
      case 'addNote':
        this.#write(open, message.request, (session, incident) =>
          recordEvent(session.context, incident, 'note', message.text, undefined, message.about ?? undefined),
        );
        break;
      case 'correct':
        this.#write(open, message.request, async (session, incident) => {
          const event = await entryOf(session, incident, message.id);
          const sent = await whereabouts(session, incident, event);
          await correctEvent(session.context, incident, event, message.text, message.at ?? undefined);
          sayWhereItStays(sent);
        });
        break;
      case 'retract':
        this.#write(open, message.request, async (session, incident) => {
          const event = await entryOf(session, incident, message.id);
          const sent = await whereabouts(session, incident, event);
          await retractEvent(session.context, incident, event, message.reason);
          sayWhereItStays(sent);
        });
        break;
      case 'pin':
        this.#act(open, vscode.l10n.t('Pinning'), async (session, incident) => {
          for (const id of message.ids) {
            await pinEvent(session.context, incident, await entryOf(session, incident, id), message.pinned);
          }
        });
        break;
      case 'pasteImage':
        this.#attach(open, message.request, (session, incident) =>
          attachPasted(session, incident, message.media, message.data),
        );
        break;
      case 'chooseImage':
        this.#attach(open, message.request, attachChosen);
        break;
      case 'export':
        this.#act(open, vscode.l10n.t('Exporting the timeline'), (session, incident) =>
          exportEntries(session, incident, message.format, message.ids),
        );
        break;
      case 'exportPicture':
        this.#act(open, vscode.l10n.t('Exporting the picture'), (_, incident) =>
          exportPicture(incident, message.format, message.data),
        );
        break;
      case 'openEvent':
        reporter.run(vscode.l10n.t('Opening the entry'), async () => {
          const session = await root.require();
          const stored = (await session.index.timeline(open.uid)).find((entry) => entry.event.id === message.id);
          if (stored && !stored.missing) {
            await vscode.window.showTextDocument(vscode.Uri.joinPath(session.root.uri, stored.path), besidePanel(open));
          }
        });
        break;
      case 'openIncident':
        reporter.run(vscode.l10n.t('Opening the incident'), async () => {
          const session = await root.require();
          const incident = session.index.item(open.uid);
          if (incident) {
            await vscode.window.showTextDocument(await documentOf(session, incident), besidePanel(open));
          }
        });
        break;
      case 'run':
        if (message.command === 'showProblems') vscode.commands.executeCommand('workbench.actions.view.problems');
        else vscode.commands.executeCommand(commandOf[message.command], open.uid);
        break;
      case 'openLink':
        reporter.run(vscode.l10n.t('Opening the link'), async () => {
          await vscode.env.openExternal(vscode.Uri.parse(message.href, true));
        });
        break;
    }
  }

  /** Does something to the incident of a panel. What goes wrong is said as every other error is. */
  #act(open: OpenPanel, what: string, act: (session: OpenSession, incident: Incident) => Promise<unknown>): void {
    this.#options.reporter.run(what, async () => act(...(await this.#incident(open))));
  }

  /** Writes for a page that waits: what goes wrong is said there, beside the words; here it only goes to the log. */
  #write(
    open: OpenPanel,
    request: number,
    write: (session: OpenSession, incident: Incident) => Promise<unknown>,
  ): void {
    this.#answer(open, request, async (session, incident) => {
      await write(session, incident);
      return { type: 'written', request };
    });
  }

  #attach(
    open: OpenPanel,
    request: number,
    attach: (session: OpenSession, incident: Incident) => Promise<string | undefined>,
  ): void {
    this.#answer(open, request, async (session, incident) => {
      const markdown = await attach(session, incident);
      return markdown === undefined ? { type: 'dropped', request } : { type: 'attached', markdown, request };
    });
  }

  #answer(
    open: OpenPanel,
    request: number,
    act: (session: OpenSession, incident: Incident) => Promise<ToWebview>,
  ): void {
    this.#options.reporter.background('Writing from the timeline', async () => {
      try {
        await post(open, await act(...(await this.#incident(open))));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        await post(open, { type: 'failed', message, request });
        throw error;
      }
    });
  }

  /** @throws FirebreakError `untrusted`, `noFolder`, `notFound` */
  async #incident(open: OpenPanel): Promise<[OpenSession, Incident]> {
    const session = await this.#options.root.requireTrusted();
    const incident = session.index.item(open.uid);
    if (!incident || !isIncident(incident)) {
      throw new FirebreakError('notFound', vscode.l10n.t('The incident is not in this folder any more.'));
    }
    return [session, incident];
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
    for (const { panel } of this.#panels.values()) panel.dispose();
  }
}

function imagesOf(session: OpenSession | undefined, uid: string): vscode.Uri | undefined {
  const incident = session?.index.item(uid);
  if (!session || !incident || !isIncident(incident)) return undefined;
  return vscode.Uri.joinPath(session.root.uri, ...attachmentsFolder(incident).split('/'));
}

/** @throws FirebreakError `notFound` */
async function entryOf(session: OpenSession, incident: Incident, id: string): Promise<TimelineEvent> {
  const stored = (await session.index.timeline(incident.uid)).find(({ event }) => event.id === id);
  if (stored) return stored.event;
  throw new FirebreakError('notFound', vscode.l10n.t('The entry is not on the timeline any more.'));
}

async function post(open: OpenPanel, message: ToWebview): Promise<void> {
  await open.panel.webview.postMessage(message);
}

/** Another column than the panel's, so that the timeline stays in view. */
function besidePanel(open: OpenPanel): vscode.TextDocumentShowOptions {
  const beside = vscode.window.tabGroups.all.find((group) => group.viewColumn !== open.panel.viewColumn);
  return { viewColumn: beside?.viewColumn ?? vscode.ViewColumn.Beside, preview: true };
}
