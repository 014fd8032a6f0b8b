import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import { type ActionValues, offeredIn, type RunnableAction } from '../../core/runnableAction.ts';
import type { RunEvent } from '../../core/timelineEvent.ts';
import { approve, isApproved } from '../../services/actions/approvals.ts';
import { findActions } from '../../services/actions/findActions.ts';
import { freezeOf } from '../../services/actions/freeze.ts';
import { type ActionPorts, commandOf, settleRuns, startAction } from '../../services/actions/runAction.ts';
import { chooseIncident } from '../commands/chooseIncident.ts';
import type { CommandId } from '../contributions.ts';
import { askOne, inputStep, pickStep, runSteps } from '../multiStep.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import type { TimelinePanels } from '../timeline/timelinePanels.ts';
import { phaseNames } from '../words.ts';
import { ActionTerminal } from './actionTerminal.ts';

const { t } = vscode.l10n;

export interface ActionCommandsOptions {
  readonly root: OpenRoot;
  readonly panels: TimelinePanels;
  readonly portsOf: (session: OpenSession) => ActionPorts;
}

const icons: Readonly<Record<RunnableAction['kind'], string>> = {
  evidence: 'archive',
  mitigation: 'tools',
  check: 'pulse',
  other: 'terminal',
};

/** Mitigations, checks and evidence: chosen, shown, run in a terminal, and written into the timeline by themselves. */
export function runActionCommand({ root, panels, portsOf }: ActionCommandsOptions) {
  return {
    'firebreak.runAction': async (argument: unknown, actionId?: unknown) => {
      const session = await root.requireTrusted();
      const title = t('Run Action');
      const incident = await chooseIncident(session, argument, { title, shown: panels.activeUid });
      const ports = portsOf(session);
      await settleRuns(session.context, ports);
      const actions = await findActions(session.files, session.index.policy());
      const named = typeof actionId === 'string' ? actions.find(({ id }) => id === actionId) : undefined;
      if (typeof actionId === 'string' && !named) {
        throw new FirebreakError('notFound', t('There is no action "{0}" here any more.', actionId));
      }
      await runNamed(
        session,
        ports,
        incident,
        named ?? (await chooseAction(incident, actions.filter(await isOfUse(session, incident)))),
      );
    },
  } satisfies Partial<Record<CommandId, (...parameters: unknown[]) => Promise<void>>>;
}

/** Asks what an action needs, shows what is risky or was never seen, and runs it. @throws FirebreakError `cancelled` */
export async function runNamed(
  session: OpenSession,
  ports: ActionPorts,
  incident: Incident,
  action: RunnableAction,
): Promise<void> {
  const values = await askValues(action);
  const command = commandOf(action, values, ports.processes);
  await confirm(session, action, command);
  const request = { incident, action, values, command };
  if (command === undefined && action.collect.length === 0) {
    const { recorded } = await startAction(session.context, ports, request, () => undefined);
    tell(action, await recorded);
    return;
  }
  const terminal = new ActionTerminal(
    (onOutput) => startAction(session.context, ports, request, onOutput),
    (ended) => tell(action, ended),
  );
  const task = new vscode.Task(
    { type: 'firebreak', action: action.id },
    vscode.TaskScope.Workspace,
    action.title,
    'Firebreak',
    new vscode.CustomExecution(async () => terminal),
  );
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.New,
    showReuseMessage: false,
  };
  await vscode.tasks.executeTask(task);
}

function tell(action: RunnableAction, ended: RunEvent | Error): void {
  if (ended instanceof Error) {
    void vscode.window.showErrorMessage(t('{0} was not written into the timeline: {1}', action.title, ended.message));
  } else if (ended.exit === 0) {
    vscode.window.setStatusBarMessage(`$(check) ${t('{0}: done, and in the timeline.', action.title)}`, 8_000);
  } else if (ended.exit !== undefined) {
    void vscode.window.showWarningMessage(
      t('{0} failed with exit code {1}. The timeline has the last of its output.', action.title, ended.exit),
    );
  }
}

/** A freeze is set while there is none, and lifted while there is one; what has a command of its own is always of use. */
async function isOfUse(session: OpenSession, incident: Incident): Promise<(action: RunnableAction) => boolean> {
  const frozen = freezeOf((await session.index.events(incident.uid)).map(({ event }) => event)) !== undefined;
  return ({ source, freeze }) => source !== 'built-in' || (freeze === 'lift') === frozen;
}

interface ActionPick extends vscode.QuickPickItem {
  readonly action?: RunnableAction;
}

async function chooseAction(incident: Incident, actions: readonly RunnableAction[]): Promise<RunnableAction> {
  const { phase } = incident.incident;
  const { evidence, now, others } = offeredIn(phase, actions);
  const items: ActionPick[] = [
    ...section(t('Evidence, before something destroys it'), evidence),
    ...section(t('For {0}', phaseNames[phase]), now),
    ...section(t('Others'), others),
  ];
  const picked = await askOne({
    title: t('Run Action for {0}', incident.title),
    placeholder: t('What is to be run? The command is shown before anything risky runs.'),
    items,
  });
  if (!picked.action) throw new FirebreakError('cancelled', 'Cancelled.');
  return picked.action;
}

function section(label: string, actions: readonly RunnableAction[]): ActionPick[] {
  if (actions.length === 0) return [];
  return [
    { label, kind: vscode.QuickPickItemKind.Separator },
    ...actions.map((action) => ({
      action,
      label: `$(${icons[action.kind]}) ${action.title}`,
      description: action.command ?? (action.collect.length > 0 ? action.collect.join(', ') : ''),
    })),
  ];
}

async function askValues(action: RunnableAction): Promise<ActionValues> {
  const values: Record<string, string> = {};
  const totalSteps = action.parameters.length;
  await runSteps(
    action.parameters.map((parameter, index) => async () => {
      const { name, options, required } = parameter;
      const place = { title: action.title, step: index + 1, totalSteps };
      const value = values[name] ?? parameter.default ?? '';
      if (options.length > 0) {
        const items = options.map((label) => ({ label }));
        const active = items.find(({ label }) => label === value);
        const result = await pickStep({ ...place, placeholder: parameter.title, items, active });
        if (result === 'back') return false;
        values[name] = result.value.label;
        return true;
      }
      const result = await inputStep({
        ...place,
        prompt: required ? parameter.title : t('{0}; may be empty', parameter.title),
        value,
        check: (text) => (required && text === '' ? t('It needs a value.') : undefined),
      });
      if (result === 'back') return false;
      values[name] = result.value;
      return true;
    }),
  );
  return values;
}

/** @throws FirebreakError `cancelled` */
async function confirm(session: OpenSession, action: RunnableAction, command: string | undefined): Promise<void> {
  if (command === undefined && action.risk === 'low') return;
  const isKnown = await isApproved(session.privateFiles, action);
  if (!isKnown || action.risk === 'high') {
    const run = t('Run');
    const detail = [
      command ?? '',
      action.cwd === '' ? '' : t('In the folder {0}.', action.cwd),
      action.behind === '' ? '' : `${t('That is:')}\n${action.behind.split('\n').slice(0, 12).join('\n')}`,
      action.confirm ?? '',
    ];
    const question = isKnown
      ? t('Run "{0}"?', action.title)
      : t('Run "{0}"? It was never run from here.', action.title);
    const answer = await vscode.window.showWarningMessage(
      question,
      { modal: true, detail: detail.filter((part) => part !== '').join('\n\n') },
      run,
    );
    if (answer !== run) throw new FirebreakError('cancelled', 'Cancelled.');
  }
  await approve(session.privateFiles, action);
}
