import assert from 'node:assert/strict';
import { FirebreakError } from '../../../src/core/errors.ts';
import type { Incident } from '../../../src/core/item.ts';
import { assignRole } from '../../../src/services/assignRole.ts';
import { requireIncident } from '../../../src/services/context.ts';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import { draftUpdate } from '../../../src/services/draftUpdate.ts';
import { knownPeople } from '../../../src/services/people.ts';
import { recordEvent } from '../../../src/services/recordEvent.ts';
import { addTask, changeTask, handOver, incidentTasks } from '../../../src/services/tasks.ts';
import { type Clone, openClone } from './clone.ts';

describe('The tasks of an incident', () => {
  let clone: Clone;
  let incident: Incident;
  const tasks = async () =>
    (await incidentTasks(clone.context, incident)).map(({ owner, text, state }) => `${owner} ${text} ${state}`);
  const current = () => requireIncident(clone.index, incident.uid);

  beforeEach(async () => {
    clone = await openClone();
    incident = await declareIncident(clone.context, {
      title: 'API down',
      severity: 'P0',
      criteria: [],
      commander: '@alice',
    });
  });

  it('are given, ticked off, taken up again and dropped: each an event that can be read by itself', async () => {
    await addTask(clone.context, incident, '@bob', 'Check the cache');
    clone.pass(1_000);
    await recordEvent(clone.context, incident, 'note', '@eve: ask the provider');
    assert.deepEqual(await tasks(), ['@bob Check the cache open', '@eve ask the provider open']);
    const [first] = await incidentTasks(clone.context, incident);
    assert.ok(first);
    clone.pass(1_000);
    const done = await changeTask(clone.context, incident, first, { state: 'done' }, 'It was cold.');
    assert.equal(done?.body, 'Done: Check the cache\n\nIt was cold.');
    const [ticked] = await incidentTasks(clone.context, incident);
    assert.ok(ticked);
    assert.equal(await changeTask(clone.context, incident, ticked, { state: 'done' }), undefined);
    clone.pass(1_000);
    await changeTask(clone.context, incident, ticked, { state: 'open', owner: '@eve' });
    assert.deepEqual(await tasks(), ['@eve Check the cache open', '@eve ask the provider open']);
    await clone.reopen(7);
    assert.deepEqual(await tasks(), ['@eve Check the cache open', '@eve ask the provider open']);
    await assert.rejects(addTask(clone.context, incident, '@bob', '  '), (error) =>
      FirebreakError.is(error, 'invalidInput'),
    );
  });

  it('are what an update says is next, and what was done', async () => {
    await addTask(clone.context, incident, '@bob', 'Check the cache');
    await addTask(clone.context, incident, '', 'Page the provider');
    const [first] = await incidentTasks(clone.context, incident);
    assert.ok(first);
    clone.pass(1_000);
    await changeTask(clone.context, incident, first, { state: 'done' });
    const update = await draftUpdate(clone.context, incident);
    assert.equal(update.actionsTaken, 'Check the cache');
    assert.match(update.nextSteps, /Page the provider$/);
  });

  it('go with a role that is handed over, and the hand-over says what is open', async () => {
    await assignRole(clone.context, current(), 'scribe', '@carol');
    await addTask(clone.context, incident, '@alice', 'Decide about the rollback');
    await addTask(clone.context, incident, '@bob', 'Check the cache');
    clone.pass(1_000);
    const changed = await handOver(clone.context, current(), 'commander', '@dora', 'Legal is informed.');
    assert.equal(changed.incident.roles.commander, '@dora');
    assert.deepEqual(await tasks(), ['@dora Decide about the rollback open', '@bob Check the cache open']);
    const events = (await clone.index.events(incident.uid)).map(({ event }) => event);
    const step = events.find((event) => event.kind === 'role' && event.to === '@dora');
    assert.equal(
      step?.body,
      '@alice hands over to @dora.\n\nLegal is informed.\n\nOpen:\n\n- @alice: Decide about the rollback\n- @bob: Check the cache',
    );
    await assert.rejects(handOver(clone.context, current(), 'commander', '@dora'), (error) =>
      FirebreakError.is(error, 'invalidInput'),
    );
  });

  it('can be given to whom the policy, the backlog, CODEOWNERS and git’s authors name', async () => {
    clone.tree.put('incident-policy.yml', 'people:\n  - { github: pat, email: pat@example.com }\n');
    clone.tree.put('.github/CODEOWNERS', '# owners\n* @acme/sre @eve\n/docs docs@example.com @Frank # x\n');
    await clone.index.refresh(['incident-policy.yml']);
    const git = async () =>
      ({
        authors: async () => [
          { name: 'Pat', email: 'pat@example.com' },
          { name: 'Gil', email: '12+gil@users.noreply.github.com' },
        ],
      }) as never;
    const people = await knownPeople({ index: clone.index, files: clone.tree, git }, '@me');
    assert.deepEqual(people, ['@me', '@pat', '@alice', '@acme/sre', '@eve', '@Frank', '@gil']);
    const broken = async () => Promise.reject(new Error('git is broken'));
    assert.ok((await knownPeople({ index: clone.index, files: clone.tree, git: broken }, '@me')).includes('@pat'));
  });
});
