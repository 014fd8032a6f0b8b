import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import { recoveryChecklist, tickBox } from '../../services/checklist.ts';
import { chooseIncident, isItemName, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { itemJson } from '../itemJson.ts';
import { plainLine } from '../plainText.ts';
import { recorded } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { table } from '../table.ts';
import { incidentArgument } from '../words.ts';

interface ChecklistOptions {
  readonly no?: boolean;
  readonly note: string;
}

/** The guide's recovery verification: what must hold before it is over. */
export function checklistCommand(cli: Cli): Command {
  return new Command('checklist')
    .description('Show the recovery checklist, or tick a box of it.')
    .usage('[options] [id] [box]')
    .addArgument(incidentArgument())
    .argument('[box]', 'the box to tick')
    .option('--no', 'it does not hold')
    .option('--note <markdown>', 'what was seen; - reads it from stdin', '')
    .action(
      async (first: string | undefined, second: string | undefined, options: ChecklistOptions, command: Command) =>
        perform(cli, command, async (session) => {
          const names = first !== undefined && isItemName(session, first);
          const incident = names ? chooseIncident(session, first) : onlyOpenIncident(session);
          const box = names ? second : first;
          const boxes = await recoveryChecklist(session.context, incident);
          if (box === undefined) {
            const signs = { open: '[ ]', done: '[x]', failed: '[!]' };
            const rows = boxes.map(({ entry, standing, by }) => [
              `${signs[standing]} ${plainLine(entry.id)}`,
              plainLine(entry.title),
              plainLine(by ? `${by.by} ${by.at}` : (entry.action ?? '')),
            ]);
            return {
              json: {
                item: itemJson(incident),
                checklist: boxes.map(({ entry, standing, by }) => ({ ...entry, standing, by: by?.id ?? null })),
              },
              text: rows.length > 0 ? table(rows, (cell) => cell) : 'The checklist is empty.',
            };
          }
          const entry = boxes.map((one) => one.entry).find(({ id }) => id === box);
          if (!entry) {
            const ids = boxes.map((one) => one.entry.id).join(', ');
            throw new FirebreakError('notFound', `There is no box "${box}": choose one of ${ids}.`);
          }
          const holds = options.no !== true;
          const event = await tickBox(session.context, incident, entry, holds, await spokenText(cli, options.note));
          return recorded(incident, event, `${plainLine(entry.title)}: ${holds ? 'yes' : 'no'}`);
        }),
    );
}
