import { Command } from 'commander';
import type { Incident } from '../../core/item.ts';
import { parseStatusUpdate, type StatusUpdate, statusUpdateFields } from '../../documents/statusUpdate.ts';
import { nextStatusUpdate, postStatusUpdate } from '../../services/postStatusUpdate.ts';
import type { Session } from '../../services/session.ts';
import { chooseIncident, incidentAndWord, isItemName, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { recorded } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { incidentArgument } from '../words.ts';

/** The options, each with the field of the guide's template that it fills. */
const options = {
  state: 'currentState',
  impact: 'impact',
  cause: 'rootCause',
  actions: 'actionsTaken',
  next: 'nextSteps',
  eta: 'eta',
} as const satisfies Record<string, keyof StatusUpdate>;

type UpdateOptions = Readonly<Partial<Record<keyof typeof options, string>>>;

/** The guide's `incident-update`. */
export function updateCommand(cli: Cli): Command {
  const command = new Command('update')
    .description("Post a status update by the guide's template. What you leave out stays as in the last one.")
    .usage('[options] [id] [text]')
    .addArgument(incidentArgument())
    .argument('[text]', 'the current state, or the whole template in markdown; - reads it from stdin');
  for (const [option, key] of Object.entries(options)) {
    const title = statusUpdateFields.find((field) => field.key === key)?.title ?? key;
    command.option(`--${option} <markdown>`, title);
  }
  return command.action(
    async (first: string | undefined, second: string | undefined, given: UpdateOptions, self: Command) =>
      perform(cli, self, async (session) => {
        const { incident, text } = chooseText(session, first, second, given);
        const spoken = text === undefined ? {} : readText(await spokenText(cli, text));
        const update = { ...(await nextStatusUpdate(session.context, incident)), ...spoken, ...fieldsOf(given) };
        const event = await postStatusUpdate(session.context, incident, update);
        return recorded(incident, event, 'status update posted');
      }),
  );
}

function chooseText(
  session: Session,
  first: string | undefined,
  second: string | undefined,
  given: UpdateOptions,
): { incident: Incident; text: string | undefined } {
  if (Object.keys(given).length === 0 || second !== undefined) {
    const { incident, word } = incidentAndWord(session, first, second, 'the current state (or use --state …)');
    return { incident, text: word };
  }
  if (first === undefined) return { incident: onlyOpenIncident(session), text: undefined };
  if (isItemName(session, first)) return { incident: chooseIncident(session, first), text: undefined };
  return { incident: onlyOpenIncident(session), text: first };
}

function readText(text: string): Partial<StatusUpdate> {
  const template = parseStatusUpdate(text);
  if (!template) return { currentState: text.trim() };
  // A field that the template does not hold says nothing, and so does an empty one.
  return Object.fromEntries(Object.entries(template).filter(([, value]) => value !== ''));
}

function fieldsOf(given: UpdateOptions): Partial<StatusUpdate> {
  const fields: Partial<Record<keyof StatusUpdate, string>> = {};
  for (const [option, key] of Object.entries(options) as [keyof typeof options, keyof StatusUpdate][]) {
    const value = given[option];
    if (value !== undefined) fields[key] = value;
  }
  return fields;
}
