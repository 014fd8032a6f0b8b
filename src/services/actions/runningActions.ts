import { isSafeId } from '../../core/itemId.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import type { Processes } from '../../core/ports/processes.ts';
import type { RunningAction } from '../../core/reminders.ts';

/** An action under way, as it is kept in private state until its event is written. */
export interface ActionRun extends RunningAction {
  /** The uid of the incident. */
  readonly incident: string;
  readonly action: string;
  readonly kind: 'action' | 'check';
  /** With secrets masked; undefined for evidence that is nothing but files. */
  readonly command: string | undefined;
  readonly cwd: string;
  readonly by: string;
  readonly freeze: 'set' | 'lift' | undefined;
  /** Of the process that waits for its end and writes the event: a window's, or a terminal's. */
  readonly keeper: number;
}

const folder = 'runs';

export async function keepRun(files: Files, run: ActionRun): Promise<void> {
  await files.write(`${folder}/${run.id}.json`, `${JSON.stringify(run)}\n`);
}

export async function dropRun(files: Files, id: string): Promise<void> {
  await files.delete(`${folder}/${id}.json`);
}

/** What runs now, in all windows and terminals, and what was running when its keeper went away. */
export async function readRuns(
  files: Files,
  processes: Pick<Processes, 'isAlive'>,
): Promise<{ readonly running: readonly ActionRun[]; readonly orphaned: readonly ActionRun[] }> {
  const running: ActionRun[] = [];
  const orphaned: ActionRun[] = [];
  for (const { name, kind } of await files.list(folder)) {
    const run = kind === 'file' && name.endsWith('.json') ? await readRun(files, `${folder}/${name}`) : undefined;
    if (run) (processes.isAlive(run.keeper) ? running : orphaned).push(run);
  }
  return { running, orphaned };
}

/** What runs now, by the uid of its incident. */
export async function runningByIncident(
  files: Files,
  processes: Pick<Processes, 'isAlive'>,
): Promise<ReadonlyMap<string, readonly ActionRun[]>> {
  const byIncident = new Map<string, ActionRun[]>();
  for (const run of (await readRuns(files, processes)).running)
    byIncident.set(run.incident, [...(byIncident.get(run.incident) ?? []), run]);
  return byIncident;
}

async function readRun(files: Files, path: string): Promise<ActionRun | undefined> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await files.read(path)));
    return isRun(value) ? value : undefined;
  } catch (error) {
    if (FileError.is(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRun(value: unknown): value is ActionRun {
  if (typeof value !== 'object' || value === null) return false;
  const run = value as Record<string, unknown>;
  const isOptional = (field: unknown, type: string) => field === undefined || typeof field === type;
  return (
    [run.id, run.incident, run.action, run.title, run.cwd, run.by].every((field) => typeof field === 'string') &&
    isSafeId(String(run.id)) &&
    (run.kind === 'action' || run.kind === 'check') &&
    typeof run.startedAt === 'number' &&
    typeof run.keeper === 'number' &&
    (run.timeout === null || typeof run.timeout === 'number') &&
    isOptional(run.command, 'string') &&
    (run.freeze === undefined || run.freeze === 'set' || run.freeze === 'lift')
  );
}
