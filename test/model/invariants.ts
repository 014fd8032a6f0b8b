import { type Item, type ItemRecord, isIncident } from '../../src/core/item.ts';
import { isFinished } from '../../src/core/status.ts';
import { parseCommentMarker } from '../../src/services/sync/commentMarker.ts';
import { parseIssueBody, trimmedBody } from '../../src/services/sync/markers.ts';
import { sentOwner, sentSprint } from '../../src/services/sync/syncedField.ts';
import { isWrite } from '../github/apiPipeline.ts';
import { holdsSecret } from '../support/secretScan.ts';
import type { ModelClone } from './modelClone.ts';
import { type Line, type ModelWorld, timesIn } from './modelWorld.ts';
import type { Step } from './steps.ts';
import { timelinesHold } from './timelineInvariants.ts';
import { Violation } from './violation.ts';
import { withheldAnywhere } from './withholding.ts';

const settlingRounds = 7;

/**
 * Plays a history, lets everything settle, and looks whether all is as it must be:
 *
 * 1. one issue for an item, one comment for an event, whatever the faults;
 * 2. every edit is in the final value, knowingly superseded, or in a conflict copy;
 * 3. once faults have stopped all clones and GitHub agree, and the next sync writes nothing anywhere;
 * 5. a crash at any moment and a restart are no different from no crash;
 * 7. what Firebreak does not know survives byte for byte;
 * 8. no file and no issue is taken away;
 * 9. checking out an old branch writes nothing;
 * 10. nothing is sent before GitHub's `retry-after`;
 * 12. no token is in a file or a log;
 * 13. nothing that is kept inside leaves, nor is it asked for.
 *
 * Of the others 4 is about pure functions, tested by themselves; 6 (cursors) and 11 (dropped fields) show as 2 and 3.
 * @throws Violation
 */
export async function check(world: ModelWorld, history: readonly Step[]): Promise<void> {
  await world.begin();
  for (const step of history) await world.play(step);
  await world.settle(settlingRounds);
  const withheld = withheldAnywhere(world);
  oneOfEach(world, withheld);
  noWordLost(world, withheld);
  await allAgree(world, withheld);
  reviewsArePosted(world, withheld);
  await isQuiet(world);
  await oldBranchIsQuiet(world);
  const early = world.gitHub.requests.find(({ tooEarly, login }) => tooEarly && !world.hasDied(login));
  if (early) {
    throw new Violation(10, 'a request came before the time that GitHub had named');
  }
  noTokens(world);
  copiesAreLeftAlone(world);
}

/** A copy says what it said; one that differs in nothing may be closed as a double. */
function copiesAreLeftAlone(world: ModelWorld): void {
  for (const [number, { title, body }] of world.copies) {
    const issue = world.issues.find((one) => one.number === number);
    const [was, is] = [body, issue?.body ?? ''].map((text) => parseIssueBody(text.replaceAll('\r', '')).text);
    if (!issue || issue.title !== title || is !== was || world.commentsOf(issue).length > 0) {
      throw new Violation(1, `the copy #${number} was changed`);
    }
  }
}

/** A review that was asked for is posted once, as it was when somebody last asked. */
function reviewsArePosted(world: ModelWorld, withheld: ReadonlySet<string>): void {
  for (const { incidents } of world.clones.slice(0, 1)) {
    for (const { uid, id, github } of incidents) {
      const asked = world.reviews.filter((review) => review.uid === uid).map(({ text }) => text);
      if (asked.length === 0 || withheld.has(uid)) continue;
      const issue = world.issues.find(({ number }) => number === github?.number);
      const posted = (issue ? world.commentsOf(issue) : []).filter((body) => body.includes('firebreak:ev=rca'));
      const wasDeleted = [...world.deletedKeys].some((key) => key.startsWith(`rca:${uid}`));
      if (posted.length > 1 && !wasDeleted)
        throw new Violation(1, `the review of ${id} is posted twice:\n${posted.join('\n')}`);
      const isOne = posted.some((body) => asked.some((text) => timesIn(body, text) === 1));
      if (!isOne && !wasDeleted && !world.hasForgotten)
        throw new Violation(2, `the review of ${id} is not on GitHub:\n${posted}`);
    }
  }
}

