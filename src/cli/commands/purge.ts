import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import { purgeAdvice } from '../../services/purgeAdvice.ts';
import { purgeEvent } from '../../services/purgeEvent.ts';
import { whereItWent } from '../../services/warRoom/whereItWent.ts';
import { chooseEvent } from '../chooseEvent.ts';
import { type Cli, perform } from '../cli.ts';

interface PurgeOptions {
  readonly yes?: boolean;
}

export function purgeCommand(cli: Cli): Command {
  return new Command('purge')
    .description('Forget the words of an event that holds a secret, here, in every clone and on GitHub.')
    .argument('<event>', "the event's file, or its id")
    .option('--yes', 'yes, these words are to be lost')
    .action(async (name: string, options: PurgeOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const { incident, stored } = await chooseEvent(session, name);
        if (!options.yes) {
          throw new FirebreakError(
            'invalidInput',
            `This takes the words out of ${stored.path} for good, in every clone and on GitHub: add --yes.`,
          );
        }
        const settings = () => session.workspaceSettings();
        const sent = await whereItWent(session.privateFiles, incident, stored.event, settings);
        const purged = await purgeEvent(session.context, session.privateFiles, incident, stored);
        const advice = purgeAdvice(purged.path, purged.alsoIn, sent);
        return { json: { ...purged, sent, advice }, text: advice.trimEnd() };
      }),
    );
}
