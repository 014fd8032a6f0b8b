import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Item } from '../../../src/core/item.ts';
import { itemTypes } from '../../../src/core/itemType.ts';
import { severities } from '../../../src/core/severity.ts';
import { statuses } from '../../../src/core/status.ts';
import { BacklogGroups, type Grouping } from '../../../src/ui/views/backlogGroups.ts';

function item(uid: string, more: Partial<Item> = {}): Item {
  return {
    uid,
    uidInFile: true,
    id: `BUG-P2-${uid}`,
    aliases: [],
    path: `backlog/${uid}.md`,
    title: uid,
    type: 'bug',
    severity: 'P2',
    status: 'ready',
    owner: undefined,
    sprint: undefined,
    tags: [],
    created: undefined,
    github: undefined,
    private: false,
    duplicateOf: undefined,
    actionOf: undefined,
    body: '',
    conflicts: [],
    incident: undefined,
    ...more,
  };
}

const shown = (groups: BacklogGroups) =>
  groups.keys().map((key) => [key, groups.items(key).map(({ uid, title }) => `${uid} ${title}`)]);

function updated(groups: BacklogGroups, ...items: readonly Item[]) {
  return groups.update(
    items.map(({ uid }) => uid),
    (uid) => items.find((one) => one.uid === uid),
  );
}

describe('The groups of the backlog', () => {
  const login = item('login', { severity: 'P1' });
  const search = item('search');
  const cart = item('cart', { created: 1_000 });

  it('hold the most urgent first, then the oldest', () => {
    const groups = new BacklogGroups('status', [item('late', { created: 2_000 }), search, cart, login]);
    assert.deepEqual(shown(groups), [['ready', ['login login', 'search search', 'cart cart', 'late late']]]);
  });

  it('put what is over last, whatever its severity', () => {
    const groups = new BacklogGroups('severity', [item('old', { status: 'done', severity: 'P0' }), login, search]);
    assert.deepEqual(groups.keys(), ['P1', 'P2', 'finished']);
  });

  it('say that an item reads differently, where it stays in its place', () => {
    const groups = new BacklogGroups('severity', [login, search, cart]);
    const change = updated(groups, { ...search, title: 'Search is slow' });
    assert.deepEqual(change, { groups: false, rows: new Set(), items: new Set(['search']) });
    assert.deepEqual(
      groups.items('P2').map(({ title }) => title),
      ['Search is slow', 'cart'],
    );
  });

  it('say which two differ when an item moves between them', () => {
    const groups = new BacklogGroups('status', [login, search, item('other', { status: 'doing' })]);
    const change = updated(groups, { ...search, status: 'doing' });
    assert.deepEqual(change, { groups: false, rows: new Set(['ready', 'doing']), items: new Set() });
  });

  it('say so when a group comes or goes', () => {
    const groups = new BacklogGroups('severity', [login, search]);
    assert.equal(updated(groups, { ...login, severity: 'P0' }).groups, true);
    assert.deepEqual(groups.keys(), ['P0', 'P2']);
    assert.equal(groups.update(['login'], () => undefined).groups, true);
    assert.deepEqual(groups.keys(), ['P2']);
  });

  it('are after any changes what they are when made anew', () => {
    const items = fc.record({
      uid: fc.constantFrom(...'abcdefgh'),
      severity: fc.constantFrom(...severities),
      status: fc.constantFrom(...statuses),
      type: fc.constantFrom(...itemTypes),
      created: fc.option(fc.constantFrom(1, 2, 3), { nil: undefined }),
      id: fc.constantFrom('x', 'y'),
      title: fc.constantFrom('one', 'two'),
      isThere: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.constantFrom<Grouping>('severity', 'status', 'type'),
        fc.array(fc.array(items, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
        (grouping, rounds) => {
          const now = new Map<string, Item>();
          const groups = new BacklogGroups(grouping, []);
          for (const round of rounds) {
            const before = new Map(shown(groups).map(([key, rows]) => [key, rows]));
            for (const { isThere, uid, ...more } of round) {
              if (isThere) now.set(uid, item(uid, more));
              else now.delete(uid);
            }
            const change = groups.update(new Set(round.map(({ uid }) => uid)), (uid) => now.get(uid));
            const anew = new BacklogGroups(grouping, [...now.values()]);
            assert.deepEqual(shown(groups), shown(anew));
            if (change.groups) continue;
            // What it does not name is as it was.
            for (const [key, rows] of shown(groups)) {
              const uids = (list: unknown) => (list as string[]).map((row) => row.split(' ')[0]);
              if (!change.rows.has(String(key))) assert.deepEqual(uids(rows), uids(before.get(key)));
            }
          }
        },
      ),
    );
  });
});
