import { Command } from 'commander';
import { mergeIncident } from '../../services/closeWrongIncident.ts';
import { chooseIncident } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { itemJson } from '../itemJson.ts';

export function mergeCommand(cli: Cli): Command {
  return new Command('merge')
    .description('Merge an incident into another one about the same trouble. Its events follow.')
    .argument('<duplicate>', 'the incident to close as a duplicate')
    .argument('<into>', 'the incident that goes on')
    .action(async (duplicate: string, into: string, _options: object, command: Command) =>
      perform(cli, command, async (session) => {
        const closing = chooseIncident(session, duplicate);
        const target = await mergeIncident(session.context, closing, chooseIncident(session, into));
        const closed = chooseIncident(session, closing.uid);
        return {
          json: { item: itemJson(target), merged: itemJson(closed) },
          text: `${closed.id} merged into ${target.id}`,
        };
      }),
    );
}
