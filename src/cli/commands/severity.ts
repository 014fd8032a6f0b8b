import { Command } from 'commander';
import { severities } from '../../core/severity.ts';
import { changeSeverity } from '../../services/changeItem.ts';
import { chooseItem, incidentAndWord } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { changedItem } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { readSeverity } from '../words.ts';

interface SeverityOptions {
  readonly note: string;
}

export function severityCommand(cli: Cli): Command {
  return new Command('severity')
    .description('Change the severity of an item or an incident. An item that becomes P0 is declared.')
    .usage('[options] [id] <severity>')
    .argument('[id]', 'the item; may be left out while exactly one incident is open')
    .argument('[severity]', severities.join(', '))
    .option('--note <markdown>', 'why; - reads it from stdin', '')
    .action(async (first: string | undefined, second: string | undefined, options: SeverityOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const item =
          first !== undefined && second !== undefined
            ? chooseItem(session, first)
            : incidentAndWord(session, first, second, 'the severity').incident;
        const to = readSeverity(second ?? first ?? '');
        const before = item.severity;
        if (before === to) return changedItem(item, `is ${to} already`);
        const changed = await changeSeverity(session.context, item, to, await spokenText(cli, options.note));
        const declared = changed.incident && !item.incident ? `, declared: ${changed.path}` : '';
        return changedItem(changed, `${before} -> ${changed.severity}${declared}`);
      }),
    );
}
