import { Command } from 'commander';
import { offeredIn, type RunnableAction } from '../../core/runnableAction.ts';
import { findActions, tasksForEditor } from '../../services/actions/findActions.ts';
import { settleRuns } from '../../services/actions/runAction.ts';
import { isOfUse } from '../../services/actions/usefulFreezes.ts';
import { chooseIncident, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { type Paint, painter } from '../paint.ts';
import { plainLine } from '../plainText.ts';
import { table } from '../table.ts';
import { incidentArgument } from '../words.ts';

/** What can be run now: mitigations, checks and evidence. */
export function actionsCommand(cli: Cli): Command {
  return new Command('actions')
    .description(
      'List the mitigations, checks and evidence that can be run, what fits the phase first. Tasks of extensions are offered in VS Code alone.',
    )
    .addArgument(incidentArgument())
    .action(async (id: string | undefined, _options: object, command: Command) =>
      perform(cli, command, async (session) => {
        const incident = id === undefined ? onlyOpenIncident(session) : chooseIncident(session, id);
        const running = await settleRuns(session.context, session.actionPorts());
        const events = (await session.index.events(incident.uid)).map(({ event }) => event);
        const actions = (await findActions(session.files, session.index.policy())).filter(isOfUse(events));
        const inVsCode = await tasksForEditor(session.files);
        const { phase } = incident.incident;
        const { evidence, now, others } = offeredIn(phase, actions);
        const paint = painter(cli.terminal.color);
        const parts = [
          section(`For ${phase}`, [...evidence, ...now], paint),
          section('Others', others, paint),
          ...running.map(
            (run) => `Running: ${plainLine(run.title)}, since ${new Date(run.startedAt).toLocaleTimeString()}`,
          ),
        ];
        if (inVsCode.length > 0)
          parts.push(`In VS Code there are these, too, which only it can run: ${inVsCode.map(plainLine).join(', ')}.`);
        return {
          json: {
            phase,
            actions: [...evidence, ...now, ...others].map((one) => actionJson(one, phase)),
            running,
            inVsCode,
          },
          text: parts.filter((part) => part !== '').join('\n\n') || 'There is nothing to run.',
        };
      }),
    );
}

function section(title: string, actions: readonly RunnableAction[], paint: Paint): string {
  if (actions.length === 0) return '';
  const rows = actions.map(({ id, kind, command, title: name }) => [
    `  ${plainLine(id)}`,
    kind,
    plainLine(name),
    plainLine(command ?? ''),
  ]);
  return `${paint(title, 'bold')}\n${table(rows, (cell) => cell)}`;
}

function actionJson(
  { id, title, kind, phases, command, cwd, risk, parameters, source }: RunnableAction,
  phase: string,
) {
  const isOffered = phases.some((one) => one === phase);
  return { id, title, kind, offered: isOffered, command: command ?? null, cwd, risk, parameters, source };
}
