import type { Alert } from '../../core/alert.ts';
import { parseInstant } from '../../core/time.ts';

/** One alert of `GET /api/v2/alerts` (Alertmanager's OpenAPI document, `gettableAlert`); undefined for anything else. */
export function readAlert(value: unknown): Alert | undefined {
  if (!isObject(value)) return undefined;
  const { fingerprint, labels, annotations, startsAt, status, generatorURL } = value;
  if (typeof fingerprint !== 'string' || !/^[0-9a-f]{1,64}$/i.test(fingerprint)) return undefined;
  const start = typeof startsAt === 'string' ? parseInstant(startsAt) : undefined;
  const read = readTexts(labels);
  if (start === undefined || !read) return undefined;
  const isNamed = (key: string) => isObject(status) && Array.isArray(status[key]) && status[key].length > 0;
  return {
    fingerprint: fingerprint.toLowerCase(),
    name: read.get('alertname') || 'alert',
    labels: read,
    annotations: readTexts(annotations) ?? new Map(),
    startsAt: start,
    silenced: isNamed('silencedBy'),
    inhibited: isNamed('inhibitedBy'),
    generatorUrl: typeof generatorURL === 'string' && generatorURL !== '' ? generatorURL : undefined,
  };
}

/** When an Alertmanager began to run, from `GET /api/v2/status`. */
export function readUpSince(value: unknown): number | undefined {
  return isObject(value) && typeof value.uptime === 'string' ? parseInstant(value.uptime) : undefined;
}

/** A map, since `__proto__` is a good name for a label. Sorted, so that the same labels always read the same. */
function readTexts(value: unknown): ReadonlyMap<string, string> | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return new Map(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
