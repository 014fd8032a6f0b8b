import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { IssueLink } from '../../core/github.ts';
import { type Incident, isIncident } from '../../core/item.ts';
import { parseFromWebview, type TimelineCommand, type ToWebview } from '../../protocol/timelineMessages.ts';
import { parseTimelinePanelState } from '../../protocol/timelinePanelState.ts';
import { recordEvent } from '../../services/recordEvent.ts';
import { documentOf } from '../commands/chooseIncident.ts';
import type { CommandId } from '../contributions.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import { timelineView } from './timelineView.ts';

const viewType = 'firebreak.timeline';

const commandOf: Readonly<Record<Exclude<TimelineCommand, 'showProblems'>, CommandId>> = {
  acknowledge: 'firebreak.acknowledge',
  changePhase: 'firebreak.changePhase',
  changeSeverity: 'firebreak.changeSeverity',
  assignRole: 'firebreak.assignRole',
  postStatusUpdate: 'firebreak.draftStatusUpdate',
  recordDecision: 'firebreak.recordDecision',
  restore: 'firebreak.restoreMissing',
  openOnGitHub: 'firebreak.openOnGitHub',
};

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly uid: string;
  /** The page listens; before that, messages would be lost. */
  ready: boolean;
}

export interface TimelinePanelsOptions {
  readonly extensionUri: vscode.Uri;
  readonly root: OpenRoot;
  readonly reporter: Reporter;
  readonly issueUrl: (link: IssueLink) => string;
}

/** The timeline panels: at most one for each incident, live, and restored after a reload by the incident's identity. */
export class TimelinePanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #options: TimelinePanelsOptions;
  readonly #panels = new Map<string, OpenPanel>();
  readonly #own: vscode.Disposable[];

  constructor(options: TimelinePanelsOptions) {
    this.#options = options;
    const { root } = options;
    this.#own = [
      vscode.window.registerWebviewPanelSerializer(viewType, this),
      root.onDidOpen(() => this.#showAll()),
      root.onDidChange((change) => {
        for (const open of this.#panels.values()) {
          if (change.uids.has(open.uid) || change.problems || change.policy) this.#send(open);
        }
      }),
    ];
  }

  /** The uid of the incident whose panel has the focus. */
  get activeUid(): string | undefined {
    for (const open of this.#panels.values()) if (open.panel.active) return open.uid;
    return undefined;
  }

  /** Shows an incident's panel, beside what is being edited when it is new. */
  open(incident: Incident): void {
    const existing = this.#panels.get(incident.uid);
    if (existing) {
      existing.panel.reveal();
      return;
    }
    const editing = vscode.window.activeTextEditor !== undefined;
    const panel = vscode.window.createWebviewPanel(
      viewType,
      incident.title,
      editing ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
    );
    this.#adopt(panel, incident.uid);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const known = parseTimelinePanelState(state);
    if (!known || this.#panels.has(known.uid)) {
      panel.dispose();
      return;
    }
    this.#adopt(panel, known.uid);
  }

  #adopt(panel: vscode.WebviewPanel, uid: string): void {
    const { extensionUri } = this.#options;
    const open: OpenPanel = { panel, uid, ready: false };
    this.#panels.set(uid, open);
    const webviewFolder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewFolder] };
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'firebreak-tab.svg');
    panel.onDidDispose(() => this.#panels.delete(uid));
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(open, message));
    panel.webview.html = page(panel.webview, webviewFolder);
  }

  #showAll(): void {
    for (const open of this.#panels.values()) this.#send(open);
  }

  #send(open: OpenPanel): void {
    if (!open.ready) return;
    this.#options.reporter.background('Showing a timeline', async () => {
      const session = this.#options.root.session;
      const incident = session?.index.item(open.uid);
      if (!session || !incident || !isIncident(incident)) {
        await post(open, { type: 'gone' });
        return;
      }
      open.panel.title = `${incident.severity} ${incident.title}`;
      const readOnly = !vscode.workspace.isTrusted;
      await post(open, {
        type: 'incident',
        incident: await timelineView(session, incident, { readOnly, issueUrl: this.#options.issueUrl }),
      });
    });
  }

  #receive(open: OpenPanel, raw: unknown): void {
    const message = parseFromWebview(raw);
    if (!message) return;
    const { root, reporter } = this.#options;
    switch (message.type) {
      case 'ready':
        open.ready = true;
        this.#send(open);
        break;
      case 'addNote':
        reporter.background('Adding a note from the timeline', () =>
          this.#addNote(open, message.text, message.request),
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

  async #addNote(open: OpenPanel, text: string, request: number): Promise<void> {
    try {
      const session = await this.#options.root.requireTrusted();
      const incident = session.index.item(open.uid);
      if (!incident || !isIncident(incident)) {
        throw new FirebreakError('notFound', vscode.l10n.t('The incident is not in this folder any more.'));
      }
      await recordEvent(session.context, incident, 'note', text);
      await post(open, { type: 'noteAdded', request });
    } catch (error) {
      // The page says it beside the words that could not be written; here it only goes to the log.
      const message = error instanceof Error ? error.message : String(error);
      await post(open, { type: 'failed', message, request });
      throw error;
    }
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
    for (const { panel } of this.#panels.values()) panel.dispose();
  }
}

async function post(open: OpenPanel, message: ToWebview): Promise<void> {
  await open.panel.webview.postMessage(message);
}

/** Another column than the panel's, so that the timeline stays in view. */
function besidePanel(open: OpenPanel): vscode.TextDocumentShowOptions {
  const beside = vscode.window.tabGroups.all.find((group) => group.viewColumn !== open.panel.viewColumn);
  return { viewColumn: beside?.viewColumn ?? vscode.ViewColumn.Beside, preview: true };
}

function page(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const at = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${at('timeline.css')}">
<title>Timeline</title>
</head>
<body>
<script nonce="${nonce}" src="${at('timeline.js')}"></script>
</body>
</html>`;
}
