import { Command } from 'commander';
import type { Criterion } from '../../core/criterion.ts';
import { FirebreakError } from '../../core/errors.ts';
import type { ItemType } from '../../core/itemType.ts';
import type { Severity } from '../../core/severity.ts';
import { proposalOf, takenFromAlert } from '../../services/alerts/declarationOfAlert.ts';
import { declareIncident, declareItem } from '../../services/declareIncident.ts';
import type { Session } from '../../services/session.ts';
import { alertDesk, alertTarget, chooseAlert } from '../alertTarget.ts';
import { chooseItem } from '../chooseItem.ts';
import { type Cli, type CliSession, type Outcome, perform } from '../cli.ts';
import { personNamed } from '../person.ts';
import { madeItem } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { criteriaOption, severityOption, typeOption } from '../words.ts';

interface DeclareOptions {
  readonly item?: string;
  readonly alert?: string;
  readonly severity: Severity;
  readonly criteria: readonly Criterion[];
  readonly type?: ItemType;
  readonly impact?: string;
  readonly service?: string;
  readonly commander: string | false;
  readonly desc?: string;
}

export function declareCommand(cli: Cli): Command {
  return new Command('declare')
    .description('Declare an incident. Only a title is needed, and no network.')
    .usage('[options] <title>')
    .argument('[title]', 'in one line; with --item the default is the title that the item has')
    .option('--alert <fingerprint>', 'declare what an active alert tells: title, service, time, severity, words, links')
    .option('--item <id>', 'declare this item of the backlog: its file moves to incidents/')
    .addOption(severityOption().default('P0'))
    .addOption(criteriaOption().default([], 'none'))
    .option('--impact <markdown>', 'users, regions, features affected')
    .option('--service <name>', 'the service affected')
    .option('--commander <who>', 'like @bob', 'me')
    .option('--no-commander', 'nobody commands yet')
    .addOption(typeOption())
    .option('--desc <markdown>', 'what happens; - reads it from stdin')
    .action(async (title: string | undefined, options: DeclareOptions, command: Command) =>
      perform(cli, command, (session) =>
        options.alert === undefined
          ? declare(cli, session, title, options)
          : declareAlert(cli, session, options.alert, title, options, command),
      ),
    );
}

async function declare(
  cli: Cli,
  session: Session,
  title: string | undefined,
  options: DeclareOptions,
): Promise<Outcome> {
  const commander = options.commander === false ? '' : await personNamed(session, options.commander);
  const common = {
    severity: options.severity,
    criteria: options.criteria,
    ...(options.impact === undefined ? {} : { impact: options.impact }),
    ...(options.service === undefined ? {} : { service: options.service }),
    ...(commander === '' ? {} : { commander }),
  };
  if (options.item !== undefined) {
    if (options.type !== undefined || options.desc !== undefined) {
      throw new FirebreakError('invalidInput', 'The item has a type and a description: leave --type and --desc out.');
    }
    const item = chooseItem(session, options.item);
    return madeItem(await declareItem(session.context, item, { ...common, title: title ?? item.title }));
  }
  if (title === undefined) throw new FirebreakError('invalidInput', 'Say what is wrong: firebreak declare "API down".');
  const incident = await declareIncident(session.context, {
    ...common,
    title,
    ...(options.type === undefined ? {} : { type: options.type }),
    ...(options.desc === undefined ? {} : { description: await spokenText(cli, options.desc) }),
  });
  return madeItem(incident);
}

/** What is said on the command line counts before what the alert says. */
async function declareAlert(
  cli: Cli,
  session: CliSession,
  fingerprint: string,
  title: string | undefined,
  options: DeclareOptions,
  command: Command,
): Promise<Outcome> {
  if (options.item !== undefined || options.desc !== undefined) {
    throw new FirebreakError('invalidInput', 'The alert describes a new incident: leave --item and --desc out.');
  }
  const { url, source } = alertTarget(cli, session);
  const reading = await source.active();
  const alert = chooseAlert(reading.alerts, fingerprint);
  const mask = await cli.secretMask();
  const proposal = await proposalOf(alert, session.index.policy().alerts, mask);
  const commander = options.commander === false ? '' : await personNamed(session, options.commander);
  const isSaid = command.getOptionValueSource('severity') !== 'default';
  const service = options.service ?? proposal.service;
  const now = session.context.now();
  const incident = await declareIncident(session.context, {
    ...(await takenFromAlert(alert, mask, now)),
    title: title ?? proposal.title,
    severity: isSaid || options.criteria.length > 0 ? options.severity : proposal.severity,
    criteria: options.criteria,
    ...(options.impact === undefined ? {} : { impact: options.impact }),
    ...(service === undefined ? {} : { service }),
    ...(commander === '' ? {} : { commander }),
    ...(options.type === undefined ? {} : { type: options.type }),
  });
  // Whatever becomes of it, it is declared.
  await alertDesk(cli, session)?.saw(alert, url, reading.at ?? now);
  return madeItem(incident);
}
