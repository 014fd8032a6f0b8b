import type { Phase } from './phase.ts';
import type { ActionKind, ActionPolicy } from './policy.ts';

/** Where an action was found. */
export type ActionSource = 'policy' | 'make' | 'npm' | 'task' | 'vscode' | 'built-in';

/** Something that a team can run during an incident. */
export interface RunnableAction extends Omit<ActionPolicy, 'kind'> {
  /** `rollback`; of what was found `make:deploy-rollback`, `npm:smoke`, `task:Restart workers`, `vscode:gulp:deploy`. */
  readonly id: string;
  /** `other` for what was found and says nothing of itself. */
  readonly kind: ActionKind | 'other';
  readonly source: ActionSource;
  /** What the command will do, as far as the workspace tells: a recipe, a script, how a task is defined. Shown before it is first run. */
  readonly behind: string;
}

/** What fills an action's parameters, by name. */
export type ActionValues = Readonly<Record<string, string>>;

/** Whose rules a command line is quoted by: POSIX `sh`, or Windows' `cmd.exe`. */
export type ShellKind = 'posix' | 'cmd';

const placeholder = /\$\{([A-Za-z_][\w-]*)\}/g;

/**
 * The command line of an action with its parameters filled in, each quoted, so that what is typed stays a value whatever
 * signs are in it. Other `${…}` are left to the shell. Undefined for evidence that is nothing but files.
 * @returns `refused` with a parameter that can't be said in this shell
 */
export function commandLine(
  action: Pick<RunnableAction, 'command' | 'parameters' | 'source'>,
  values: ActionValues,
  shell: ShellKind,
): { readonly command: string | undefined } | { readonly refused: string } {
  const { command, parameters, source } = action;
  if (command === undefined) return { command };
  let refused: string | undefined;
  const named = new Map(parameters.map(({ name }) => [name, values[name] ?? '']));
  // Left empty, a variable of make keeps what the Makefile gives it.
  const isEmpty = (name: string) => source === 'make' && (values[name] ?? '') === '' && named.has(name);
  const meantOnly = command.replace(/ ([A-Za-z_]\w*)=\$\{\1\}/g, (whole, name: string) => (isEmpty(name) ? '' : whole));
  const filled = meantOnly.replace(placeholder, (whole, name: string) => {
    const value = named.get(name);
    if (value === undefined) return whole;
    // make expands what it is given once more.
    const meant = source === 'make' ? value.replaceAll('$', '$$$$') : value;
    const quoted = shell === 'posix' ? quotedForPosix(meant) : quotedForCmd(meant);
    if (quoted === undefined) refused ??= name;
    return quoted ?? '';
  });
  return refused === undefined ? { command: filled } : { refused };
}

/** Plain words stay as they are: people read the command before they run it. */
function quotedForPosix(value: string): string | undefined {
  if (value.includes('\0')) return undefined;
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** `cmd.exe` has no quoting that holds for these signs, so they are refused. */
function quotedForCmd(value: string): string | undefined {
  if (/["%!^&|<>\r\n\0]/.test(value)) return undefined;
  return /^[\w@+=:,./-]+$/.test(value) ? value : `"${value}"`;
}

/** What is offered in a phase, best first: evidence before a restart destroys it, what is meant for the phase, the rest. */
export function offeredIn(phase: Phase, actions: readonly RunnableAction[]): OfferedActions {
  const fits = actions.filter((action) => action.phases.includes(phase));
  const evidence = fits.filter(({ kind }) => kind === 'evidence');
  return {
    evidence,
    now: fits.filter(({ kind }) => kind !== 'evidence').sort(bySource),
    others: actions.filter((action) => !fits.includes(action)).sort(bySource),
  };
}

export interface OfferedActions {
  readonly evidence: readonly RunnableAction[];
  readonly now: readonly RunnableAction[];
  readonly others: readonly RunnableAction[];
}

/** What the team wrote down for incidents before what was merely found; what is unclear last. */
function bySource(left: RunnableAction, right: RunnableAction): number {
  const rank = ({ source, kind }: RunnableAction) => (kind === 'other' ? 2 : source === 'policy' ? 0 : 1);
  return rank(left) - rank(right);
}

/**
 * What a name says that a target or script is for: the guide's own (`deploy-rollback`, `infra-scale`, `feature-flag`,
 * `traffic-redirect`; `health-check`, `alerts-active`, `test-smoke`, `metrics-check`, `customer-impact-check`) and others like them.
 */
export function kindOfName(name: string): RunnableAction['kind'] {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  const has = (...wanted: string[]) => words.some((word) => wanted.includes(word));
  if (
    has('check', 'checks', 'health', 'healthcheck', 'smoke', 'status', 'alerts', 'metrics', 'impact', 'verify', 'probe')
  )
    return 'check';
  if (has('evidence', 'dump', 'snapshot', 'collect')) return 'evidence';
  if (
    has(
      'rollback',
      'revert',
      'scale',
      'restart',
      'failover',
      'flag',
      'redirect',
      'drain',
      'circuit',
      'throttle',
      'block',
      'freeze',
      'unfreeze',
      'promote',
    )
  )
    return 'mitigation';
  return 'other';
}

/** Where an action of a kind is offered first, unless its policy says. */
export function phasesOfKind(kind: RunnableAction['kind']): readonly Phase[] {
  switch (kind) {
    case 'mitigation':
    case 'evidence':
      return ['respond', 'mitigate'];
    case 'check':
      return ['triage', 'investigate', 'verify'];
    case 'other':
      return [];
  }
}
