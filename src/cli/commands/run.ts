import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import type { ActionValues, RunnableAction } from '../../core/runnableAction.ts';
import { approve, isApproved } from '../../services/actions/approvals.ts';
import { findActions } from '../../services/actions/findActions.ts';
import { commandOf, settleRuns, startAction } from '../../services/actions/runAction.ts';
import { chooseIncident, isItemName, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, type CliSession, perform } from '../cli.ts';
import { CommandFailed } from '../failure.ts';
import { plainLine, plainText } from '../plainText.ts';
import { recorded } from '../results.ts';

interface RunOptions {
  readonly yes?: boolean;
}

/** Runs a mitigation, a check, or what keeps evidence; its end is an entry of the timeline. */
export function runCommand(cli: Cli): Command {
  return new Command('run')
    .description('Run an action, and write into the timeline what was run and how it ended.')
    .usage('[options] [id] <action> [name=value...]')
    .argument('[words...]', 'the incident (may be left out while exactly one is open), the action, its parameters')
    .option('--yes', 'run it without being asked')
    .action(async (words: readonly string[], options: RunOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const [first = '', ...rest] = words;
        const isNamed = words.length > 1 && isItemName(session, first) && !rest[0]?.includes('=');
        const incident = isNamed ? chooseIncident(session, first) : onlyOpenIncident(session);
        const [name = '', ...pairs] = isNamed ? rest : words;
        const ports = session.actionPorts();
        await settleRuns(session.context, ports);
        const action = await actionNamed(session, name);
        const values = valuesOf(action, pairs);
        const line = commandOf(action, values, ports.processes);
        await ask(cli, session, action, line, options);
        const request = { incident, action, values, command: line };
        const started = await startAction(session.context, ports, request, (text) => cli.terminal.progress(text));
        const stop = cli.onInterrupt(() => started.process?.stop());
        const event = await started.recorded.finally(stop);
        const how =
          event.exit === undefined
            ? 'was stopped'
            : event.exit === 0
              ? 'succeeded'
              : `failed with exit code ${event.exit}`;
        const outcome = recorded(incident, event, `${plainLine(action.title)} ${how}`);
        if (event.exit === 0) return outcome;
        return { ...outcome, failure: new CommandFailed('actionFailed', `${plainLine(action.title)} ${how}.`) };
      }),
    );
}

/** By its id, or by what comes after `make:` where only one is called so. @throws FirebreakError `notFound`, `ambiguousName` */
async function actionNamed(session: CliSession, name: string): Promise<RunnableAction> {
  if (name.startsWith('vscode:')) {
    throw new FirebreakError('notFound', `"${name}" is a task that only VS Code can run: run it there.`);
  }
  const actions = await findActions(session.files, session.index.policy());
  const exact = actions.find(({ id }) => id === name);
  if (exact) return exact;
  const alike = actions.filter(({ id }) => id.slice(id.indexOf(':') + 1) === name);
  const [only, ...others] = alike;
  if (only && others.length === 0) return only;
  const ids = (others.length > 0 ? alike : actions).map(({ id }) => id).join(', ');
  if (only) throw new FirebreakError('ambiguousName', `"${name}" could be any of ${ids}: name the one you mean.`);
  throw new FirebreakError(
    'notFound',
    name === '' ? `Say which action: ${ids}.` : `There is no action "${name}": choose one of ${ids}.`,
  );
}

/** @throws FirebreakError `invalidInput` */
function valuesOf({ parameters }: RunnableAction, pairs: readonly string[]): ActionValues {
  const values: Record<string, string> = {};
  for (const parameter of parameters) if (parameter.default !== undefined) values[parameter.name] = parameter.default;
  for (const pair of pairs) {
    const [, name = '', value = ''] = /^([^=]*)=([\s\S]*)$/.exec(pair) ?? [];
    if (!parameters.some((parameter) => parameter.name === name)) {
      const known = parameters.map((parameter) => `${parameter.name}=…`).join(' ') || 'nothing';
      throw new FirebreakError('invalidInput', `"${pair}" is no parameter: it takes ${known}.`);
    }
    values[name] = value;
  }
  return values;
}

/** What is risky, and what nobody here has seen yet, is shown first. @throws FirebreakError `cancelled`, `notApproved` */
async function ask(
  cli: Cli,
  { privateFiles }: CliSession,
  action: RunnableAction,
  line: string | undefined,
  { yes = false }: RunOptions,
): Promise<void> {
  if (line === undefined && action.risk === 'low') return;
  const isKnown = await isApproved(privateFiles, action);
  if (!yes && (!isKnown || action.risk === 'high')) {
    const shown = [`${plainLine(action.title)} (${action.id}) runs:`, `  ${plainText(line ?? '')}`];
    if (action.cwd !== '') shown.push(`  in ${plainLine(action.cwd)}`);
    if (action.behind !== '')
      shown.push(
        ...plainText(action.behind)
          .split('\n')
          .map((one) => `    ${one}`),
      );
    if (action.confirm !== undefined) shown.push(plainLine(action.confirm));
    cli.terminal.err(shown.join('\n'));
    const answer = await cli.terminal.ask('Run it? [y/N] ');
    if (answer === undefined) {
      throw new FirebreakError('invalidInput', 'Nobody is here to be asked: --yes runs it without a question.');
    }
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new FirebreakError('cancelled', 'It was not run.');
  }
  await approve(privateFiles, action);
}
