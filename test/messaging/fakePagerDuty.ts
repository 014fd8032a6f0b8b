import { type Answer, LoopbackServer, type Trouble } from './loopbackServer.ts';

export interface PagerEvent {
  readonly routing_key: string;
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload?: Record<string, unknown>;
  readonly links?: readonly Record<string, unknown>[];
}

const actions = ['trigger', 'acknowledge', 'resolve'];
const severities = ['critical', 'warning', 'error', 'info'];

/**
 * PagerDuty's Events API v2, by its published description: what a request must hold, which answers there are (202, 400, 429, 5xx), and
 * that events with one `dedup_key` are one alert.
 */
export class FakePagerDuty {
  readonly keys = new Set<string>();
  /** Every event that was accepted, doubles too. */
  readonly events: PagerEvent[] = [];
  readonly alerts = new Map<string, 'triggered' | 'acknowledged' | 'resolved'>();
  /** How often somebody was called. */
  calls = 0;
  readonly #server: LoopbackServer;

  private constructor(server: LoopbackServer) {
    this.#server = server;
  }

  static async start(): Promise<FakePagerDuty> {
    const found: { fake?: FakePagerDuty } = {};
    const server = await LoopbackServer.start((_request, body) => {
      if (!found.fake) throw new Error('not ready');
      return found.fake.#answer(body);
    });
    found.fake = new FakePagerDuty(server);
    return found.fake;
  }

  get address(): string {
    return `${this.#server.url}/v2/enqueue`;
  }

  next(trouble: Trouble): void {
    this.#server.next(trouble);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  #answer(body: string): Answer {
    const event: PagerEvent = JSON.parse(body);
    const errors = problemsOf(event);
    if (!this.keys.has(event.routing_key)) errors.push("'routing_key' is invalid");
    if (errors.length > 0) {
      return {
        status: 400,
        body: JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors }),
      };
    }
    this.events.push(event);
    this.#take(event);
    const answer = { status: 'success', message: 'Event processed', dedup_key: event.dedup_key };
    return { status: 202, body: JSON.stringify(answer) };
  }

  #take({ event_action, dedup_key }: PagerEvent): void {
    const known = this.alerts.get(dedup_key);
    const isOpen = known === 'triggered' || known === 'acknowledged';
    if (event_action === 'trigger' && !isOpen) {
      this.calls += 1;
      this.alerts.set(dedup_key, 'triggered');
    } else if (event_action === 'acknowledge' && isOpen) this.alerts.set(dedup_key, 'acknowledged');
    else if (event_action === 'resolve' && isOpen) this.alerts.set(dedup_key, 'resolved');
  }
}

function problemsOf({ event_action, dedup_key, payload, links }: PagerEvent): string[] {
  const problems: string[] = [];
  if (!actions.includes(event_action)) problems.push("'event_action' is invalid");
  if (event_action !== 'trigger') return dedup_key ? problems : [...problems, "'dedup_key' is missing"];
  const { summary, source, severity, timestamp } = payload ?? {};
  if (typeof summary !== 'string' || summary === '' || summary.length > 1_024)
    problems.push("'payload.summary' is invalid");
  if (typeof source !== 'string' || source === '') problems.push("'payload.source' is invalid");
  if (typeof severity !== 'string' || !severities.includes(severity)) problems.push("'payload.severity' is invalid");
  if (timestamp !== undefined && Number.isNaN(Date.parse(String(timestamp))))
    problems.push("'payload.timestamp' is invalid");
  if (links?.some(({ href }) => typeof href !== 'string')) problems.push("'links' is invalid");
  return problems;
}
