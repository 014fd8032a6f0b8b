import type { Incident } from './item.ts';
import { itemIdTime } from './itemId.ts';
import type { RoomPlaceholder } from './policy.ts';
import { formatInstant } from './time.ts';

/** Slack's own limit; others allow more. */
const longestName = 80;
/** Room for a suffix. */
const longestBase = longestName - 4;

/**
 * The name of an incident's chat channel: small letters, digits, `-` and `_`, at most 80.
 * @param attempt from 1 on: further ones get a suffix, for a name that is taken
 */
export function channelName(template: string, incident: Incident, attempt = 1): string {
  const name = slug(filled(template, incident, (text) => text)).slice(0, longestBase);
  const base = name.replace(/[-_]+$/, '') || slug(incident.id);
  return attempt === 1 ? base : `${base}-${attempt}`;
}

/** The address of the video call. Words of the incident are encoded: they never change where it leads. */
export function videoAddress(template: string, incident: Incident): string {
  return filled(template, incident, (text) => encodeURIComponent(text.replace(/^\.+$/, '')));
}

function filled(template: string, incident: Incident, write: (text: string) => string): string {
  const created = itemIdTime(incident.id) ?? incident.created;
  const values: Readonly<Record<RoomPlaceholder, string>> = {
    id: incident.id,
    date: created === undefined ? '' : formatInstant(created).slice(0, 10).replaceAll('-', ''),
    slug: slug(incident.title).slice(0, 40).replace(/-+$/, ''),
    severity: incident.severity,
    service: incident.incident.service ?? '',
  };
  return template.replace(/\{([a-z]+)\}/g, (whole, name: string) =>
    name in values ? write(values[name as RoomPlaceholder]) : whole,
  );
}

function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
