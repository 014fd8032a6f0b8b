/** What a clone remembers of an alert that it saw firing. Instants are of the monitoring system's clock. */
export interface SeenAlert {
  readonly name: string;
  /** When it was seen first, epoch milliseconds. */
  readonly seenAt: number;
  /** Since when it is away. */
  readonly missingSince?: number;
}

/**
 * By the address of the monitoring system, then by fingerprint: that an alert is away says something only where it was
 * seen. Another Alertmanager never had it.
 */
export type AlertMemory = Readonly<Record<string, Readonly<Record<string, SeenAlert>>>>;

/** Reads what a file holds; what is no memory counts for nothing. */
export function readAlertMemory(value: unknown): AlertMemory {
  const memory: Record<string, Record<string, SeenAlert>> = {};
  for (const [url, seen] of entriesOf(value)) {
    const known: Record<string, SeenAlert> = {};
    for (const [fingerprint, alert] of entriesOf(seen)) if (isSeenAlert(alert)) known[fingerprint] = alert;
    memory[url] = known;
  }
  return memory;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function isSeenAlert(value: unknown): value is SeenAlert {
  if (typeof value !== 'object' || value === null) return false;
  const isInstant = (one: unknown) => typeof one === 'number' && Number.isFinite(one);
  const { name, seenAt, missingSince } = value as Partial<Record<keyof SeenAlert, unknown>>;
  return typeof name === 'string' && isInstant(seenAt) && (missingSince === undefined || isInstant(missingSince));
}
