import { Command, Option } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import { conflictTexts, preferring, requireConflict, resolveConflict } from '../../services/resolveConflict.ts';
import { chooseItem } from '../chooseItem.ts';
import { type Cli, type CliSession, perform } from '../cli.ts';
import { itemJson } from '../itemJson.ts';
import { plainLine } from '../plainText.ts';

const keeping = ['mine', 'github', 'file'] as const;
type Keeping = (typeof keeping)[number];

interface ResolveOptions {
  readonly keep?: Keeping;
}

export function resolveCommand(cli: Cli): Command {
  return new Command('resolve')
    .description('Say that a text that was changed here and on GitHub in one place is as it should be.')
    .argument('<id>', 'the item')
    .addOption(
      new Option('--keep <whose>', 'where both changed: your lines, GitHub’s, or what the file holds (edited by hand)')
        .choices(keeping)
        .makeOptionMandatory(),
    )
    .action(async (id: string, { keep = 'file' }: ResolveOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const { uid, conflicts } = chooseItem(session, id);
        if (conflicts.length === 0) throw new FirebreakError('notFound', `The text of ${id} is in no conflict.`);
        for (const conflict of conflicts) await decide(session, uid, conflict.id, keep);
        const item = chooseItem(session, uid);
        return { json: { item: itemJson(item), body: item.body }, text: plainLine(`${item.id} is resolved.`) };
      }),
    );
}

async function decide(session: CliSession, uid: string, conflict: string, keep: Keeping): Promise<void> {
  const item = chooseItem(session, uid);
  const texts = await conflictTexts(session.files, item, requireConflict(item, conflict));
  const decided = keep === 'file' ? texts.theirs : preferring(keep === 'mine' ? 'mine' : 'theirs', texts);
  await resolveConflict(session.context, uid, conflict, { decided, shown: texts.theirs });
}
