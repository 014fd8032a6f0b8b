import type { Incident } from '../../src/core/item.ts';
import { phases } from '../../src/core/phase.ts';
import { severities } from '../../src/core/severity.ts';
import type { StoredEvent } from '../../src/core/timelineEvent.ts';
import { changeItem, changeSeverity } from '../../src/services/changeItem.ts';
import { changePhase } from '../../src/services/changePhase.ts';
import { postStatusUpdate } from '../../src/services/postStatusUpdate.ts';
import { purgeEvent } from '../../src/services/purgeEvent.ts';
import { purgesOf } from '../../src/services/purges.ts';
import { recordEvent } from '../../src/services/recordEvent.ts';
import { correctEvent, retractEvent } from '../../src/services/replaceEvent.ts';
import type { ModelClone } from './modelClone.ts';
import { holds, type Line, type ModelWorld } from './modelWorld.ts';
import type { WorkStep } from './steps.ts';

/** Who owns an item: people with a login, one without, nobody. */
export const owners = ['@alice', '@bob', '@Carol', '@manager', 'Night shift', ''];

/** Has a use case change an incident in a clone, and keeps account of what it said. */
export async function work(world: ModelWorld, clone: ModelClone, step: WorkStep): Promise<void> {
  const incident = clone.incidents[step.incident % Math.max(1, clone.incidents.length)];
  if (!incident) return;
  const { uid } = incident;
  const { context } = clone;
  const text = `${step.do} ${world.step}`;
  const spoken = await spokenEvents(world, clone, incident);
  const stored = spoken[step.value % Math.max(1, spoken.length)];
  let said: Line[] | undefined;
  let act: () => Promise<unknown>;
  switch (step.do) {
    case 'phase':
      act = () => changePhase(context, incident, phases[1 + (step.value % (phases.length - 1))] ?? 'triage');
      break;
    case 'severity':
      act = () => changeSeverity(context, incident, severities[step.value % severities.length] ?? 'P1');
      break;
    case 'title':
      act = () => changeItem(context, incident, { title: text });
      said = world.titles;
      break;
    case 'owner':
      act = () => changeItem(context, incident, { owner: owners[step.value % owners.length] ?? '' });
      break;
    case 'sprint':
      act = () => changeItem(context, incident, { sprint: sprintOf(step.value, world.step) });
      break;
    case 'note':
      act = () => recordEvent(context, incident, 'note', text);
      said = world.said;
      break;
    case 'correct':
      if (!stored) return;
      act = () => correctEvent(context, incident, stored.event, text);
      said = world.said;
      break;
    case 'retract':
      if (!stored) return;
      act = () => retractEvent(context, incident, stored.event, text);
      break;
    case 'purge': {
      const { id, body } = stored?.event ?? {};
      const words = world.wordsOf(uid).find((one) => body !== undefined && holds(body, one));
      if (!stored || id === undefined || words === undefined || purgesOf(context, incident).has(id)) return;
      world.purges.push({ uid, text: words, event: id });
      act = () => purgeEvent(context, clone.machine.files(clone.privateFiles), incident, stored);
      break;
    }
    case 'update':
      act = () => postStatusUpdate(context, incident, { ...emptyUpdate, currentState: text });
      said = world.said;
  }
  let finished = false;
  await clone.act(async () => {
    await act();
    finished = true;
  }, step.kill);
  if (finished) said?.push({ uid, text });
}

/** Events with words that somebody said here or on GitHub, in an order that is the same in every clone. */
async function spokenEvents(world: ModelWorld, clone: ModelClone, { uid }: Incident): Promise<StoredEvent[]> {
  const words = world.wordsOf(uid);
  return (await clone.index.events(uid)).filter(({ event }) => words.some((text) => holds(event.body, text)));
}

/** A week of this step alone, one of two that many choose, or none. */
export function sprintOf(value: number, step: number): string {
  if (value === 0) return '';
  if (value < 4) return `2025-W${40 + (value % 2)}`;
  return `${2030 + Math.floor(step / 50)}-W${String(1 + (step % 50)).padStart(2, '0')}`;
}

const emptyUpdate = {
  currentState: '',
  impact: '',
  rootCause: '',
  actionsTaken: '',
  nextSteps: '',
  eta: '',
};
