import { Command } from 'commander';
import { correctEvent, retractEvent } from '../../services/replaceEvent.ts';
import { chooseEvent } from '../chooseEvent.ts';
import { type Cli, perform } from '../cli.ts';
import { recorded } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { withWhereItWent } from '../wentOut.ts';
import { atOption } from '../words.ts';

interface CorrectOptions {
  readonly at?: number;
}

export function correctCommand(cli: Cli): Command {
  return new Command('correct')
    .description('Say how an entry of the timeline should read. The entry itself stays on record.')
    .usage('[options] <event> [text]')
    .argument('<event>', "the event's file, or its id")
    .argument('[text]', 'markdown; - reads it from stdin; may be left out with --at')
    .addOption(atOption())
    .action(async (name: string, text: string | undefined, options: CorrectOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const { incident, stored } = await chooseEvent(session, name);
        const words = text === undefined ? '' : await spokenText(cli, text);
        const event = await correctEvent(session.context, incident, stored.event, words, options.at);
        const outcome = recorded(incident, event, `correction of ${stored.path} recorded`);
        return withWhereItWent(session, incident, stored.event, outcome);
      }),
    );
}

export function retractCommand(cli: Cli): Command {
  return new Command('retract')
    .description('Take an entry of the timeline back. It stays on record, struck out.')
    .argument('<event>', "the event's file, or its id")
    .argument('[reason]', 'why; - reads it from stdin')
    .action(async (name: string, reason: string | undefined, _options: object, command: Command) =>
      perform(cli, command, async (session) => {
        const { incident, stored } = await chooseEvent(session, name);
        const words = reason === undefined ? '' : await spokenText(cli, reason);
        const event = await retractEvent(session.context, incident, stored.event, words);
        const outcome = recorded(incident, event, `${stored.path} taken back`);
        return withWhereItWent(session, incident, stored.event, outcome);
      }),
    );
}
