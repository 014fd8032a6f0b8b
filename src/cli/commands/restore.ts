import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import { applyPurges } from '../../services/purges.ts';
import { type Cli, perform } from '../cli.ts';
import { plainLine } from '../plainText.ts';

interface RestoreOptions {
  readonly list?: boolean;
}

export function restoreCommand(cli: Cli): Command {
  return new Command('restore')
    .description('Write back what a checkout, a stash or a clean took away, from the journal of this clone.')
    .argument('[path...]', 'only these files (default: all)')
    .option('--list', 'only say which files are missing')
    .action(async (paths: string[], options: RestoreOptions, command: Command) =>
      perform(cli, command, async (session) => {
        // What was purged must not come back.
        await applyPurges(session.context);
        const missing = session.index.missing();
        const strange = paths.find((path) => !missing.includes(path));
        if (strange !== undefined) {
          throw new FirebreakError('notFound', `${strange} is not missing: "firebreak restore --list" tells what is.`);
        }
        const wanted = paths.length > 0 ? paths : missing;
        const restored = options.list ? [] : await session.context.writer.restore(wanted);
        const shown = options.list ? wanted : restored;
        return {
          json: { restored, missing: session.index.missing() },
          text: shown.length > 0 ? shown.map(plainLine).join('\n') : 'Nothing is missing.',
        };
      }),
    );
}
