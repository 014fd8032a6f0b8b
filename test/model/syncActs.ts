import { FirebreakError } from '../../src/core/errors.ts';
import { requestReview, reviewPath } from '../../src/services/postReview.ts';
import type { ModelClone } from './modelClone.ts';
import type { ModelWorld } from './modelWorld.ts';

/** Lists of issues; what is asked of one issue is never behind. */
const issueLists = /\/issues\?/;
const makesIssue = /\/issues$/;

/**
 * Declares an incident and makes its issue twice: the answer to the first is lost, and when it was looked for in vain for long
 * enough another is sent, since the lists are an hour behind.
 * @param apart seconds from one look to the next
 */
export async function doubleIssue(world: ModelWorld, clone: ModelClone, apart: number): Promise<void> {
  // What was made before and never answered is found first: people may have put words of their own into that one.
  await clone.sync();
  await world.declare(clone, undefined);
  const faults = [
    world.gitHub.inject({ name: 'commit-then-502', method: 'POST', path: makesIssue }),
    world.gitHub.inject({ name: 'list-lag', seconds: 3_600, count: 20, path: issueLists }),
  ];
  for (let sync = 0; sync < 4; sync++) {
    await clone.sync();
    world.clock.advance(apart);
  }
  for (const fault of faults) fault.remove();
}

/** Writes a review, or changes it, and asks for it to be posted. */
export async function reviewIncident(world: ModelWorld, clone: ModelClone, pick: number): Promise<void> {
  const incident = clone.incidents[pick % Math.max(1, clone.incidents.length)];
  if (!incident?.github || clone.repository.conflicts || clone.repository.branch !== 'main') return;
  const { uid } = incident;
  const text = `Review ${world.step}`;
  await clone.show(new Map([...clone.snapshot, [reviewPath(incident), `${text}\n`]]));
  try {
    await requestReview(clone.machine.files(clone.tree), clone.machine.files(clone.privateFiles), incident);
    world.reviews.push({ uid, text });
  } catch (error) {
    if (!FirebreakError.is(error, 'privateItem')) throw error;
  }
}
