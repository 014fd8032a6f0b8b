import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { FirebreakError } from '../../../../src/core/errors.ts';
import type { Item } from '../../../../src/core/item.ts';
import { LabelMapping, labelFields, labelMeanings, usualName } from '../../../../src/services/sync/labels.ts';
import { privateNames } from '../../../../src/services/sync/privateNames.ts';
import { readSyncRules } from '../../../../src/services/sync/syncRules.ts';

describe('Sync: the mapping of labels', () => {
  const usual = new LabelMapping();
  const renamed = readSyncRules({
    labels: { 'severity: P0': 'sev0', 'phase: fix': 'Fixing!', 'type: bug': 'P0' },
  }).labels;

  it('reads what it writes, and GitHub’s indifference to case', () => {
    for (const mapping of [usual, renamed]) {
      for (const { field, value } of labelMeanings) {
        const name = mapping.name(field, value);
        for (const shown of [name, name.toUpperCase(), ` ${name} `]) {
          assert.deepEqual(mapping.read(shown), { field, value });
          assert.deepEqual(mapping.readPast(shown), { field, value });
        }
        assert.match(mapping.look(name).color, /^[0-9a-f]{6}$/);
        assert.ok(mapping.look(name).description.length <= 100);
      }
    }
    assert.deepEqual(usual.read('severity:P0'), { field: 'severity', value: 'P0' });
  });
  it('knows no other', () => {
    for (const name of ['severity: P9', 'severity', 'bug', ': P0', 'type: question', 'status:', 'severityP0', 'sev0']) {
      assert.equal(usual.read(name), undefined, name);
    }
  });
  it('with a team’s own names leaves the usual ones alone, save in what happened before', () => {
    assert.equal(renamed.name('severity', 'P0'), 'sev0');
    assert.equal(renamed.read('severity: P0'), undefined);
    assert.deepEqual(renamed.readPast('severity: P0'), { field: 'severity', value: 'P0' });
    assert.deepEqual(renamed.read('p0'), { field: 'type', value: 'bug' });
    assert.equal(renamed.name('severity', 'P1'), 'severity: P1');
    assert.equal(renamed.look('sev0').color, usual.look('severity: P0').color);
  });
  for (const [what, labels, message] of [
    ['a list', [], /each needs its usual name/],
    ['a text', 'severity', /each needs its usual name/],
    ['a label that there is not', { 'severity: P9': 'x' }, /no label "severity: P9"/],
    ['a number', { 'severity: P0': 0 }, /"severity: P0" needs a name/],
    ['an empty name', { 'severity: P0': ' ' }, /"severity: P0" needs a name/],
    ['a name over 50 characters', { 'severity: P0': 'x'.repeat(51) }, /more than 50 characters/],
    ['a comma', { 'severity: P0': 'a,b' }, /a comma or a line break/],
    ['two names alike', { 'severity: P0': 'Urgent', 'type: bug': 'urgent' }, /would both be called "urgent"/],
    ['a usual name of another', { 'severity: P0': 'severity: p1' }, /would both be called/],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => readSyncRules({ labels }),
        (error) => FirebreakError.is(error, 'invalidInput') && message.test(error.message),
      );
    });
  }
  it('is what the settings editor offers', async () => {
    const manifest = JSON.parse(await readFile('package.json', 'utf8'));
    const { propertyNames } = manifest.contributes.configuration.properties['firebreak.github.labels'];
    assert.deepEqual(propertyNames.enum, labelMeanings.map(usualName));
  });
  it('takes names in a ring, and 50 characters whatever they are made of', () => {
    const { labels } = readSyncRules({
      labels: { 'severity: P0': 'severity: P1', 'severity: P1': 'severity: P0', 'type: bug': '🐞'.repeat(50) },
    });
    assert.equal(labels.read('severity: P0')?.value, 'P1');
    assert.equal(labels.name('severity', 'P0'), usualName({ field: 'severity', value: 'P1' }));
    for (const nothing of [{}, undefined, null]) {
      assert.equal(readSyncRules({ labels: nothing }).labels.name('type', 'bug'), 'type: bug');
    }
  });
  it('takes the label that is news when two of one field are there, and neither when that can’t be told', () => {
    const labels = ['phase: fix', 'phase: verify', 'customer'];
    assert.equal(usual.valueOf(labels, 'phase', 'fix'), 'verify');
    assert.equal(usual.valueOf(labels, 'phase', 'verify'), 'fix');
    assert.equal(usual.valueOf(labels, 'phase', undefined), undefined);
    assert.equal(usual.valueOf([...labels, 'phase: rca'], 'phase', 'fix'), undefined);
    for (const field of labelFields) assert.equal(usual.valueOf([], field, undefined), undefined);
  });
});

describe('Sync: names that are private', () => {
  const item = (changes: Partial<Item>): Item =>
    ({
      id: 'BUG-P0-20250923-1430',
      uid: '01K5V7',
      aliases: ['OLD-1'],
      title: 'Customer records leaked',
      private: true,
      ...changes,
    }) as Item;
  it('are found whatever their case, and short titles are no names', () => {
    const isWithheld = (one: Item) => one.private;
    const names = privateNames(
      [
        item({}),
        item({ id: 'B', uid: 'U2', aliases: [], title: 'Login', private: true }),
        item({ id: 'PUBLIC-1', private: false }),
      ],
      isWithheld,
    );
    for (const text of ['see bug-p0-20250923-1430', 'OLD-1!', 'the CUSTOMER RECORDS LEAKED again', '01k5v7'])
      assert.ok(names(text), text);
    for (const text of ['Login is slow', 'PUBLIC-1', ''])
      assert.ok(!privateNames([item({ title: 'Login', id: 'SECRET-1' })], isWithheld)(text), text);
  });
});
