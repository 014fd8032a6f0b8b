import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import { isOpenIncident } from '../../core/item.ts';
import { watchedAlerts } from '../../core/watchedAlerts.ts';
import { alertDesk, alertTarget, chooseAlert } from '../alertTarget.ts';
import { chooseIncident, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { recorded } from '../results.ts';
import { incidentArgument } from '../words.ts';

/** Ties an active alert to an open incident: what it does from then on becomes entries of the timeline. */
export function attachAlertCommand(cli: Cli): Command {
  return new Command('attach')
    .description('Attach an active alert to an incident: from then on what it does is recorded there.')
    .argument('<alert>', 'as much of its fingerprint as tells it from others')
    .addArgument(incidentArgument())
    .action(async (name: string, id: string | undefined, _options: object, command: Command) =>
      perform(cli, command, async (session) => {
        const incident = id === undefined ? onlyOpenIncident(session) : chooseIncident(session, id);
        const own = incident.id;
        if (!isOpenIncident(incident)) {
          throw new FirebreakError('alreadyClosed', `${own} is closed: no alert of it is followed any more.`);
        }
        const desk = alertDesk(cli, session);
        if (!desk) throw new FirebreakError('readOnly', 'There is no place here to remember that.');
        const { url, source } = alertTarget(cli, session);
        const { alerts, at } = await source.active();
        const alert = chooseAlert(alerts, name);
        const events = (await session.index.events(incident.uid)).map(({ event }) => event);
        if (watchedAlerts(events).some(({ fingerprint }) => fingerprint === alert.fingerprint)) {
          throw new FirebreakError('invalidInput', `${own} follows this alert already.`);
        }
        const event = await desk.attach(incident, alert, url, at ?? session.now());
        return recorded(incident, event, `follows ${alert.name} from now on`);
      }),
    );
}
