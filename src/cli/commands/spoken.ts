import { Command } from 'commander';
import { recordEvent } from '../../services/recordEvent.ts';
import { incidentAndWord } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { recorded } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { atOption, incidentArgument } from '../words.ts';

interface SpokenOptions {
  readonly at?: number;
}

export function noteCommand(cli: Cli): Command {
  return spokenCommand(cli, 'note', 'Add a note to the timeline.');
}

export function decisionCommand(cli: Cli): Command {
  return spokenCommand(cli, 'decision', 'Record a decision in the timeline.');
}

function spokenCommand(cli: Cli, kind: 'note' | 'decision', description: string): Command {
  return new Command(kind)
    .description(description)
    .usage('[options] [id] <text>')
    .addArgument(incidentArgument())
    .argument('[text]', 'markdown; - reads it from stdin')
    .addOption(atOption())
    .action(async (first: string | undefined, second: string | undefined, options: SpokenOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const { incident, word } = incidentAndWord(session, first, second, `the ${kind}`);
        const event = await recordEvent(session.context, incident, kind, await spokenText(cli, word), options.at);
        return recorded(incident, event, `${kind} recorded`);
      }),
    );
}
