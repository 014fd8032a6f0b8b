import * as vscode from 'vscode';
import { alertLinks, alertTitle, type ProposedSeverity, severityOfAlert } from '../../core/alert.ts';
import { FirebreakError } from '../../core/errors.ts';
import { type Incident, isOpenIncident } from '../../core/item.ts';
import type { Log } from '../../core/ports/environment.ts';
import type { SecretMask } from '../../core/ports/secretMask.ts';
import { watchedAlerts } from '../../core/watchedAlerts.ts';
import { AlertDesk } from '../../services/alerts/alertDesk.ts';
import { proposalOf, takenFromAlert } from '../../services/alerts/declarationOfAlert.ts';
import { declareIncident } from '../../services/declareIncident.ts';
import { chooseIncident } from '../commands/chooseIncident.ts';
import { askDeclaration } from '../commands/declareFlow.ts';
import type { CommandId } from '../contributions.ts';
import { askOne } from '../multiStep.ts';
import type { Reporter } from '../reporter.ts';
import type { Lock } from '../room/reminderScheduler.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { severityIcon } from '../severityIcon.ts';
import type { Ticker } from '../ticker.ts';
import { facts, labelLine, plain } from './alertRows.ts';
import { type AlertTarget, alertmanagerUrl, type CreateAlertSource, openAlertTarget } from './alertTarget.ts';
import { AlertTokens } from './alertTokens.ts';
import { isAlertTrouble, tellTrouble } from './alertTrouble.ts';
import { AlertWatch } from './alertWatch.ts';
import type { AlertCommand } from './lazyAlertsUi.ts';
import { type OnPicked, type PickedAlert, pickAlert } from './pickAlert.ts';

const { t } = vscode.l10n;

export interface AlertsUiOptions {
  readonly root: OpenRoot;
  readonly ticker: Ticker;
  readonly reporter: Reporter;
  readonly log: Log;
  readonly secrets: vscode.SecretStorage;
  /** The uid of the incident whose timeline panel is active. */
  readonly shown: () => string | undefined;
  readonly createSource: CreateAlertSource;
  readonly mask: SecretMask;
  /** What one process of all has at a time, waited for a moment. */
  readonly lock: (session: OpenSession, name: string) => Promise<Lock | undefined>;
}

type Handler = (argument: unknown) => Promise<void>;

/** What people see of alerts: the list, declaring from one, attaching one, and what becomes of them. */
export class AlertsUi implements vscode.Disposable {
  readonly #options: AlertsUiOptions;
  readonly #tokens: AlertTokens;
  readonly #watch: AlertWatch;
  #desk: { readonly session: OpenSession; readonly desk: AlertDesk } | undefined;
  readonly handlers: Readonly<Record<AlertCommand, Handler>>;

