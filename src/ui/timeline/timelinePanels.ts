import * as vscode from 'vscode';
import type { Incident } from '../../core/item.ts';
import type { LivePanels } from './livePanels.ts';

const viewType = 'firebreak.timeline';

/** The timeline panels, as far as a start of VS Code needs them: the rest is loaded with the first panel. */
export class TimelinePanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #load: () => LivePanels;
  readonly #serializer: vscode.Disposable;
  #loaded: LivePanels | undefined;

  constructor(load: () => LivePanels) {
    this.#load = load;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(viewType, this);
  }

  /** The uid of the incident whose panel has the focus. */
  get activeUid(): string | undefined {
    return this.#loaded?.activeUid;
  }

  /** Shows an incident's panel, beside what is being edited when it is new. */
  open(incident: Incident): void {
    const live = this.#live();
    if (live.reveal(incident.uid)) return;
    const editing = vscode.window.activeTextEditor !== undefined;
    const column = editing ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    live.adopt(vscode.window.createWebviewPanel(viewType, incident.title, column), incident.uid);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    this.#live().restore(panel, state);
  }

  #live(): LivePanels {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  dispose(): void {
    this.#loaded?.dispose();
    this.#serializer.dispose();
  }
}
