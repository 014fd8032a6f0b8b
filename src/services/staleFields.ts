import { FirebreakError } from '../core/errors.ts';
import { type Item, isIncident, type RecordedField } from '../core/item.ts';
import { isPhase } from '../core/phase.ts';
import { isRole, type Role } from '../core/role.ts';
import { isSeverity } from '../core/severity.ts';
import { isStatus } from '../core/status.ts';
import { assignRole } from './assignRole.ts';
import { changeItem, changeSeverity } from './changeItem.ts';
import { changePhase } from './changePhase.ts';
import { changeDocument, fieldValue, newItemRecord, recordFile } from './changes.ts';
import type { ServiceContext } from './context.ts';

export type StaleField = RecordedField | 'phase' | Role;

/**
 * *Record it*: a value in the file that the field had before is meant after all, and becomes a change like any other.
 * @param value the value as the file has it
 * @throws FirebreakError `invalidInput`, `readOnly`
 */
export async function recordStaleValue(
  context: ServiceContext,
  item: Item,
  field: StaleField,
  value: string,
): Promise<void> {
  if (field === 'phase' && isIncident(item) && isPhase(value)) await changePhase(context, item, value);
  else if (isRole(field) && isIncident(item)) await assignRole(context, item, field, value);
  else if (field === 'severity' && isSeverity(value)) await changeSeverity(context, item, value);
  else if (field === 'status' && isStatus(value)) await changeItem(context, item, { status: value });
  else if (field === 'title') await changeItem(context, item, { title: value });
  else if (field === 'owner') await changeItem(context, item, { owner: value });
  else if (field === 'sprint') await changeItem(context, item, { sprint: value });
  else if (field === 'type' || field === 'duplicate-of' || field === 'incident') {
    const record = await newItemRecord(context, item, { [field]: value });
    if (record) await context.writer.createAll([recordFile(record)]);
  } else throw new FirebreakError('invalidInput', `"${value}" can't be recorded as the ${field} of ${item.id}.`);
}

/** *Restore*: the file shows what the records say again. @throws FirebreakError `readOnly` */
export async function restoreRecordedValue(context: ServiceContext, item: Item, field: StaleField): Promise<void> {
  if (field === 'phase') await changeDocument(context, item, { phase: item.incident?.phase });
  else if (isRole(field)) {
    const { roles = {} } = item.incident ?? {};
    await changeDocument(context, item, {
      roles: Object.keys(roles).length > 0 ? (roles as Record<string, string>) : undefined,
    });
  } else {
    const value = fieldValue(item, field);
    await changeDocument(context, item, { [field]: value === '' ? undefined : value });
  }
}
