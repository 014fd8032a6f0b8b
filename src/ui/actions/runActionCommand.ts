import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import type { Phase } from '../../core/phase.ts';
import { type ActionValues, offeredIn, type RunnableAction } from '../../core/runnableAction.ts';
import type { RunEvent } from '../../core/timelineEvent.ts';
import { approve, isApproved } from '../../services/actions/approvals.ts';
import { findActions } from '../../services/actions/findActions.ts';
import { type ActionPorts, commandOf, settleRuns, startAction } from '../../services/actions/runAction.ts';
import { isOfUse } from '../../services/actions/usefulFreezes.ts';
import { chooseIncident } from '../commands/chooseIncident.ts';
import type { CommandId } from '../contributions.ts';
import { askOne, inputStep, pickStep, runSteps } from '../multiStep.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import type { TimelinePanels } from '../timeline/timelinePanels.ts';
import { phaseNames } from '../words.ts';
import { ActionTerminal } from './actionTerminal.ts';
import { taskProcesses } from './runTask.ts';
import { actionNamed, type ChosenAction, taskActions } from './vscodeTasks.ts';

const { t } = vscode.l10n;

/** As many lines as fit a question on a small screen. */
const mostLines = 12;

export interface ActionCommandsOptions {
  readonly root: OpenRoot;
  readonly panels: TimelinePanels;
  readonly reporter: Reporter;
  readonly portsOf: (session: OpenSession) => ActionPorts;
}

/** What running needs, whatever is run. */
export interface Room {
  readonly session: OpenSession;
  readonly ports: ActionPorts;
  /** Tasks that are actions: nobody else is to record them. */
  readonly ownTasks: WeakSet<vscode.Task>;
}

const icons: Readonly<Record<RunnableAction['kind'], string>> = {
  evidence: 'archive',
  mitigation: 'tools',
  check: 'pulse',
  other: 'terminal',
};

/** Mitigations, checks and evidence: chosen, shown, run in a terminal, and written into the timeline by themselves. */
export function runActionCommand({ root, panels, reporter, portsOf }: ActionCommandsOptions) {
  return {
    'firebreak.runAction': async (argument: unknown, actionId?: unknown) => {
      const session = await root.requireTrusted();
      const title = t('Run Action');
      const incident = await chooseIncident(session, argument, { title, shown: panels.activeUid });
      const ports = portsOf(session);
      await settleRuns(session.context, ports);
      const named = typeof actionId === 'string' ? await actionNamed(session, actionId) : undefined;
      if (typeof actionId === 'string' && !named) {
        throw new FirebreakError('notFound', t('There is no action "{0}" here any more.', actionId));
      }
      const chosen = named ?? (await chooseAction(session, incident, reporter));
      await runNamed({ session, ports, ownTasks: root.ownTasks }, incident, chosen);
    },
  } satisfies Partial<Record<CommandId, (...parameters: unknown[]) => Promise<void>>>;
}

/** Asks what an action needs, shows what is risky or was never seen, and runs it. @throws FirebreakError `cancelled` */
export async function runNamed(
  { session, ports, ownTasks }: Room,
  incident: Incident,
  { action, task: runByVsCode }: ChosenAction,
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
  if (runByVsCode) {
    const processes = taskProcesses(runByVsCode, ownTasks, ports.processes);
    const { recorded } = await startAction(session.context, { ...ports, processes }, request, () => undefined);
    recorded.then(
      (event) => tell(action, event),
      (error: unknown) => tell(action, error instanceof Error ? error : new Error(String(error))),
    );
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

interface ActionPick extends vscode.QuickPickItem {
  readonly chosen?: ChosenAction;
}

async function chooseAction(session: OpenSession, incident: Incident, reporter: Reporter): Promise<ChosenAction> {
  const { phase } = incident.incident;
  const known = await findActions(session.files, session.index.policy());
  const events = (await session.index.events(incident.uid)).map(({ event }) => event);
  const { evidence, now, others } = offeredIn(phase, known.filter(isOfUse(events)));
  const tasks = taskActions(session, known);
  reporter.background('Asking VS Code for its tasks', () => tasks);
  const items: ActionPick[] = [
    ...section(t('Evidence, before something destroys it'), evidence),
    ...section(t('For {0}', phaseNames[phase]), now),
    // A heading tells two lists apart.
    ...section(evidence.length + now.length > 0 ? t('Others') : '', others),
  ];
  const picked = await askOne({
    title: t('Run Action for {0}', incident.title),
    placeholder: t('What is to be run? The command is shown before anything risky runs.'),
    items,
    later: laterPicks(tasks, phase),
  });
  if (!picked.chosen) throw new FirebreakError('cancelled', 'Cancelled.');
  return picked.chosen;
}

/** Those of VS Code come below the others, so that no row moves away under somebody's hand. */
async function laterPicks(found: Promise<readonly ChosenAction[]>, phase: Phase): Promise<ActionPick[]> {
  const tasks = await found;
  const { evidence, now, others } = offeredIn(
    phase,
    tasks.map(({ action }) => action),
  );
  return section(t('Tasks that VS Code runs'), [...evidence, ...now, ...others], tasks);
}

function section(label: string, actions: readonly RunnableAction[], tasks: readonly ChosenAction[] = []): ActionPick[] {
  if (actions.length === 0) return [];
  return [
    { label, kind: vscode.QuickPickItemKind.Separator },
    ...actions.map((action) => ({
      chosen: tasks.find((one) => one.action === action) ?? { action },
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

/** More lines than a question can show are said to be there. */
function beginning(behind: string): string {
  const lines = behind.split('\n');
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), t('… and {0} more lines', more)].join('\n') : behind;
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
      action.behind === '' ? '' : `${t('That is:')}\n${beginning(action.behind)}`,
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
