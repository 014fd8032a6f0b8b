import assert from 'node:assert/strict';
import { readRunbook } from '../../../src/documents/runbook.ts';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import { addGuideRunbooks, listRunbooks, stepKey, tickedSteps, tickStep } from '../../../src/services/runbooks.ts';
import { openClone } from './clone.ts';

describe('Runbooks', () => {
  it('have the steps of their lists, and nothing from blocks of code or below other steps', () => {
    const source = [
      '\ufeff---',
      'title: "Queue: stuck"',
      '---',
      '# Heading',
      '1. **Look** at the queue',
      '   1. deeper: no step',
      '   - [ ] nor this',
      '```',
      '1. not this',
      '```',
      '2) Drain it',
      '- [ ] Tell support',
      '- [x] ticked in the file is a step too',
      '- plain bullet: none',
      '10. Ten',
    ].join('\r\n');
    const { title, steps } = readRunbook('runbooks/q.md', source);
    assert.equal(title, 'Queue: stuck');
    assert.deepEqual(
      steps.map(({ number, text, line }) => `${number} ${text} ${line}`),
      [
        '1 **Look** at the queue 4',
        '2 Drain it 10',
        '3 Tell support 11',
        '4 ticked in the file is a step too 12',
        '5 Ten 14',
      ],
    );
    assert.equal(readRunbook('runbooks/a-b.md', 'x').title, 'a-b');
    assert.equal(readRunbook('runbooks/a.md', '---\nbroken: [\n---\n# It\n1. x\n').steps.length, 1);
  });

  it('of the guide are written once, and what is there stays', async () => {
    const clone = await openClone();
    clone.tree.put('runbooks/memory-leak.md', '# Ours\n\n1. Restart\n');
    assert.equal(await addGuideRunbooks(clone.tree), 3);
    assert.equal(await addGuideRunbooks(clone.tree), 0);
    const runbooks = await listRunbooks(clone.tree);
    assert.deepEqual(
      runbooks.map(({ title, steps }) => `${title} ${steps.length}`),
      ['API Service Degradation 5', 'Database Outage 5', 'DDoS Attack 5', 'Ours 1'],
    );
  });

  it('are ticked for an incident, by events, and not in their file; a step that was reworded is another', async () => {
    const clone = await openClone();
    await addGuideRunbooks(clone.tree);
    const incident = await declareIncident(clone.context, { title: 'API down', severity: 'P0', criteria: [] });
    const [, database] = await listRunbooks(clone.tree);
    const [first, second] = database?.steps ?? [];
    assert.ok(database && first && second);
    const before = clone.tree.text(database.path);
    const event = await tickStep(clone.context, incident, database, second, 'One query, 40 s.');
    assert.equal(event.body, 'Database Outage, step 2: Review slow query log\n\nOne query, 40 s.');
    assert.equal(clone.tree.text(database.path), before);
    await clone.reopen(3);
    const ticked = tickedSteps((await clone.index.events(incident.uid)).map((stored) => stored.event));
    assert.equal(ticked.get(stepKey(database.path, second))?.id, event.id);
    assert.equal(ticked.has(stepKey(database.path, first)), false);
    assert.equal(ticked.has(stepKey(database.path, { text: 'Review the slow query log' })), false);
  });
});
