import { Command } from 'commander';
import type { Clock } from '../../core/clocks.ts';
import { type Incident, type Item, isIncident } from '../../core/item.ts';
import type { StoredEvent } from '../../core/timelineEvent.ts';
import { incidentClocksOf } from '../../services/incidentClocksOf.ts';
import type { Session } from '../../services/session.ts';
import { chooseItem, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, type Outcome, perform } from '../cli.ts';
import { incidentText, itemText } from '../incidentText.ts';
import { clockJson, itemJson, storedEventJson } from '../itemJson.ts';
import { type Paint, painter } from '../paint.ts';
import { problemWarnings } from '../problemWarnings.ts';
import { incidentArgument } from '../words.ts';

export function showCommand(cli: Cli): Command {
  return new Command('show')
    .description('Show an item; of an incident also its clocks and its timeline.')
    .addArgument(incidentArgument())
    .action(async (id: string | undefined, _options: object, command: Command) =>
      perform(cli, command, async (session) => {
        const item = id === undefined ? onlyOpenIncident(session) : chooseItem(session, id);
        return show(session, item, painter(cli.terminal.color));
      }),
    );
}

async function show(session: Session, item: Item, paint: Paint): Promise<Outcome> {
  const warnings = problemWarnings(
    session.index.problems().filter(({ path }) => session.index.itemAt(path)?.uid === item.uid),
    [],
  );
  const json = { item: itemJson(item), body: item.body };
  if (!isIncident(item)) return { json: { ...json, clocks: [], timeline: [] }, text: itemText(item, paint), warnings };
  const now = session.now();
  const clocks = await clocksOf(session, item);
  const timeline = await session.index.timeline(item.uid);
  return {
    json: { ...json, clocks: clocks.map((clock) => clockJson(clock, now)), timeline: timeline.map(storedEventJson) },
    text: incidentText({ incident: item, clocks, timeline, now, names: originsOf(session, timeline) }, paint),
    warnings,
  };
}

async function clocksOf(session: Session, incident: Incident): Promise<Clock[]> {
  await session.index.events(incident.uid);
  return incidentClocksOf(session.index, incident);
}

/** The ids of the incidents that a timeline's events come from, by uid. */
function originsOf(session: Session, timeline: readonly StoredEvent[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { event } of timeline) names.set(event.incident, session.index.item(event.incident)?.id ?? event.incident);
  return names;
}
