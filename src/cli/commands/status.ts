import { Command } from 'commander';
import { statuses } from '../../core/status.ts';
import { changeItem } from '../../services/changeItem.ts';
import { chooseItem } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { changedItem } from '../results.ts';
import { oneWordOf } from '../words.ts';

export function statusCommand(cli: Cli): Command {
  return new Command('status')
    .description("Change an item's status in the backlog.")
    .argument('<id>', 'the item')
    .argument('<status>', statuses.join(', '))
    .action(async (id: string, word: string, _options: object, command: Command) =>
      perform(cli, command, async (session) => {
        const item = chooseItem(session, id);
        const to = oneWordOf(statuses, word, 'status');
        if (item.status === to) return changedItem(item, `is ${to} already`);
        const changed = await changeItem(session.context, item, { status: to });
        return changedItem(changed, `${item.status} -> ${changed.status}`);
      }),
    );
}
