import assert from 'node:assert/strict';
import {
  countKinds,
  type EventFilter,
  isFiltering,
  noFilter,
  passes,
  searchText,
} from '../../../webview/timeline/eventFilter.ts';
import { eventView } from '../protocol/builders.ts';

describe('the filter of the timeline', () => {
  const event = eventView({
    kind: 'role',
    by: '@Alice',
    body: 'Pool is EXHAUSTED',
    change: { field: 'role', role: 'commander', from: '@bob', to: '@carol' },
    fromIncident: 'Checkout fails',
  });
  const found = (text: string, kinds: EventFilter['kinds'] = [], people: readonly string[] = [], pinned = false) =>
    passes(event, () => searchText(event), { text, kinds, people, pinned });

  it('finds every word that the row shows, in any case and order', () => {
    for (const text of [
      '',
      '  ',
      'pool',
      'exhausted POOL',
      '@alice',
      'role',
      'commander',
      '@bob',
      '@carol',
      'checkout',
    ]) {
      assert.ok(found(text), text);
    }
    assert.ok(!found('pool disk'));
    assert.ok(!found('phase'));
  });

  it('lets only chosen kinds through, all when none is chosen', () => {
    assert.ok(found('', ['role', 'status']));
    assert.ok(!found('', ['status']));
    assert.ok(!found('disk', ['role']));
  });

  it('lets only chosen people through, and only what is pinned when that is wanted', () => {
    assert.ok(found('', [], ['@Alice', '@bob']));
    assert.ok(!found('', [], ['@bob']));
    assert.ok(!found('', [], [], true));
    assert.ok(passes({ ...event, pinned: true }, () => searchText(event), { ...noFilter, pinned: true }));
  });

  it('says whether it filters anything', () => {
    assert.ok(!isFiltering({ ...noFilter, text: '  ' }));
    assert.ok(isFiltering({ ...noFilter, text: 'x' }));
    assert.ok(isFiltering({ ...noFilter, kinds: ['note'] }));
  });

  it('counts the kinds, the most frequent first', () => {
    assert.deepEqual(countKinds([{ kind: 'note' }, { kind: 'status' }, { kind: 'status' }]), [
      ['status', 2],
      ['note', 1],
    ]);
  });
});
