import type { Criterion } from '../core/criterion.ts';
import type { Item } from '../core/item.ts';
import { makeItemId } from '../core/itemId.ts';
import type { ItemType } from '../core/itemType.ts';
import type { Severity } from '../core/severity.ts';
import { formatInstant } from '../core/time.ts';
import { newItem } from '../documents/itemDocument.ts';
import { requireItem, requireText, type ServiceContext } from './context.ts';
import { declareIncident } from './declareIncident.ts';

export interface AddItemInput {
  readonly type: ItemType;
  readonly title: string;
  readonly severity: Severity;
  readonly description?: string;
  readonly owner?: string;
  readonly tags?: readonly string[];
  readonly criteria?: readonly Criterion[];
}

/**
 * The guide's `backlog-add`: puts an item into the backlog. Severity P0 declares it as an incident.
 * @throws FirebreakError `invalidInput`, `readOnly`
 */
export async function addItem(context: ServiceContext, input: AddItemInput): Promise<Item> {
  const title = requireText(input.title, 'The title');
  if (input.severity === 'P0') {
    return declareIncident(context, {
      title,
      type: input.type,
      severity: 'P0',
      criteria: input.criteria ?? [],
      ...(input.description === undefined ? {} : { description: input.description }),
      ...(input.owner === undefined ? {} : { commander: input.owner }),
    });
  }
  const now = context.now();
  const id = makeItemId(input.type, input.severity, now, (candidate) => context.index.item(candidate) !== undefined);
  await context.writer.create(
    `backlog/${id}.md`,
    newItem({
      id,
      uid: context.newId(now),
      title,
      type: input.type,
      date: formatInstant(now).slice(0, 10),
      tags: input.tags ?? [],
      severity: input.severity,
      status: 'inbox',
      owner: input.owner,
      body: input.description ?? '',
    }),
  );
  return requireItem(context.index, id);
}
