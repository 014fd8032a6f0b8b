import type { Criterion } from '../core/criterion.ts';
import type { Incident, Item } from '../core/item.ts';
import type { ItemType } from '../core/itemType.ts';
import type { Severity } from '../core/severity.ts';
import { formatInstant } from '../core/time.ts';
import { newItem } from '../documents/itemDocument.ts';
import { markdown, oneLine, requireItem, requireText, type ServiceContext } from './context.ts';
import { declareIncident } from './declareIncident.ts';
import { createUnderFreeId } from './freeId.ts';

export interface AddItemInput {
  readonly type: ItemType;
  readonly title: string;
  readonly severity: Severity;
  readonly description?: string;
  readonly owner?: string;
  readonly tags?: readonly string[];
  readonly criteria?: readonly Criterion[];
  /** The incident that it is an action item of. */
  readonly actionOf?: Incident;
}

/**
 * The guide's `backlog-add`: puts an item into the backlog. Severity P0 declares it as an incident; but not of an action
 * item, where it says how soon it must be done (guide, "Action Items").
 * @throws FirebreakError `invalidInput`, `readOnly`
 */
export async function addItem(context: ServiceContext, input: AddItemInput): Promise<Item> {
  const title = requireText(input.title, 'The title');
  if (input.severity === 'P0' && !input.actionOf) {
    return declareIncident(context, {
      title,
      type: input.type,
      severity: 'P0',
      criteria: input.criteria ?? [],
      tags: input.tags ?? [],
      ...(input.description === undefined ? {} : { description: input.description }),
      ...(input.owner === undefined ? {} : { commander: input.owner }),
    });
  }
  const now = context.now();
  const uid = context.newId(now);
  await createUnderFreeId(context, input.type, input.severity, now, (id) => {
    const text = newItem({
      id,
      uid,
      title,
      type: input.type,
      date: formatInstant(now).slice(0, 10),
      tags: input.tags ?? [],
      severity: input.severity,
      status: 'inbox',
      owner: oneLine(input.owner ?? '') || undefined,
      actionOf: input.actionOf?.id,
      // What the review of a private incident leads to says what happened.
      private: input.actionOf?.private,
      body: markdown(input.description ?? ''),
    });
    return [{ path: `backlog/${id}.md`, text }];
  });
  return requireItem(context.index, uid);
}
