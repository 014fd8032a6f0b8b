import { Command } from 'commander';
import { cancelIncident } from '../../services/closeWrongIncident.ts';
import { incidentAndWord } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { changedItem } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { incidentArgument } from '../words.ts';

export function cancelCommand(cli: Cli): Command {
  return new Command('cancel')
    .description('Cancel an incident as a false alarm. It stays on record, and out of the metrics.')
    .usage('[options] [id] <reason>')
    .addArgument(incidentArgument())
    .argument('[reason]', 'why it was none; - reads it from stdin')
    .action(async (first: string | undefined, second: string | undefined, _options: object, command: Command) =>
      perform(cli, command, async (session) => {
        const { incident, word } = incidentAndWord(session, first, second, 'the reason');
        return changedItem(await cancelIncident(session.context, incident, await spokenText(cli, word)), 'cancelled');
      }),
    );
}
