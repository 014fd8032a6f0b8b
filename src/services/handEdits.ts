import { type Item, type ItemRecord, isIncident, type RecordedField } from '../core/item.ts';
import { isPhase } from '../core/phase.ts';
import { isRole } from '../core/role.ts';
import { isSeverity } from '../core/severity.ts';
import { formatInstant, parseInstant } from '../core/time.ts';
import type { EventBase, TimelineEvent } from '../core/timelineEvent.ts';
import { derivedUlid } from '../core/ulids.ts';
import type { HandEdit } from '../store/workspaceIndex.ts';
import { recordFile } from './changes.ts';
import type { ServiceContext } from './context.ts';
import { eventFile } from './newEvent.ts';
import type { NewFile } from './newFile.ts';
import { ownEvents } from './ownEvents.ts';

/** Who made a record that clones infer: none of them, so that all write the same. */
export const inferredOrigin = 'inferred';

/**
 * Makes records of values that somebody wrote into front matter by hand. Every clone that reads the same file makes the
 * same record, byte for byte, so that git has nothing to merge. Who did it and when is not known, and is not guessed: the
 * record has the time of the one that it follows, and the author `unknown`.
 *
 * To be called only on the configured branch with no merge, rebase or stash under way (design, "Hand edits count").
 * @returns how many records were made
 * @throws FirebreakError `readOnly`, `unreadableFile`
 */
export async function recordHandEdits(context: Pick<ServiceContext, 'index' | 'writer'>): Promise<number> {
  const { index } = context;
  const edited = index.items().filter(({ uid }) => index.handEdits(uid).length > 0);
  // A watcher may have told of the file and not yet of the record that explains it: what is inferred beside a record that
  // is there stays for good.
  await index.refresh(edited.flatMap(placesOf));
  let made = 0;
  for (const { uid } of edited) {
    for (const edit of context.index.handEdits(uid)) {
      // One record may explain what the next edit follows, so each is looked at as it stands then.
      const item = context.index.item(uid);
      const file = item && (await recordOf(context, item, edit));
      if (!file) continue;
      await context.writer.createAll([file]);
      made += 1;
    }
  }
  return made;
}

/**
 * Makes the first record of a field that somebody changed by hand: nothing here explains its value, and GitHub tells what
 * it was before. With it, an older copy of the file is known for one.
 * @param was the value before
 * @throws FirebreakError `readOnly`, `unreadableFile`
 */
export async function recordFirstEdit(
  context: Pick<ServiceContext, 'writer'>,
  item: Item,
  field: RecordedField,
  value: string,
  was: string,
): Promise<void> {
  const time = item.created ?? 0;
  const record: ItemRecord = {
    id: derivedUlid(time, item.uid, field, null, value),
    item: item.uid,
    set: { [field]: value },
    prev: { [field]: null },
    was: { [field]: was },
    at: formatInstant(time),
    by: 'unknown',
    origin: inferredOrigin,
  };
  await context.writer.createAll([recordFile(record)]);
}

/** Where an item's document and all that explains its values are. */
function placesOf(item: Item): string[] {
  const records = `.firebreak/records/${item.uid}`;
  return isIncident(item) ? [item.path, records, `${item.incident.folder}/timeline`] : [item.path, records];
}

async function recordOf(
  context: Pick<ServiceContext, 'index'>,
  item: Item,
  edit: HandEdit,
): Promise<NewFile | undefined> {
  const events = isIncident(item) ? await ownEvents(context, item) : [];
  const followed =
    context.index.records(item.uid).find((record) => record.id === edit.prev)?.at ??
    events.find((event) => event.id === edit.prev)?.recorded;
  const time = parseInstant(followed ?? '') ?? item.created ?? 0;
  const id = derivedUlid(time, item.uid, edit.field, edit.prev, edit.value);
  const at = formatInstant(time);
  const { value, prev } = edit;
  const base: EventBase = {
    id,
    incident: item.uid,
    at,
    recorded: at,
    by: 'unknown',
    origin: inferredOrigin,
    body: 'Edited by hand in the file; when is not known.',
  };
  const event = eventOf(item, edit, base);
  if (event) return eventFile(item.path, event);
  if (edit.field === 'phase' || isRole(edit.field)) return undefined;
  const record: ItemRecord = {
    id,
    item: item.uid,
    set: { [edit.field]: value },
    prev: { [edit.field]: prev },
    was: {},
    at,
    by: 'unknown',
    origin: inferredOrigin,
  };
  return recordFile(record);
}

/** An incident's phase, severity and roles are events of its timeline. */
function eventOf(item: Item, { field, value, prev }: HandEdit, base: EventBase): TimelineEvent | undefined {
  if (!isIncident(item)) return undefined;
  if (field === 'phase' && isPhase(value)) return { ...base, kind: 'phase', to: value, prev };
  if (field === 'severity' && isSeverity(value)) return { ...base, kind: 'severity', to: value, prev };
  return isRole(field) ? { ...base, kind: 'role', role: field, to: value, prev } : undefined;
}