function oneOfEach(world: ModelWorld, withheld: ReadonlySet<string>): void {
  const numbers = new Map<string, number[]>();
  for (const issue of world.issues) {
    const uid = parseIssueBody(issue.body ?? '').marker?.uid;
    const isOurs = !world.copies.has(issue.number);
    if (uid !== undefined && issue.state === 'open' && isOurs)
      numbers.set(uid, [...(numbers.get(uid) ?? []), issue.number]);
    const keys = world.commentsOf(issue).flatMap((body) => parseCommentMarker(body.replaceAll('\r', '')) ?? []);
    // Words that stand in several comments are purged in each.
    const purges = new Set(world.clones.flatMap((clone) => clone.index.records(uid ?? '').flatMap(purgeId)));
    const twice = keys.find((key, at) => keys.indexOf(key) !== at && !key.startsWith(forged) && !purges.has(key));
    if (twice !== undefined) throw new Violation(1, `event ${twice} was posted twice on #${issue.number}`);
  }
  for (const [uid, found] of numbers) {
    if (found.length > 1 && !withheld.has(uid)) throw new Violation(1, `${uid} has the issues ${found.join(', ')}`);
  }
  for (const item of world.clones[0]?.items ?? []) {
    const { uid, title } = item;
    if (!isPublished(world, item) || withheld.has(uid)) continue;
    const count = world.issues.filter((issue) => parseIssueBody(issue.body ?? '').marker?.uid === uid).length;
    if (count === 0) throw new Violation(3, `${title} has no issue`);
  }
}

function purgeId({ id, purges }: ItemRecord): string[] {
  return purges === undefined ? [] : [id];
}

/** Of the outsider's comments, which anybody may copy. */
const forged = '01K5V7M3QZ8W4T2N6R0HXJ9DCA';

function noWordLost(world: ModelWorld, withheld: ReadonlySet<string>): void {
  // What people do to an issue that is kept inside stays on GitHub.
  const isOpen = ({ uid }: Line) => !withheld.has(uid);
  for (const path of world.clashes) throw new Violation(2, `git found a conflict in ${path}`);
  for (const clone of world.clones) {
    const texts = [...clone.snapshot];
    for (const { uid, text } of world.lines.filter(isOpen)) {
      const item = clone.index.item(uid);
      const found = texts.some(([path, content]) => content.includes(text) && isAbout(path, item?.path ?? ''));
      if (!found) throw new Violation(2, `the line "${text}" is gone from ${clone.origin}`);
    }
    for (const { uid, text } of world.keys) {
      const item = clone.index.item(uid);
      const content = item && clone.tree.text(item.path);
      if (!content?.split('\n').includes(text)) throw new Violation(7, `"${text}" is gone from ${clone.origin}`);
    }
    for (const path of world.paths) {
      if (clone.tree.text(path) === undefined) throw new Violation(8, `${path} is gone from ${clone.origin}`);
    }
  }
  for (const { uid, text } of world.titles.filter(isOpen)) {
    const kept = world.clones.every((clone) => clone.index.records(uid).some(({ set }) => set.title === text));
    if (!kept && !world.renamedKnowingly(text)) throw new Violation(2, `the title "${text}" was lost`);
  }
  for (const { uid, text } of world.sprints.filter(isOpen)) {
    // What was written here by hand and chosen there alike is nobody's change.
    const kept = world.clones.every(
      ({ index }) => index.item(uid)?.sprint === text || index.records(uid).some(({ set }) => set.sprint === text),
    );
    if (!kept && !world.leftKnowingly(text)) throw new Violation(2, `the sprint "${text}" was lost`);
  }
}

/** The document, or a copy that was kept of it. */
function isAbout(path: string, document: string): boolean {
  return path === document || path.includes('/conflicts/');
}

async function allAgree(world: ModelWorld, withheld: ReadonlySet<string>): Promise<void> {
  const [first, ...others] = world.clones;
  if (!first) return;
  const expected = JSON.stringify(standing(first));
  for (const clone of others) {
    const found = JSON.stringify(standing(clone));
    if (found !== expected) {
      throw new Violation(3, `${first.origin} and ${clone.origin} differ:\n${expected}\n${found}`);
    }
  }
  for (const item of first.items) {
    if (isPublished(world, item) && !withheld.has(item.uid)) agreesWithGitHub(world, first, item, withheld);
  }
  await timelinesHold(world, withheld);
}

/** Whether an item is to have an issue: of a declaration that was cut short nobody knows who would be the one to make it. */
function isPublished(world: ModelWorld, item: Item): boolean {
  if (isIncident(item)) return world.isDeclared(item.uid);
  if (item.github !== undefined) return true;
  // What was chosen is private state; and what was never made an issue of may have become something that gets none.
  return world.chosen.has(item.uid) && !world.hasForgotten;
}

