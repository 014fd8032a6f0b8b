import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import { roles } from '../../core/role.ts';
import { assignRole } from '../../services/assignRole.ts';
import { chooseIncident, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { personNamed } from '../person.ts';
import { changedItem } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { incidentArgument, oneWordOf } from '../words.ts';

interface RoleOptions {
  readonly note: string;
}

export function roleCommand(cli: Cli): Command {
  return new Command('role')
    .description('Give a role to a person.')
    .usage('[options] [id] <role> <who>')
    .addArgument(incidentArgument())
    .argument('[role]', roles.join(', '))
    .argument('[who]', 'like @alice; me for yourself, nobody to take the role back')
    .option('--note <markdown>', 'why; - reads it from stdin', '')
    .action(async (...parameters: [...(string | undefined)[], RoleOptions, Command]) => {
      const command = parameters.at(-1) as Command;
      const options = command.opts<RoleOptions>();
      const words = command.args;
      return perform(cli, command, async (session) => {
        const [who, roleWord, id] = [...words].reverse();
        if (who === undefined || roleWord === undefined) {
          throw new FirebreakError('invalidInput', 'Say which role and who: firebreak role commander @alice.');
        }
        const incident = id === undefined ? onlyOpenIncident(session) : chooseIncident(session, id);
        const role = oneWordOf(roles, roleWord, 'role');
        const person = await personNamed(session, who);
        const changed = await assignRole(session.context, incident, role, person, await spokenText(cli, options.note));
        return changedItem(changed, `${role}: ${changed.incident.roles[role] ?? 'nobody'}`);
      });
    });
}
