// Dates of the demo, all UTC and relative to the day on which it is made.
import { createHash } from 'node:crypto';

const minute = 60_000;
const dayLength = 24 * 60 * minute;

/** The instant (epoch milliseconds) at a time of a day some days before `now`: `daysBefore(now, 9, '14:05')`. */
export function daysBefore(now, days, time) {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  const midnight = Math.floor(now / dayLength) * dayLength;
  return midnight - days * dayLength + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** `2025-09-23T14:32:10Z` */
export function instant(epochMs) {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** `20250923T143210Z` */
export function compact(epochMs) {
  return instant(epochMs).replace(/[-:]/g, '');
}

/** `2025-09-23` */
export function day(epochMs) {
  return instant(epochMs).slice(0, 10);
}

/** The guide's id of an item: `BUG-P2-20250923-1015`. */
export function itemId(type, severity, epochMs) {
  const stamp = compact(epochMs);
  return `${type.toUpperCase()}-${severity}-${stamp.slice(0, 8)}-${stamp.slice(9, 13)}`;
}

/** The Monday (00:00) of the week that holds an instant. */
export function monday(epochMs) {
  const date = new Date(Math.floor(epochMs / dayLength) * dayLength);
  return date.getTime() - ((date.getUTCDay() + 6) % 7) * dayLength;
}

/** The ISO week, as sprints are named: `2025-W39`. */
export function week(epochMs) {
  const thursday = new Date(monday(epochMs) + 3 * dayLength);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const number = 1 + Math.floor((thursday.getTime() - first) / (7 * dayLength));
  return `${thursday.getUTCFullYear()}-W${String(number).padStart(2, '0')}`;
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID with the time of an instant; the rest comes from `name`, so that the same demo is made twice. */
export function ulid(epochMs, name) {
  let time = epochMs;
  let head = '';
  for (let index = 0; index < 10; index += 1) {
    head = crockford[time % 32] + head;
    time = Math.floor(time / 32);
  }
  const digest = createHash('sha256').update(`${epochMs} ${name}`).digest();
  return head + [...digest.subarray(0, 16)].map((byte) => crockford[byte & 31]).join('');
}
