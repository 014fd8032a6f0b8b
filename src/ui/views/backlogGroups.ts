import { type Item, isFinishedItem } from '../../core/item.ts';
import { itemTypes } from '../../core/itemType.ts';
import { severities } from '../../core/severity.ts';
import { statuses } from '../../core/status.ts';

export type Grouping = 'severity' | 'status' | 'type';

/** The group of what is over, where items are not grouped by status. */
export const finishedGroup = 'finished';

const orders: Readonly<Record<Grouping, readonly string[]>> = {
  severity: [...severities, finishedGroup],
  status: statuses,
  type: [...itemTypes, finishedGroup],
};

/** What an update changed of what is shown. */
export interface GroupsChange {
  /** A group came or went. */
  readonly groups: boolean;
  /** Groups whose rows are others now, or in another order. */
  readonly rows: ReadonlySet<string>;
  /** Items that stay where they are and read differently. */
  readonly items: ReadonlySet<string>;
}

/**
 * The items of a backlog in groups, most urgent first, kept by changes: what an update costs follows what changed, not
 * how many items there are.
 */
export class BacklogGroups {
  readonly #grouping: Grouping;
  readonly #groups = new Map<string, Item[]>();
  readonly #placed = new Map<string, Item>();

  constructor(grouping: Grouping, items: readonly Item[]) {
    this.#grouping = grouping;
    for (const item of items) {
      this.#placed.set(item.uid, item);
      const group = this.#groups.get(this.#keyOf(item));
      if (group) group.push(item);
      else this.#groups.set(this.#keyOf(item), [item]);
    }
    for (const group of this.#groups.values()) group.sort(byUrgency);
  }

  /** The groups that have items, in their order. */
  keys(): string[] {
    return orders[this.#grouping].filter((key) => this.#groups.has(key));
  }

  /** The items of a group, most urgent first. */
  items(key: string): readonly Item[] {
    return this.#groups.get(key) ?? [];
  }

  /**
   * Takes in items that came, went or read differently.
   * @param find the item with exactly this uid, as it is now
   */
  update(uids: Iterable<string>, find: (uid: string) => Item | undefined): GroupsChange {
    const rows = new Set<string>();
    const items = new Set<string>();
    const before = this.#groups.size;
    let groups = false;
    for (const uid of uids) {
      const [old, item] = [this.#placed.get(uid), find(uid)];
      if (old && item && this.#keyOf(old) === this.#keyOf(item) && byUrgency(old, item) === 0) {
        const group = this.#groups.get(this.#keyOf(item)) ?? [];
        group[place(group, old)] = item;
        items.add(uid);
      } else {
        if (old) groups = this.#take(old, rows) || groups;
        if (item) groups = this.#put(item, rows) || groups;
      }
      if (item) this.#placed.set(uid, item);
      else this.#placed.delete(uid);
    }
    return { groups: groups || this.#groups.size !== before, rows, items };
  }

  /** @returns whether the group went with it */
  #take(item: Item, rows: Set<string>): boolean {
    const key = this.#keyOf(item);
    const group = this.#groups.get(key) ?? [];
    group.splice(place(group, item), 1);
    rows.add(key);
    return group.length === 0 && this.#groups.delete(key);
  }

  /** @returns whether the group came with it */
  #put(item: Item, rows: Set<string>): boolean {
    const key = this.#keyOf(item);
    const group = this.#groups.get(key);
    rows.add(key);
    if (!group) {
      this.#groups.set(key, [item]);
      return true;
    }
    group.splice(place(group, item), 0, item);
    return false;
  }

  #keyOf(item: Item): string {
    if (this.#grouping === 'status') return item.status;
    return isFinishedItem(item) ? finishedGroup : item[this.#grouping];
  }
}

/** Where an item is in a sorted group, or where it belongs. */
function place(group: readonly Item[], item: Item): number {
  let [low, high] = [0, group.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = group[middle];
    if (other && byUrgency(other, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Most urgent first, then oldest first. Only an item and itself are equal. */
export function byUrgency(left: Item, right: Item): number {
  return (
    compare(left.severity, right.severity) ||
    (left.created ?? 0) - (right.created ?? 0) ||
    compare(left.id, right.id) ||
    compare(left.uid, right.uid)
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
