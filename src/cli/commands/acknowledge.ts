import { Command } from 'commander';
import { recordEvent } from '../../services/recordEvent.ts';
import { chooseIncident, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { recorded } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { atOption, incidentArgument } from '../words.ts';

interface AcknowledgeOptions {
  readonly note: string;
  readonly at?: number;
}

export function acknowledgeCommand(cli: Cli): Command {
  return new Command('ack')
    .description('Acknowledge an incident: somebody is on it.')
    .addArgument(incidentArgument())
    .option('--note <markdown>', 'a word with it; - reads it from stdin', '')
    .addOption(atOption())
    .action(async (id: string | undefined, options: AcknowledgeOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const incident = id === undefined ? onlyOpenIncident(session) : chooseIncident(session, id);
        const note = await spokenText(cli, options.note);
        const event = await recordEvent(session.context, incident, 'acknowledge', note, options.at);
        return recorded(incident, event, `acknowledged by ${event.by}`);
      }),
    );
}
