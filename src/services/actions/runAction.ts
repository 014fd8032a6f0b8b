import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import { OutputTail } from '../../core/outputTail.ts';
import type { Evidence, EvidenceFile } from '../../core/ports/evidence.ts';
import type { Files } from '../../core/ports/files.ts';
import type { ProcessEnd, Processes, RunningProcess } from '../../core/ports/processes.ts';
import type { SecretMask } from '../../core/ports/secretMask.ts';
import { type ActionValues, commandLine, type RunnableAction } from '../../core/runnableAction.ts';
import { compactInstant, formatInstant } from '../../core/time.ts';
import type { RunEvent } from '../../core/timelineEvent.ts';
import { requireIncident, type ServiceContext } from '../context.ts';
import { eventFile } from '../newEvent.ts';
import { type ActionRun, dropRun, keepRun, readRuns } from './runningActions.ts';
import { type RunOutcome, runText } from './runText.ts';

/** What running needs of the machine. */
export interface ActionPorts {
  readonly processes: Processes;
  readonly evidence: Evidence;
  readonly mask: SecretMask;
  /** This clone's private state; without one nothing tells of an action that was cut short. */
  readonly privateFiles: Files | undefined;
  /** The id of this process. */
  readonly keeper: number;
}

export interface RunRequest {
  readonly incident: Incident;
  readonly action: RunnableAction;
  readonly values: ActionValues;
  /** As it was shown to whom asked for it: nothing else is run. */
  readonly command: string | undefined;
}

/** An action under way. */
export interface StartedAction {
  readonly run: ActionRun;
  readonly process: RunningProcess | undefined;
  /** Its event, once that is on disk. @throws FirebreakError `readOnly` */
  readonly recorded: Promise<RunEvent>;
}

/**
 * The command line of an action, to be shown before it is run.
 * @throws FirebreakError `invalidInput` for values that are missing, or can't be said in this machine's shell
 */
export function commandOf(action: RunnableAction, values: ActionValues, processes: Pick<Processes, 'shell'>) {
  for (const { name, title, required, options } of action.parameters) {
    const value = values[name] ?? '';
    if (required && value === '') throw new FirebreakError('invalidInput', `${title} (${name}) is missing.`);
    if (value !== '' && options.length > 0 && !options.includes(value)) {
      throw new FirebreakError('invalidInput', `${title} (${name}) must be one of ${options.join(', ')}.`);
    }
  }
  const line = commandLine(action, values, processes.shell);
  if ('refused' in line) {
    throw new FirebreakError(
      'invalidInput',
      `The value of ${line.refused} holds signs that this machine's shell can't take.`,
    );
  }
  return line.command;
}

/**
 * Runs an action and writes it into the timeline when it ends: what was run, where, how it ended, how long it took, and the last
 * of what it wrote, with secrets masked. What is evidence is copied beside the incident.
 * @param onOutput what it writes, as it comes, for a person who watches
 */
export async function startAction(
  context: ServiceContext,
  ports: ActionPorts,
  request: RunRequest,
  onOutput: (text: string) => void,
): Promise<StartedAction> {
  const { action, incident, command } = request;
  const startedAt = context.now();
  const run: ActionRun = {
    id: context.newId(startedAt),
    incident: incident.uid,
    action: action.id,
    title: action.title,
    kind: action.kind === 'check' ? 'check' : 'action',
    command: command === undefined ? undefined : await ports.mask(command),
    cwd: action.cwd,
    by: await context.author(),
    freeze: action.freeze,
    startedAt,
    timeout: action.timeout,
    keeper: ports.keeper,
  };
  if (ports.privateFiles) await keepRun(ports.privateFiles, run);
  const tail = new OutputTail();
  const process =
    command === undefined
      ? undefined
      : ports.processes.start(command, action.cwd, (text) => {
          tail.add(text);
          onOutput(text);
        });
  return { run, process, recorded: finish(context, ports, request, run, process, tail, onOutput) };
}

async function finish(
  context: ServiceContext,
  ports: ActionPorts,
  { action, incident }: RunRequest,
  run: ActionRun,
  process: RunningProcess | undefined,
  tail: OutputTail,
  onOutput: (text: string) => void,
): Promise<RunEvent> {
  const end: ProcessEnd | undefined = await process?.ended;
  const endedAt = Math.max(run.startedAt, context.now());
  const files = action.collect.length > 0 ? await collect(context, ports, incident, action, run) : [];
  for (const file of files)
    onOutput(`${file.problem ? '! ' : '+ '}${file.path}${file.problem ? `: ${file.problem}` : ''}\n`);
  const outcome: RunOutcome = { end, output: await ports.mask(tail.text()), files };
  return record(context, ports, run, outcome, endedAt);
}

async function collect(
  context: ServiceContext,
  { evidence }: ActionPorts,
  incident: Incident,
  action: RunnableAction,
  run: ActionRun,
): Promise<readonly EvidenceFile[]> {
  const { folder } = requireIncident(context.index, incident.uid).incident;
  const name = action.id.replace(/[^A-Za-z0-9]+/g, '-');
  return evidence.collect(action.collect, `${folder}/attachments/${compactInstant(run.startedAt)}-${name}`);
}

async function record(
  context: ServiceContext,
  { privateFiles }: Pick<ActionPorts, 'privateFiles'>,
  run: ActionRun,
  outcome: RunOutcome | undefined,
  endedAt: number | undefined,
): Promise<RunEvent> {
  const incident = requireIncident(context.index, run.incident);
  const exit = outcome?.end?.exit ?? (outcome && !outcome.end ? 0 : undefined);
  const event: RunEvent = {
    // The run's own id: an event that was written before its run was forgotten is found there already.
    id: run.id,
    incident: run.incident,
    kind: run.kind,
    at: formatInstant(run.startedAt),
    recorded: formatInstant(endedAt ?? context.now()),
    by: run.by,
    origin: context.origin,
    action: run.action,
    ...(run.freeze === undefined ? {} : { freeze: run.freeze }),
    ...(exit === undefined ? {} : { exit }),
    ...(endedAt === undefined ? {} : { duration: Math.round((endedAt - run.startedAt) / 100) / 10 }),
    ...(run.cwd === '' ? {} : { cwd: run.cwd }),
    body: runText(run, outcome),
  };
  await context.writer.createAll([eventFile(incident.path, event)]);
  if (privateFiles) await dropRun(privateFiles, run.id);
  return event;
}

/**
 * Writes down what was running when its window or terminal went away: it was started, and how it ended is not known.
 * @returns what runs now, for those who remind of it
 */
export async function settleRuns(
  context: ServiceContext,
  ports: Pick<ActionPorts, 'privateFiles' | 'processes'>,
): Promise<readonly ActionRun[]> {
  if (!ports.privateFiles) return [];
  const { running, orphaned } = await readRuns(ports.privateFiles, ports.processes);
  for (const run of orphaned) {
    const known = context.index.item(run.incident);
    if (!known?.incident) continue;
    const events = await context.index.events(known.uid);
    if (events.some(({ event }) => event.id === run.id)) await dropRun(ports.privateFiles, run.id);
    else await record(context, ports, run, undefined, undefined);
  }
  return running;
}
