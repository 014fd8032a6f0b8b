/**
 * An instant as it stands on disk: ISO 8601, UTC, whole seconds, e.g. `2025-09-23T14:32:10Z`.
 * Everything on disk is UTC; only a view turns it into local time.
 */
export type Instant = string;

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Formats epoch milliseconds as an {@link Instant}, dropping the fraction of a second. */
export function formatInstant(epochMs: number): Instant {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** The compact form used in file names: `20250923T143210Z`. */
export function compactInstant(epochMs: number): string {
  return formatInstant(epochMs).replace(/[-:]/g, '');
}

const isoInstant = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Reads a date or instant that a person may have written: with or without seconds, fraction or offset.
 * Without an offset it is UTC, as all times on disk are.
 * @returns epoch milliseconds, or undefined when the text is no such instant.
 */
export function parseInstant(text: string): number | undefined {
  const match = isoInstant.exec(text.trim());
  if (!match) return undefined;
  const [, date, time = '00:00', zone = 'Z'] = match;
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const epochMs = Date.parse(`${date}T${time}${offset}`);
  // Date.parse rolls 2025-02-31 over to March; a date that does not come back as written was never a date.
  if (Number.isNaN(epochMs) || new Date(Date.parse(`${date}T00:00Z`)).toISOString().slice(0, 10) !== date) {
    return undefined;
  }
  // An offset can lead out of the years that an instant has digits for.
  const year = new Date(epochMs).getUTCFullYear();
  return year >= 0 && year <= 9999 ? epochMs : undefined;
}

/** `00:04`, `03:07`, `2d 04h`: an elapsed time for a clock that is read at a glance. Negative counts as zero. */
export function formatElapsed(durationMs: number): string {
  const minutes = Math.max(0, Math.floor(durationMs / minute));
  const pad = (value: number) => String(value).padStart(2, '0');
  if (minutes < 48 * 60) return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  return `${Math.floor(minutes / 1440)}d ${pad(Math.floor((minutes % 1440) / 60))}h`;
}

/** `45s`, `26m`, `3h 10m`, `2d 4h`: a duration in at most two units, rounded down. Negative counts as zero. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / second));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours}h` : `${hours}h ${minutes % 60}m`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)}d` : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** The ISO 8601 week of an instant (UTC), as sprints are named: `2025-W39`. */
export function isoWeek(epochMs: number): string {
  const date = new Date(epochMs);
  const weekday = (date.getUTCDay() + 6) % 7;
  // The week belongs to the year that holds its Thursday.
  const thursday = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() - weekday + 3);
  const year = new Date(thursday).getUTCFullYear();
  const week = 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * day));
  return `${year}-W${String(week).padStart(2, '0')}`;
}
