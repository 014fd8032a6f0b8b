import assert from 'node:assert/strict';
import path from 'node:path';
import { incidentClocks } from '../../../src/core/clocks.ts';
import { FirebreakError } from '../../../src/core/errors.ts';
import { isIncident, isOpenIncident } from '../../../src/core/item.ts';
import { minute } from '../../../src/core/time.ts';
import { addItem } from '../../../src/services/addItem.ts';
import { changeItem, changeSeverity } from '../../../src/services/changeItem.ts';
import { declareIncident, declareItem } from '../../../src/services/declareIncident.ts';
import { assertGolden, treeText } from '../support/goldenText.ts';
import { memoryFiles } from '../support/memoryFiles.ts';
import { type Clone, openClone, portOf } from './clone.ts';

const golden = (name: string) => path.join(import.meta.dirname, 'golden', `${name}.txt`);
const justTitle = { title: 'Production API Down', severity: 'P0', criteria: [] } as const;

async function kinds(clone: Clone, uid: string): Promise<string[]> {
  return (await clone.index.events(uid)).map(({ event }) => event.kind);
}

describe('declareIncident', () => {
  it('needs only a title, and writes what the design says', async () => {
    const clone = await openClone();
    const incident = await declareIncident(clone.context, justTitle);
    assert.equal(incident.id, 'BUG-P0-20250923-1430');
    assert.equal(incident.path, 'incidents/BUG-P0-20250923-1430/incident.md');
    assert.equal(incident.severity, 'P0');
    assert.equal(incident.status, 'doing');
    assert.equal(incident.incident.phase, 'declared');
    assert.equal(incident.sprint, '2025-W39');
    assert.equal(incident.private, false);
    assert.deepEqual(await kinds(clone, incident.uid), ['phase', 'severity', 'decision']);
    assertGolden(golden('declare-title'), treeText(clone.tree.snapshot()));
  });

  it('writes all that is known', async () => {
    const clone = await openClone();
    const incident = await declareIncident(clone.context, {
      title: 'Checkout: "payments" fail — 50% of orders',
      severity: 'P0',
      criteria: ['production-down', 'revenue-impact'],
      type: 'bug',
      impact: 'All of EU.\r\nSince 14:20.',
      service: 'checkout',
      commander: '@bob',
      description: 'HTTP 500 from `/pay`.\n\n- started after deploy 812\n',
      tags: ['eu', 'payments'],
    });
    assert.deepEqual(incident.incident.criteria, ['production-down', 'revenue-impact']);
    assert.deepEqual(incident.incident.roles, { commander: '@bob' });
    assert.equal(incident.owner, '@bob');
    assert.equal(incident.incident.service, 'checkout');
    assert.deepEqual(incident.tags, ['eu', 'payments']);
    assert.deepEqual(await kinds(clone, incident.uid), ['phase', 'severity', 'role', 'impact', 'decision']);
    assertGolden(golden('declare-all'), treeText(clone.tree.snapshot()));
  });

  it('keeps in the journal, byte for byte, what it writes to the tree', async () => {
    const clone = await openClone();
    await declareIncident(clone.context, justTitle);
    const journal = Object.fromEntries(
      Object.entries(clone.privateFiles?.snapshot() ?? {}).map(([name, text]) => [
        name.replace(/^journal\//, ''),
        text,
      ]),
    );
    assert.deepEqual(journal, clone.tree.snapshot());
  });

  it('journals everything before it touches the tree, and writes incident.md first', async () => {
    const order: string[] = [];
    const clone = await openClone({
      through: (files, place) => ({
        ...portOf(files),
        create: async (name, text) => {
          order.push(`${place} ${name.replace(/^journal\//, '').replace(/^.*timeline\/.*Z-(\w+)-.*$/, '$1')}`);
          await files.create(name, text);
        },
      }),
    });
    await declareIncident(clone.context, justTitle);
    const document = 'incidents/BUG-P0-20250923-1430/incident.md';
    assert.deepEqual(order, [
      `private ${document}`,
      'private phase',
      'private severity',
      'private decision',
      `tree ${document}`,
      'tree phase',
      'tree severity',
      'tree decision',
    ]);
  });

  it('is private from its first byte when security is breached', async () => {
    const clone = await openClone();
    const incident = await declareIncident(clone.context, { ...justTitle, criteria: ['security-breach'] });
    assert.equal(incident.private, true);
    assert.match(clone.tree.text(incident.path) ?? '', /^private: true$/m);
  });

  it('interrupts no sprint below P0', async () => {
    const clone = await openClone();
    const incident = await declareIncident(clone.context, { ...justTitle, severity: 'P1' });
    assert.equal(incident.id, 'BUG-P1-20250923-1430');
    assert.equal(incident.sprint, undefined);
    assert.deepEqual(await kinds(clone, incident.uid), ['phase', 'severity']);
  });

  it('gives two of one minute ids of their own', async () => {
    const clone = await openClone();
    const first = await declareIncident(clone.context, justTitle);
    const second = await declareIncident(clone.context, { ...justTitle, title: 'Also the website' });
    assert.equal(first.id, 'BUG-P0-20250923-1430');
    assert.equal(second.id, 'BUG-P0-20250923-1430-2');
    assert.notEqual(first.uid, second.uid);
    assert.equal((await clone.index.events(second.uid)).length, 3);
  });

  it('gives two of one minute ids of their own when they come at once', async () => {
    const clone = await openClone();
    const [first, second] = await Promise.all([
      declareIncident(clone.context, justTitle),
      declareIncident(clone.context, { ...justTitle, title: 'Also the website' }),
    ]);
    assert.deepEqual(
      [first, second].map(({ id, title }) => `${id} ${title}`),
      ['BUG-P0-20250923-1430 Production API Down', 'BUG-P0-20250923-1430-2 Also the website'],
    );
  });

  for (const journal of [true, false]) {
    it(`gives two windows of one minute ids of their own, ${journal ? 'with' : 'without'} a journal`, async () => {
      const tree = memoryFiles();
      const privateFiles = journal ? memoryFiles() : undefined;
      // The second window has read the folder before the first one declares.
      const second = await openClone({ tree, privateFiles, seed: 2 });
      const first = await openClone({ tree, privateFiles, seed: 1 });
      await declareIncident(first.context, justTitle);
      const later = await declareIncident(second.context, { ...justTitle, title: 'Also the website' });
      assert.equal(later.id, 'BUG-P0-20250923-1430-2');
      const fresh = await openClone({ tree, privateFiles });
      assert.deepEqual(
        fresh.index
          .items()
          .map(({ id, title }) => `${id} ${title}`)
          .sort((left, right) => left.length - right.length),
        ['BUG-P0-20250923-1430-2 Also the website', 'BUG-P0-20250923-1430 Production API Down'],
      );
      for (const item of fresh.index.items()) assert.equal((await fresh.index.events(item.uid)).length, 3, item.id);
      assert.deepEqual(fresh.index.missing(), []);
      assert.deepEqual(fresh.index.problems(), []);
    });
  }

  it('makes one line of a title with line breaks, and keeps what YAML would take for syntax', async () => {
    const clone = await openClone();
    const title = '  "- [x] it\'s: # broken"\r\n\tsince: {today}\n';
    const incident = await declareIncident(clone.context, { ...justTitle, title });
    assert.equal(incident.title, '"- [x] it\'s: # broken" since: {today}');
    await clone.reopen(9);
    assert.equal(clone.index.item(incident.uid)?.title, incident.title);
    assert.deepEqual(clone.index.problems(), []);
  });

  it('refuses an empty title and writes nothing', async () => {
    const clone = await openClone();
    await assert.rejects(declareIncident(clone.context, { ...justTitle, title: ' \n ' }), (error) =>
      FirebreakError.is(error, 'invalidInput'),
    );
    assert.deepEqual(clone.tree.paths(), []);
    assert.deepEqual(clone.privateFiles?.paths(), []);
  });

  it('works without a journal', async () => {
    const clone = await openClone({ privateFiles: undefined });
    const incident = await declareIncident(clone.context, justTitle);
    assert.equal((await clone.index.events(incident.uid)).length, 3);
  });

  it('works while the journal can not be written', async () => {
    const privateFiles = memoryFiles().failWrites('', 'full');
    const clone = await openClone({ privateFiles });
    const incident = await declareIncident(clone.context, justTitle);
    assert.equal((await clone.index.events(incident.uid)).length, 3);
    assert.deepEqual(privateFiles.paths(), []);
  });

  it('starts the clocks', async () => {
    const clone = await openClone();
    const incident = await declareIncident(clone.context, justTitle);
    const events = (await clone.index.events(incident.uid)).map(({ event }) => event);
    const clocks = incidentClocks(events, clone.index.policy().severities.P0, isOpenIncident(incident));
    assert.deepEqual(
      clocks.map(({ kind, startedAt, dueAt, stoppedAt }) => [kind, startedAt, dueAt, stoppedAt]),
      [
        ['acknowledge', clone.now, clone.now + 15 * minute, null],
        ['update', clone.now, clone.now + 30 * minute, null],
        ['mitigate', clone.now, clone.now + 30 * minute, null],
        ['resolve', clone.now, clone.now + 240 * minute, null],
      ],
    );
  });
});

describe('declareItem', () => {
  it('moves the file, keeps every other byte, and goes on with the history', async () => {
    const clone = await openClone();
    const source = [
      '---',
      '# who reads this: the night shift',
      'title: Login times out',
      'id: BUG-P2-20250923-1015',
      'uid: 01K5V7M3QZ8W4T2N6R0HXJ9DCA',
      'severity: P2   # for now',
      'team: {name: sso, floor: 3}',
      'status: ready',
      '---',
      'What happens.  ',
      '',
    ].join('\r\n');
    clone.tree.put('backlog/BUG-P2-20250923-1015.md', source);
    await clone.load();
    const item = clone.index.item('BUG-P2-20250923-1015');
    assert.ok(item);
    const renamed = await changeItem(clone.context, item, { title: 'Login times out for SSO' });
    const p1 = await changeSeverity(clone.context, renamed, 'P1');
    const incident = await declareItem(clone.context, p1, {
      title: 'Nobody can log in',
      severity: 'P0',
      criteria: ['user-impact'],
      commander: '@alice',
      impact: 'Everybody',
    });
    assert.equal(incident.id, 'BUG-P2-20250923-1015');
    assert.equal(incident.uid, '01K5V7M3QZ8W4T2N6R0HXJ9DCA');
    assert.equal(incident.path, 'incidents/BUG-P2-20250923-1015/incident.md');
    assert.equal(incident.severity, 'P0');
    assert.equal(incident.title, 'Nobody can log in');
    assert.equal(clone.tree.text('backlog/BUG-P2-20250923-1015.md'), undefined);
    assert.deepEqual(clone.index.missing(), []);
    assertGolden(golden('declare-item'), treeText(clone.tree.snapshot()));
    const events = await clone.index.events(incident.uid);
    const severity = events.find(({ event }) => event.kind === 'severity')?.event;
    assert.ok(severity?.kind === 'severity');
    const records = clone.index.records(incident.uid).filter((record) => record.set.severity !== undefined);
    assert.equal(severity.prev, records.at(-1)?.id, 'it follows the change to P1');
    await clone.reopen(5);
    const again = clone.index.item(incident.uid);
    assert.ok(again && isIncident(again));
    assert.deepEqual(
      [again.severity, again.status, again.title, again.incident.phase],
      ['P0', 'doing', 'Nobody can log in', 'declared'],
    );
    assert.deepEqual(clone.index.problems(), []);
  });

  it('is private before the incident can be seen', async () => {
    const seen: string[] = [];
    const clone = await openClone({
      through: (files, place) => ({
        ...portOf(files),
        create: async (name, text) => {
          if (place === 'tree' && name.includes('timeline')) {
            seen.push(
              clone.tree.text('backlog/BUG-P2-20250923-1430.md')?.includes('private: true') ? 'private' : 'public',
            );
          }
          await files.create(name, text);
        },
      }),
    });
    const item = await addItem(clone.context, { type: 'bug', title: 'Odd logins', severity: 'P2' });
    const incident = await declareItem(clone.context, item, {
      title: item.title,
      severity: 'P0',
      criteria: ['security-breach'],
    });
    assert.equal(incident.private, true);
    assert.deepEqual([...new Set(seen)], ['private']);
  });

  it('gives a hand-written file its identity', async () => {
    const clone = await openClone({ tree: memoryFiles({ 'backlog/odd name.md': 'Just a line.\n' }) });
    const [item] = clone.index.items();
    assert.ok(item);
    const incident = await declareItem(clone.context, item, { ...justTitle, severity: 'P1' });
    assert.equal(incident.uid, item.uid);
    const text = clone.tree.text(incident.path) ?? '';
    assert.match(text, new RegExp(`^uid: ${item.uid}$`, 'm'));
    assert.ok(text.endsWith('Just a line.\n'));
    await clone.reopen(3);
    assert.equal(clone.index.item(item.uid)?.title, 'Production API Down');
    assert.equal(clone.index.items().length, 1);
  });

  it('refuses an incident, and a document that it could not change, before it writes', async () => {
    const clone = await openClone({
      tree: memoryFiles({
        'backlog/BUG-P2-20250923-1015.md':
          '---\ntitle: A\nid: BUG-P2-20250923-1015\nuid: 01K5V7M3QZ8W4T2N6R0HXJ9DCA\n<<<<<<< ours\nseverity: P1\n=======\nseverity: P2\n>>>>>>> theirs\n---\n',
      }),
    });
    const before = clone.tree.snapshot();
    const [item] = clone.index.items();
    assert.ok(item);
    await assert.rejects(declareItem(clone.context, item, justTitle), (error) =>
      FirebreakError.is(error, 'unreadableFile'),
    );
    assert.deepEqual(clone.tree.snapshot(), before);
    assert.deepEqual(clone.privateFiles?.paths(), []);
    const incident = await declareIncident(clone.context, justTitle);
    await assert.rejects(declareItem(clone.context, incident, justTitle), (error) =>
      FirebreakError.is(error, 'alreadyIncident'),
    );
  });
});

describe('addItem', () => {
  it('puts a file into the backlog as the design has it', async () => {
    const clone = await openClone();
    const item = await addItem(clone.context, {
      type: 'feature',
      title: 'Dark mode',
      severity: 'P3',
      description: 'For the night shift.',
      owner: '@alice',
      tags: ['ui'],
    });
    assert.equal(item.id, 'FEATURE-P3-20250923-1430');
    assert.equal(item.status, 'inbox');
    assertGolden(golden('add'), treeText(clone.tree.snapshot()));
  });

  it('declares a P0, with all that was said', async () => {
    const clone = await openClone();
    const item = await addItem(clone.context, {
      type: 'bug',
      title: 'API down',
      severity: 'P0',
      description: 'Since 14:30.',
      owner: '@alice',
      tags: ['api'],
      criteria: ['production-down'],
    });
    assert.ok(isIncident(item));
    assert.deepEqual(item.tags, ['api']);
    assert.deepEqual(item.incident.roles, { commander: '@alice' });
    assert.deepEqual(item.incident.criteria, ['production-down']);
    assert.equal(item.body.trim(), 'Since 14:30.');
  });
});
