import assert from 'node:assert/strict';
import { mergeText } from '../../../../src/core/mergeText.ts';
import { phases } from '../../../../src/core/phase.ts';
import { severities } from '../../../../src/core/severity.ts';
import { changeItem, changeSeverity } from '../../../../src/services/changeItem.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import type { Fault } from '../../../github/faults.ts';
import { declare, SyncWorld, type TestClone } from './syncWorld.ts';

// More of them, or one again: FIREBREAK_SYNC_HISTORIES=100 FIREBREAK_SYNC_SEED=1
const histories = Number(process.env.FIREBREAK_SYNC_HISTORIES ?? 12);
const firstSeed = Number(process.env.FIREBREAK_SYNC_SEED ?? 1);
const steps = 30;

/** Numbers that a seed decides. */
function dice(seed: number): (sides: number) => number {
  let state = seed * 2654435761;
  return (sides) => {
    state = (state ^ (state << 13)) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    return state % sides;
  };
}

/** What clones share by git: a three-way merge of each file, ours first where lines conflict. */
class SharedRepository {
  #files: Record<string, string> = {};
  readonly #seen = new Map<TestClone, Record<string, string>>();
  readonly clashes: string[] = [];

  async exchange(clone: TestClone): Promise<void> {
    const base = this.#seen.get(clone) ?? {};
    const local = clone.tree.snapshot();
    const merged: Record<string, string> = { ...this.#files, ...local };
    for (const [path, theirs] of Object.entries(this.#files)) {
      const ours = local[path];
      if (ours === undefined || ours === theirs) continue;
      if (!path.endsWith('incident.md')) this.clashes.push(path);
      merged[path] = mergeText(base[path] ?? '', ours, theirs) ?? ours;
    }
    this.#files = merged;
    this.#seen.set(clone, { ...merged });
    const changed = Object.fromEntries(Object.entries(merged).filter(([path, text]) => local[path] !== text));
    await clone.receive(changed);
  }
}

const faults: Fault[] = [
  { name: 'commit-then-502' },
  { name: 'commit-then-reset' },
  { name: 'commit-then-truncated' },
  { name: '502-before' },
  { name: 'offline' },
  { name: '500-before' },
  { name: '429', retryAfter: 30 },
  { name: 'list-lag', seconds: 200, count: 3 },
];

describe('Sync: whatever happens, all end up alike', function () {
  this.timeout(600_000);

  for (let seed = firstSeed; seed < firstSeed + histories; seed++) {
    it(`history ${seed}`, async () => {
      const world = await SyncWorld.start();
      try {
        await play(world, seed);
      } finally {
        await world.stop();
      }
    });
  }
});

async function play(world: SyncWorld, seed: number): Promise<void> {
  const roll = dice(seed);
  const pick = <T>(list: readonly T[]): T => list[roll(list.length)] as T;
  const git = new SharedRepository();
  const clones = [
    await world.clone('alice').load(),
    await world.clone('bob', { skew: 86_400_000 }).load(),
    await world.clone('bob', { skew: -86_400_000 }).load(),
  ];
  const first = clones[0] as TestClone;
  const { id } = await declare(first, 'The trouble');
  for (const clone of clones) await git.exchange(clone);
  const words: string[] = [];
  const told = new Set<string>();
  const web = { title: 0, comment: 0 };
  const people = ['@alice', '@bob', '@manager', '@nobody-there', 'Robert', ''];
  const sprints = ['2025-W39', '2025-W40', '2025-W41', ''];
  const logins = () => world.issue().assigneeIds.map((user) => world.gitHub.state.users.get(user)?.login ?? '');

  const acts: (() => Promise<void>)[] = [
    async () => {
      const clone = pick(clones);
      await changePhase(clone.context, clone.incident(id), pick(phases.slice(1)));
    },
    async () => {
      const clone = pick(clones);
      await changeSeverity(clone.context, clone.item(id), pick(severities));
    },
    async () => {
      const clone = pick(clones);
      await changeItem(clone.context, clone.item(id), { title: `Title ${roll(1000)}` });
    },
    async () => {
      const clone = pick(clones);
      await changeItem(clone.context, clone.item(id), { owner: pick(people) });
    },
    async () => {
      const clone = pick(clones);
      await changeItem(clone.context, clone.item(id), { sprint: pick(sprints) });
    },
    async () => {
      const clone = pick(clones);
      const text = `note ${words.length} of history ${seed}`;
      words.push(text);
      await recordEvent(clone.context, clone.incident(id), 'note', text);
    },
    async () => {
      const clone = pick(clones);
      const { path } = clone.item(id);
      const line = `line ${roll(1000)}`;
      const text = clone.tree.text(path) ?? '';
      await clone.receive({ [path]: roll(2) ? `${text}\n${line}\n` : text.replace(/\n---\n/, `\n---\n${line}\n\n`) });
    },
    async () => {
      if (world.issues.length === 0) return;
      const person = world.manager;
      switch (roll(8)) {
        case 0:
          return person.editTitle(1, `Web title ${web.title++}`);
        case 1: {
          const text = `web comment ${web.comment++}`;
          told.add(text);
          person.comment(1, text);
          return;
        }
        case 2:
        case 3: {
          const label = roll(2) ? `phase: ${pick(phases.slice(1))}` : `severity: ${pick(severities)}`;
          const prefix = label.slice(0, label.indexOf(':'));
          const old = world.labels().filter((name) => name.startsWith(prefix) && name !== label);
          person.addLabels(1, label);
          if (old.length > 0) person.removeLabels(1, ...old);
          return;
        }
        case 4: {
          const assigned = logins().filter(() => roll(3) > 0);
          return person.assign(1, ...assigned, ...(roll(2) ? [pick(['alice', 'bob', 'manager'])] : []));
        }
        case 5:
          return person.setMilestone(1, pick(sprints) || null);
        case 6:
          return world.issue().state === 'open' ? person.close(1) : person.reopen(1);
        default:
          return person.editBody(1, `From the web ${roll(100)}\n\n${world.issue().body ?? ''}`);
      }
    },
    async () => git.exchange(pick(clones)),
    async () => void world.gitHub.inject({ ...pick(faults), skip: roll(4) }),
  ];

  for (let step = 0; step < steps; step++) {
    world.clock.advance(1 + roll(60));
    await pick(acts)();
    if (roll(2)) await pick(clones).sync.sync();
    if (roll(10) === 0) pick(clones).newSync();
  }

  world.gitHub.clearFaults();
  for (let round = 0; round < 6; round++) {
    world.clock.advance(95);
    for (const clone of clones) {
      await clone.sync.sync();
      await git.exchange(clone);
    }
    for (const clone of clones) await git.exchange(clone);
  }

  const standing = (clone: TestClone) => ({
    title: clone.item(id).title,
    severity: clone.item(id).severity,
    phase: clone.incident(id).incident.phase,
    status: clone.item(id).status,
    owner: clone.item(id).owner,
    sprint: clone.item(id).sprint,
    github: clone.item(id).github?.number,
  });
  assert.equal(world.issues.length, 1, 'one issue');
  for (const clone of clones) assert.deepEqual(standing(clone), standing(first));
  const { title, severity, phase } = standing(first);
  assert.equal(world.issue().title, title);
  assert.deepEqual(world.labels(), [`phase: ${phase}`, `severity: ${severity}`, 'type: bug']);
  const { owner = '', sprint = null } = standing(first);
  if (owner === '' || owner === 'Robert') assert.deepEqual(logins(), []);
  else if (owner !== '@nobody-there') assert.ok(logins().includes(owner.slice(1)), `${owner} in ${logins()}`);
  const { milestones } = world.gitHub.state.repository('acme/shop');
  assert.equal(milestones.get(world.issue().milestoneNumber ?? -1)?.title ?? null, sprint);
  const titles = [...milestones.values()].map(({ title }) => title);
  assert.equal(new Set(titles).size, titles.length, 'one milestone of a title');
  if (phase !== 'rca') assert.equal(world.issue().state, phase === 'closed' ? 'closed' : 'open');
  const posted = world.comments().join('\n');
  for (const text of words) assert.equal(posted.split(`${text}\n`).length - 1, 1, `${text} once on GitHub`);
  for (const clone of clones) {
    const bodies = (await clone.events(id)).map((event) => event.body);
    for (const text of [...words, ...told]) assert.equal(bodies.filter((body) => body === text).length, 1, text);
  }
  const before = clones.map((clone) => clone.tree.snapshot());
  world.takeRequests();
  for (const clone of clones) await clone.sync.sync();
  assert.deepEqual(world.takeWrites(), [], 'nothing is written once all agree');
  assert.deepEqual(
    clones.map((clone) => clone.tree.snapshot()),
    before,
  );
}
