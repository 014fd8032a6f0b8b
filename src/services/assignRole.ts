import { roleRecords } from '../core/incidentState.ts';
import type { Incident } from '../core/item.ts';
import { foldRegister } from '../core/register.ts';
import { type Role, roles } from '../core/role.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { type FrontMatterChanges, showInDocument } from './changes.ts';
import { markdown, oneLine, requireIncident, type ServiceContext } from './context.ts';
import { eventFile, newEvent } from './newEvent.ts';
import { ownEvents } from './ownEvents.ts';

/**
 * Gives a role to a person, as written (`@alice`), or takes it back with an empty text.
 * @returns the incident as it is then
 * @throws FirebreakError `readOnly`
 */
export async function assignRole(
  context: ServiceContext,
  incident: Incident,
  role: Role,
  person: string,
  text = '',
): Promise<Incident> {
  const to = oneLine(person);
  const before = incident.incident.roles[role] ?? '';
  if (before === to) {
    await showInDocument(context, incident, {}, rolesLines(incident, {}));
    return requireIncident(context.index, incident.uid);
  }
  const head = foldRegister(roleRecords(await ownEvents(context, incident), role))?.head ?? null;
  const base = await newEvent(context, incident.uid);
  const event: TimelineEvent = {
    ...base(),
    kind: 'role',
    role,
    to,
    prev: head,
    ...(head === null && before !== '' ? { was: before } : {}),
    body: markdown(text),
  };
  await context.writer.createAll([eventFile(incident.path, event)]);
  await showInDocument(context, incident, rolesLines(incident, { [role]: to }));
  return requireIncident(context.index, incident.uid);
}

function rolesLines(incident: Incident, changed: Partial<Record<Role, string>>): FrontMatterChanges {
  const assigned: Record<string, string> = {};
  for (const role of roles) {
    const holder = changed[role] ?? incident.incident.roles[role];
    if (holder) assigned[role] = holder;
  }
  return { roles: Object.keys(assigned).length > 0 ? assigned : undefined };
}
