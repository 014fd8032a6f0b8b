import * as vscode from 'vscode';
import { isOpenIncident } from '../../core/item.ts';
import { readRunbook } from '../../documents/runbook.ts';
import { stepKey, tickedSteps } from '../../services/runbooks.ts';
import type { CommandId } from '../contributions.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import { relativePath } from '../session/rootWatch.ts';

const { t } = vscode.l10n;

/** Above each step of a runbook, while an incident is open: whether it was done for it, and the way to say so. */
export class RunbookCodeLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #shown: () => string | undefined;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #own: vscode.Disposable[];
  readonly onDidChangeCodeLenses = this.#changed.event;

  /** @param shown the uid of the incident whose timeline panel is active */
  constructor(root: OpenRoot, shown: () => string | undefined) {
    this.#root = root;
    this.#shown = shown;
    const refresh = () => this.#changed.fire();
    const selector = { language: 'markdown', scheme: 'file', pattern: '**/runbooks/*.md' };
    this.#own = [
      this.#changed,
      root.onDidOpen(refresh),
      root.onDidChange(refresh),
      vscode.languages.registerCodeLensProvider(selector, this),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const session = this.#root.session;
    const path = session && relativePath(session.root.uri, document.uri);
    if (!session?.canAct || path === undefined || !/^runbooks\/[^/]+\.md$/i.test(path)) return [];
    const open = session.index.items().filter(isOpenIncident);
    if (open.length === 0) return [];
    const shown = this.#shown();
    const incident = open.length === 1 ? open[0] : open.find(({ uid }) => uid === shown);
    const events = incident ? (session.index.loadedEvents(incident.uid) ?? []).map(({ event }) => event) : [];
    const ticked = tickedSteps(events);
    const command: CommandId = 'firebreak.tickStep';
    return readRunbook(path, document.getText()).steps.map((step) => {
      const by = ticked.get(stepKey(path, step));
      const range = new vscode.Range(step.line, 0, step.line, 0);
      if (by) {
        const time = new Date(by.at).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
        return new vscode.CodeLens(range, {
          title: `$(pass-filled)\u00a0${t('Done by {0}, {1}', by.by, time)}`,
          command: '',
        });
      }
      const title = incident ? t('Tick for {0}', incident.title) : t('Tick for an incident…');
      const given = [incident ? { uid: incident.uid } : undefined, path, step.number];
      return new vscode.CodeLens(range, { title: `$(circle-large-outline)\u00a0${title}`, command, arguments: given });
    });
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}
