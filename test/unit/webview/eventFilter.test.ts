import assert from 'node:assert/strict';
import { countKinds, isFiltering, passes, searchText } from '../../../webview/timeline/eventFilter.ts';
import { eventView } from '../protocol/builders.ts';

describe('the filter of the timeline', () => {
  const event = eventView({
    kind: 'role',
    by: '@Alice',
    body: 'Pool is EXHAUSTED',
    change: { field: 'role', role: 'commander', from: '@bob', to: '@carol' },
    fromIncident: 'Checkout fails',
  });
  const found = (text: string, kinds: Parameters<typeof passes>[2]['kinds'] = []) =>
    passes(event.kind, () => searchText(event), { text, kinds });

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

  it('says whether it filters anything', () => {
    assert.ok(!isFiltering({ text: '  ', kinds: [] }));
    assert.ok(isFiltering({ text: 'x', kinds: [] }));
    assert.ok(isFiltering({ text: '', kinds: ['note'] }));
  });

  it('counts the kinds, the most frequent first', () => {
    assert.deepEqual(countKinds([{ kind: 'note' }, { kind: 'status' }, { kind: 'status' }]), [
      ['status', 2],
      ['note', 1],
    ]);
  });
});
