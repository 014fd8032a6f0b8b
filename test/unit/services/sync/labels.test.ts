import assert from 'node:assert/strict';
import type { Item } from '../../../../src/core/item.ts';
import { severities } from '../../../../src/core/severity.ts';
import { labelFields, labelLook, labelledValue, labelName, readLabel } from '../../../../src/services/sync/labels.ts';
import { privateNames } from '../../../../src/services/sync/privateNames.ts';

describe('Sync: the mapping of labels', () => {
  it('reads what it writes, and GitHub’s indifference to case', () => {
    for (const severity of severities) {
      const name = labelName('severity', severity);
      assert.deepEqual(readLabel(name), { field: 'severity', value: severity });
      assert.deepEqual(readLabel(name.toUpperCase()), { field: 'severity', value: severity });
      assert.match(labelLook(name).color, /^[0-9a-f]{6}$/);
      assert.ok(labelLook(name).description.length <= 100);
    }
  });
  it('knows no other', () => {
    for (const name of ['severity: P9', 'severity', 'bug', ': P0', 'type: question', 'status:', 'severityP0']) {
      assert.equal(readLabel(name), undefined, name);
    }
  });
  it('takes the label that is news when two of one field are there, and neither when that can’t be told', () => {
    const labels = ['phase: fix', 'phase: verify', 'customer'];
    assert.equal(labelledValue(labels, 'phase', 'fix'), 'verify');
    assert.equal(labelledValue(labels, 'phase', 'verify'), 'fix');
    assert.equal(labelledValue(labels, 'phase', undefined), undefined);
    assert.equal(labelledValue([...labels, 'phase: rca'], 'phase', 'fix'), undefined);
    for (const field of labelFields) assert.equal(labelledValue([], field, undefined), undefined);
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
    const names = privateNames([
      item({}),
      item({ id: 'B', uid: 'U2', aliases: [], title: 'Login', private: true }),
      item({ id: 'PUBLIC-1', private: false }),
    ]);
    for (const text of ['see bug-p0-20250923-1430', 'OLD-1!', 'the CUSTOMER RECORDS LEAKED again', '01k5v7'])
      assert.ok(names(text), text);
    for (const text of ['Login is slow', 'PUBLIC-1', ''])
      assert.ok(!privateNames([item({ title: 'Login', id: 'SECRET-1' })])(text), text);
  });
});