  constructor(options: AlertsUiOptions) {
    this.#options = options;
    this.#tokens = new AlertTokens(options.secrets);
    const { root, ticker, reporter, log } = options;
    const remedies = { setToken: () => this.#setToken() };
    this.#watch = new AlertWatch({
      root,
      ticker,
      reporter,
      log,
      target: () => this.#target(),
      deskOf: (session) => this.#deskOf(session),
      tell: (error, also) => tellTrouble(error, also, remedies),
    });
    /** What keeps alerts from being had is told with what helps, and not as a failure of the command. */
    const helped =
      (act: Handler): Handler =>
      async (argument) => {
        try {
          await act(argument);
        } catch (error) {
          if (!isAlertTrouble(error)) throw error;
          log.warn(error.message);
          reporter.background('Telling of alerts', () => tellTrouble(error, '', remedies));
        }
      };
    this.handlers = {
      'firebreak.showAlerts': helped(() => this.#show()),
      'firebreak.declareFromAlert': helped(async () => {
        const session = await root.requireTrusted();
        const target = await this.#target();
        const title = t('Declare from Alert');
        await this.#pick(session, target, title, t('Which alert?'), (picked) => this.#declare(session, target, picked));
      }),
      'firebreak.attachAlert': helped(async (argument) => {
        const session = await root.requireTrusted();
        const title = t('Attach Alert');
        const incident = await chooseIncident(session, argument, { title, shown: options.shown() });
        const target = await this.#target();
        const placeholder = t('What it does is recorded in {0} from now on.', incident.id);
        await this.#pick(session, target, title, placeholder, (picked) =>
          this.#attach(session, target, incident, picked),
        );
      }),
      'firebreak.setAlertmanagerToken': helped(async () => {
        requireTrust();
        await this.#setToken();
      }),
      'firebreak.removeAlertmanagerToken': helped(async () => {
        requireTrust();
        await this.#tokens.remove(alertmanagerUrl());
        this.#watch.lookNow();
        vscode.window.setStatusBarMessage(`$(check) ${t('The stored Alertmanager token is removed.')}`, 5_000);
      }),
    };
  }

  #target(): Promise<AlertTarget> {
    return openAlertTarget(this.#tokens, this.#options.createSource);
  }

  #deskOf(session: OpenSession): AlertDesk | undefined {
    if (this.#desk?.session === session) return this.#desk.desk;
    const { context, privateFiles } = session;
    if (!session.canAct || !privateFiles) return undefined;
    const { mask, lock } = this.#options;
    const desk = new AlertDesk({ context, privateFiles, mask, lock: () => lock(session, 'alerts') });
    this.#desk = { session, desk };
    return desk;
  }

  #pick(
    session: OpenSession,
    { source }: AlertTarget,
    title: string,
    placeholder: string,
    act: OnPicked,
  ): Promise<void> {
    const incidents = () => new Map([...followed(session)].map(([alert, { id }]) => [alert, id]));
    const policy = () => session.index.policy().alerts;
    return pickAlert({ title, placeholder, read: () => source.active(), incidents, policy, now: session.now }, act);
  }

  async #show(): Promise<void> {
    const { root } = this.#options;
    requireTrust();
    const session = await root.require();
    const target = await this.#target();
    const placeholder = t('Enter shows what can be done with one.');
    await this.#pick(session, target, t('Active Alerts'), placeholder, (picked) =>
      this.#choose(session, target, picked),
    );
  }

  /** What can be done with an alert. */
  async #choose(session: OpenSession, target: AlertTarget, picked: PickedAlert): Promise<void> {
    const { alert } = picked;
    const own = followed(session).get(alert.fingerprint);
    const open = session.index.items().filter(isOpenIncident);
    const words = {
      runbook: t('Open Runbook'),
      dashboard: t('Open Dashboard'),
      source: t('Open Graph'),
      other: t('Open Link'),
    };
    const timeline = (incident: Incident) => ({
      label: t('Open Timeline'),
      iconPath: new vscode.ThemeIcon('history'),
      description: incident.id,
      detail: incident.title,
      act: async () => vscode.commands.executeCommand('firebreak.openTimeline' satisfies CommandId, incident.uid),
    });
    const proposed = severityOfAlert(alert, session.index.policy().alerts);
    const declare = {
      label: t('Declare from Alert…'),
      iconPath: severityIcon(proposed),
      description: t('{0} proposed', proposed),
      detail: plain(alertTitle(alert), 200),
      act: async () => this.#declare(await this.#options.root.requireTrusted(), target, picked),
    };
    const attach = open
      .filter(({ uid }) => uid !== own?.uid)
      .map((incident) => ({
        label: t('Attach to {0}', incident.id),
        iconPath: new vscode.ThemeIcon('link'),
        description: incident.severity,
        detail: incident.title,
        act: async () => this.#attach(await this.#options.root.requireTrusted(), target, incident, picked),
      }));
    const links = alertLinks(alert).map(({ kind, name, url }) => ({
      label: words[kind],
      iconPath: new vscode.ThemeIcon('link-external'),
      description: kind === 'other' ? plain(name, 60) : '',
      detail: plain(url, 200),
      act: async () => vscode.env.openExternal(vscode.Uri.parse(url, true)),
    }));
    const copy = {
      label: t('Copy Labels'),
      iconPath: new vscode.ThemeIcon('copy'),
      detail: plain(labelLine(alert), 200),
      act: async () =>
        vscode.env.clipboard.writeText(
          [...alert.labels].map(([name, value]) => `${name}=${JSON.stringify(value)}`).join('\n'),
        ),
    };
    const chosen = await askOne<vscode.QuickPickItem & { act: () => Promise<unknown> }>({
      title: plain(alert.name, 120),
      placeholder: facts(alert, picked.at).join(' · '),
      items: [...(own ? [timeline(own)] : []), declare, ...attach, ...links, copy],
    });
    await chosen.act();
  }

  async #declare(session: OpenSession, target: AlertTarget, { alert, at }: PickedAlert): Promise<void> {
    const { mask } = this.#options;
    const proposal = await proposalOf(alert, session.index.policy().alerts, mask);
    const input = await askDeclaration(undefined, session.context.author(), {
      flowTitle: t('Declare from Alert'),
      title: proposal.title,
      severity: proposal.severity,
      reason: reasonOf(proposal),
      service: proposal.service ?? '',
    });
    const taken = await takenFromAlert(alert, mask, session.context.now());
    const incident = await declareIncident(session.context, { ...taken, ...input });
    await this.#deskOf(session)?.saw(alert, target.url, at);
    await vscode.commands.executeCommand('firebreak.openTimeline' satisfies CommandId, incident.uid);
  }

  async #attach(
    session: OpenSession,
    target: AlertTarget,
    incident: Incident,
    { alert, at }: PickedAlert,
  ): Promise<void> {
    const desk = this.#deskOf(session);
    if (!desk) throw new FirebreakError('readOnly', t('There is no place here to remember that.'));
    if (followed(session).get(alert.fingerprint)?.uid === incident.uid) {
      throw new FirebreakError('invalidInput', t('{0} follows this alert already.', incident.id));
    }
    await desk.attach(incident, alert, target.url, at);
    vscode.window.setStatusBarMessage(
      `$(check) ${t('{0} is attached to {1}.', plain(alert.name, 100), incident.id)}`,
      5_000,
    );
  }

  async #setToken(): Promise<void> {
    const url = alertmanagerUrl();
    const token = await vscode.window.showInputBox({
      title: t('Set Alertmanager Token'),
      prompt: t(
        'A bearer token, or user:password. It is kept in the secret storage and sent to {0} alone.',
        new URL(url).origin,
      ),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) =>
        /^[\x21-\x7e]*$/.test(text.trim()) || text.includes(':')
          ? undefined
          : t('A token has no blanks or other characters.'),
    });
    if (!token?.trim()) return;
    await this.#tokens.set(url, token.trim());
    this.#watch.lookNow();
  }

  dispose(): void {
    this.#watch.dispose();
  }
}

/** Why a severity is proposed, for the one who decides. */
function reasonOf({ severity, said, isPolicy }: ProposedSeverity): string {
  if (said === undefined) return t('The alert names no severity.');
  return isPolicy
    ? t('The alert says "{0}": {1} by your policy.', plain(said, 120), severity)
    : t('The alert says "{0}".', plain(said, 60));
}

/** Looking at alerts changes nothing in the folder, so that no private state is made for it. @throws FirebreakError `untrusted` */
function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new FirebreakError(
    'untrusted',
    t('This folder is in Restricted Mode: no Alertmanager is asked until you trust it.'),
  );
}

/** The open incidents by the fingerprints of their alerts. */
function followed({ index }: OpenSession): ReadonlyMap<string, Incident> {
  const incidents = new Map<string, Incident>();
  for (const item of index.items()) {
    if (!isOpenIncident(item)) continue;
    const events = (index.loadedEvents(item.uid) ?? []).map(({ event }) => event);
    for (const { fingerprint } of watchedAlerts(events)) incidents.set(fingerprint, item);
  }
  return incidents;
}
