import { day, hour, minute, second } from '../core/time.ts';

const units: Readonly<Record<string, number>> = { s: second, m: minute, h: hour, d: day, w: 7 * day };

/**
 * Reads a duration as policies write it: `15m`, `4h`, `2d`, `1w`, `1h 30m`, or `none` for no limit.
 * @returns milliseconds, null for `none`, undefined when the text is no duration (or is one of nothing)
 */
export function parseDuration(text: string): number | null | undefined {
  const written = text.trim().toLowerCase();
  if (written === 'none') return null;
  if (!/^(?:\d{1,6}\s*[smhdw]\s*)+$/.test(written)) return undefined;
  let total = 0;
  for (const [, count, unit] of written.matchAll(/(\d+)\s*([smhdw])/g))
    total += Number(count) * (units[unit ?? ''] ?? 0);
  return total > 0 ? total : undefined;
}
