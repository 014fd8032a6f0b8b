import * as vscode from 'vscode';
import { type Incident, isIncident, isOpenIncident } from '../core/item.ts';
import { nextPhase } from '../core/phase.ts';
import { clocksOf } from './clockText.ts';
import type { CommandId } from './contributions.ts';
import type { OpenRoot, OpenSession } from './session/openRoot.ts';
import { relativePath } from './session/rootWatch.ts';
import { phaseNames } from './words.ts';

const { t } = vscode.l10n;

/** What can be done for an incident, or about a conflict, above the first line of a document. */
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
        { language: 'markdown', scheme: 'file', pattern: '**/{incidents/*/incident.md,backlog/**/*.md}' },
        this,
      ),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const session = this.#root.session;
    const path = session && relativePath(session.root.uri, document.uri);
    const item = path === undefined ? undefined : session?.index.itemAt(path);
    if (!session || !item) return [];
    const lens = (title: string, command: CommandId) =>
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, arguments: [item.uid] });
    const ways = vscode.workspace.isTrusted && item.conflicts.length > 0 ? conflictLenses(lens) : [];
    return isIncident(item) ? [...ways, ...incidentLenses(session, item, lens)] : ways;
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}

type Lens = (title: string, command: CommandId) => vscode.CodeLens;

function conflictLenses(lens: Lens): vscode.CodeLens[] {
  return [
    lens(`$(warning)\u00a0${t('Resolve Conflict with GitHub')}`, 'firebreak.resolveConflict'),
    lens(t('Keep Mine'), 'firebreak.keepMine'),
    lens(t("Keep GitHub's"), 'firebreak.keepGitHubs'),
  ];
}

function incidentLenses(session: OpenSession, incident: Incident, lens: Lens): vscode.CodeLens[] {
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
