import * as vscode from 'vscode';
import { isIncident, isOpenIncident } from '../core/item.ts';
import { nextPhase } from '../core/phase.ts';
import { clocksOf } from './clockText.ts';
import type { CommandId } from './contributions.ts';
import type { OpenRoot } from './session/openRoot.ts';
import { relativePath } from './session/rootWatch.ts';
import { phaseNames } from './words.ts';

const { t } = vscode.l10n;

/** What can be done for an incident, above the first line of its document. */
export class IncidentCodeLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #own: vscode.Disposable[];
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(root: OpenRoot) {
    this.#root = root;
    const refresh = () => this.#changed.fire();
    this.#own = [
      this.#changed,
      root.onDidOpen(refresh),
      root.onDidChange(refresh),
      vscode.languages.registerCodeLensProvider(
        { language: 'markdown', scheme: 'file', pattern: '**/incidents/*/incident.md' },
        this,
      ),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const session = this.#root.session;
    const path = session && relativePath(session.root.uri, document.uri);
    const incident = path === undefined ? undefined : session?.index.itemAt(path);
    if (!session || !incident || !isIncident(incident)) return [];
    const lens = (title: string, command: CommandId) =>
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, arguments: [incident.uid] });
    const lenses = [lens(`$(history)\u00a0${t('Timeline')}`, 'firebreak.openTimeline')];
    if (!vscode.workspace.isTrusted) return lenses;
    if (isOpenIncident(incident)) {
      const acknowledged = clocksOf(session, incident).some(
        (clock) => clock.kind === 'acknowledge' && clock.stoppedAt !== null,
      );
      if (!acknowledged) lenses.push(lens(`$(check)\u00a0${t('Acknowledge')}`, 'firebreak.acknowledge'));
      lenses.push(lens(`$(megaphone)\u00a0${t('Status Update')}`, 'firebreak.draftStatusUpdate'));
    }
    const next = nextPhase(incident.incident.phase);
    const phase = phaseNames[incident.incident.phase];
    lenses.push(
      lens(
        next ? `${t('Phase')}: ${phase} \u2192 ${phaseNames[next]}\u2026` : `${t('Phase')}: ${phase}`,
        'firebreak.changePhase',
      ),
    );
    if (isOpenIncident(incident)) lenses.push(lens(t('More\u2026'), 'firebreak.incidentActions'));
    return lenses;
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}