function agreesWithGitHub(world: ModelWorld, clone: ModelClone, item: Item, withheld: ReadonlySet<string>): void {
  const issue = world.issues.find(({ number }) => number === item.github?.number);
  if (!issue) throw new Violation(3, `${item.id} is linked to no issue`);
  if (world.copies.has(issue.number)) throw new Violation(1, `a copy, #${issue.number}, took the place of an issue`);
  const differ = (what: string, here: unknown, there: unknown) => {
    if (here !== there) throw new Violation(3, `${what} of ${item.id}: "${here}" here and "${there}" on GitHub`);
  };
  differ('title', item.title, issue.title);
  const standing = isIncident(item) ? `phase: ${item.incident.phase}` : `status: ${item.status}`;
  if (!world.wasHit('dropped-labels')) {
    const present = world.labelsOf(issue).filter((name) => /^\w+: /.test(name));
    // Where a label was renamed or deleted none may be left of its field, and that says nothing; what is left has to be right.
    const fieldOf = (name: string) => name.slice(0, name.indexOf(':'));
    const lost = new Set([...world.lostLabels].map(fieldOf));
    const isLost = (name: string) => lost.has(fieldOf(name)) && !present.some((one) => fieldOf(one) === fieldOf(name));
    const all = [standing, `severity: ${item.severity}`, `type: ${item.type}`].sort();
    const wanted = all.filter((name) => !isLost(name));
    differ('labels', wanted.join(), present.join());
    const assigned = world.assigneesOf(issue);
    const owner = sentOwner(item.owner ?? '', []);
    const isAssigned = owner === '' ? assigned.length === 0 : assigned.includes(owner);
    if (!isAssigned) differ('owner', item.owner ?? '', assigned.join());
    const milestone = world.milestoneOf(issue);
    // A milestone that is no sprint is a person's, and stays.
    if (sentSprint(milestone) === milestone) differ('sprint', sentSprint(item.sprint ?? ''), milestone);
  }
  const isOver = isIncident(item) ? item.incident.phase === 'closed' : isFinished(item.status);
  if (standing !== 'phase: rca') differ('state', isOver ? 'closed' : 'open', issue.state);
  if (!isIncident(item)) belongsToItsIncident(clone, item, issue.parentNumber, withheld);
  if (!world.wasHit('patch-keeps-old-body')) {
    differ('text', trimmedBody(item.body), parseIssueBody((issue.body ?? '').replaceAll('\r', '')).text);
  }
}

/** An action item's issue is under that of its incident, unless that is kept inside, or half declared and has none. */
function belongsToItsIncident(
  { incidents }: ModelClone,
  { id, actionOf }: Item,
  parent: number | null,
  withheld: ReadonlySet<string>,
): void {
  const incident = incidents.find((one) => one.id === actionOf);
  if (
    (incident && withheld.has(incident.uid)) ||
    incidents.some(({ uid, github }) => withheld.has(uid) && github?.number === parent)
  )
    return;
  if (incident && !incident.github) return;
  const wanted = incident?.github?.number ?? null;
  if (wanted !== parent) throw new Violation(3, `${id} belongs to #${wanted} here and to #${parent} on GitHub`);
}

function standing(clone: ModelClone) {
  return clone.items.map(({ uid, id, title, severity, status, owner, sprint, incident, actionOf, github, body }) => ({
    uid,
    id,
    title,
    severity,
    status,
    owner,
    sprint,
    phase: incident?.phase,
    actionOf,
    github: github?.number,
    body: trimmedBody(body),
  }));
}

async function isQuiet(world: ModelWorld): Promise<void> {
  const before = world.clones.map((clone) => JSON.stringify([...clone.snapshot]));
  await expectNoWrites(world, 3, 'once all agree');
  for (const [index, clone] of world.clones.entries()) {
    if (JSON.stringify([...clone.snapshot]) !== before[index]) {
      throw new Violation(3, `a sync changed files of ${clone.origin} once all agreed`);
    }
  }
}

async function oldBranchIsQuiet(world: ModelWorld): Promise<void> {
  for (const clone of world.clones) {
    clone.repository.commit(clone.snapshot);
    const whole = clone.snapshot;
    for (const back of [1, 4]) {
      await clone.show(clone.repository.switchBack(`past${back}`, back));
      await expectNoWrites(world, 9, `on an old branch of ${clone.origin}`, clone);
      clone.repository.commit(clone.snapshot);
      await clone.show(clone.repository.switchTo('main'));
      await expectNoWrites(world, 9, `back from an old branch of ${clone.origin}`, clone);
    }
    if (JSON.stringify([...clone.snapshot]) !== JSON.stringify([...whole])) {
      throw new Violation(9, `files of ${clone.origin} changed by a look at an old branch`);
    }
  }
}

async function expectNoWrites(world: ModelWorld, invariant: number, when: string, only?: ModelClone): Promise<void> {
  const from = world.gitHub.requests.length;
  for (const clone of only ? [only] : world.clones) await clone.sync();
  const writes = world.gitHub.requests.slice(from).filter(isWrite);
  if (writes.length > 0) {
    const list = writes.map(({ method, path, body }) => `${method} ${path} ${JSON.stringify(body)}`).join('\n');
    throw new Violation(invariant, `written ${when}:\n${list}`);
  }
}

function noTokens(world: ModelWorld): void {
  for (const clone of world.clones) {
    const all = JSON.stringify([clone.tree.snapshot(), clone.privateFiles.snapshot(), clone.log]);
    if (holdsSecret(all)) throw new Violation(12, `a token is on the disk of ${clone.origin}`);
  }
}
