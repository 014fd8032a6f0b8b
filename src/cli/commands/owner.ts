import { Command } from 'commander';
import { changeItem } from '../../services/changeItem.ts';
import { chooseItem } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { personNamed } from '../person.ts';
import { changedItem } from '../results.ts';

export function ownerCommand(cli: Cli): Command {
  return new Command('owner')
    .description('Give an item to a person.')
    .argument('<id>', 'the item')
    .argument('<who>', 'like @alice; me for yourself, nobody to take it back')
    .action(async (id: string, who: string, _options: object, command: Command) =>
      perform(cli, command, async (session) => {
        const owner = await personNamed(session, who);
        const changed = await changeItem(session.context, chooseItem(session, id), { owner });
        return changedItem(changed, `owner: ${changed.owner ?? 'nobody'}`);
      }),
    );
}
