import * as vscode from 'vscode';
import { isActiveIncident, isOpenIncident } from '../core/item.ts';
import { clocksOf, clockText, dueText, elapsedText } from './clockText.ts';
import type { ReminderStanding } from './reminderStanding.ts';
import type { OpenRoot } from './session/openRoot.ts';
import type { Ticker } from './ticker.ts';
import { byUrgency } from './views/backlogGroups.ts';
import { clockNames, phaseNames } from './words.ts';

const { t } = vscode.l10n;

/** The one status-bar item: the most urgent open incident with its clocks, or the way to declare one. */
export class StatusBar implements vscode.Disposable {
  readonly #root: OpenRoot;
  readonly #reminders: ReminderStanding;
  readonly #item = vscode.window.createStatusBarItem('firebreak.status', vscode.StatusBarAlignment.Left, 50);
  readonly #own: vscode.Disposable[];

  constructor(root: OpenRoot, ticker: Ticker, reminders: ReminderStanding) {
    this.#root = root;
    this.#reminders = reminders;
    this.#item.name = 'Firebreak';
    const show = () => this.#show();
    this.#own = [
      this.#item,
      root.onDidOpen(show),
      root.onDidChange(show),
      ticker.onDidTick(show),
      reminders.onDidChange(show),
    ];
  }

  #show(): void {
    const session = this.#root.session;
    if (!session) {
      this.#item.hide();
      return;
    }
    const open = session.index.items().filter(isOpenIncident).sort(byUrgency);
    const shown = open.find(isActiveIncident) ?? open[0];
    if (!shown) {
      this.#item.text = '$(flame)';
      const { isTrusted } = vscode.workspace;
      this.#item.tooltip = isTrusted
        ? t('Firebreak: no incident is open. Click to declare a P0.')
        : t('Firebreak: no incident is open. In Restricted Mode none can be declared.');
      this.#item.accessibilityInformation = {
        label: isTrusted
          ? t('Firebreak: no open incident. Declare P0')
          : t('Firebreak: no open incident. Restricted Mode'),
      };
      this.#item.command = 'firebreak.declare';
      this.#item.backgroundColor = undefined;
      this.#item.show();
      return;
    }
    const now = session.now();
    const clocks = clocksOf(session, shown);
    const due = dueText(clocks, now);
    const more = open.length > 1 ? ` +${open.length - 1}` : '';
    const elapsed = elapsedText(clocks, now);
    const reminders = this.#reminders.lines;
    const bell = reminders.length > 0 ? ` $(bell-dot) ${reminders.length}` : '';
    this.#item.text = `$(flame) ${[[shown.severity, elapsed].filter(Boolean).join(' '), due].filter(Boolean).join(' · ')}${more}${bell}`;
    const tooltip = new vscode.MarkdownString(undefined, true);
    for (const line of reminders) tooltip.appendMarkdown('$(bell-dot) ').appendText(line).appendMarkdown('  \n');
    if (reminders.length > 0) tooltip.appendMarkdown('\n');
    for (const incident of open) {
      tooltip.appendMarkdown('**').appendText(`${incident.severity} ${incident.title}`).appendMarkdown('**  \n');
      tooltip.appendText(`${incident.id} · ${phaseNames[incident.incident.phase]}`).appendMarkdown('\n\n');
      for (const clock of clocksOf(session, incident)) {
        if (clock.dueAt !== null) {
          tooltip.appendText(`${clockNames[clock.kind]}: ${clockText(clock, now)}`).appendMarkdown('  \n');
        }
      }
      tooltip.appendMarkdown('\n');
    }
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = {
      label: `Firebreak: ${[shown.severity, shown.title, phaseNames[shown.incident.phase], due, ...reminders].filter(Boolean).join(', ')}`,
    };
    this.#item.command = 'firebreak.incidentActions';
    this.#item.backgroundColor = open.some((incident) => incident.severity === 'P0' && isActiveIncident(incident))
      ? new vscode.ThemeColor('statusBarItem.errorBackground')
      : undefined;
    this.#item.show();
  }

  dispose(): void {
    for (const disposable of this.#own) disposable.dispose();
  }
}
