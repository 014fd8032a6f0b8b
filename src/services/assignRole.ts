import { roleRecords } from '../core/incidentState.ts';
import type { Incident } from '../core/item.ts';
import { foldRegister } from '../core/register.ts';
import { type Role, roles } from '../core/role.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { showInDocument } from './changes.ts';
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
  if (before === to) return incident;
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
  const assigned: Record<string, string> = {};
  for (const name of roles) {
    const holder = name === role ? to : incident.incident.roles[name];
    if (holder) assigned[name] = holder;
  }
  await showInDocument(context, incident, { roles: Object.keys(assigned).length > 0 ? assigned : undefined });
  return requireIncident(context.index, incident.uid);
}
