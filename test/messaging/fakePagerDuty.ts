import { type Answer, LoopbackServer, type Trouble } from './loopbackServer.ts';
import { judgeEvent, judgePagerAnswer } from './pagerDutyDescription.ts';

export interface PagerEvent {
  readonly routing_key: string;
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload?: Record<string, unknown>;
  readonly links?: readonly Record<string, unknown>[];
}

/**
 * PagerDuty's Events API v2: requests are refused, and answers are held (`violations`), by its own description; events with one
 * `dedup_key` are one alert.
 */
export class FakePagerDuty {
  readonly keys = new Set<string>();
  /** Every event that was accepted, doubles too. */
  readonly events: PagerEvent[] = [];
  readonly alerts = new Map<string, 'triggered' | 'acknowledged' | 'resolved'>();
  /** Where a request or an answer is not what PagerDuty describes. */
  readonly violations: string[] = [];
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
    const answer = this.#judged(JSON.parse(body));
    this.violations.push(...judgePagerAnswer(answer.status, answer.body));
    return answer;
  }

  #judged(event: PagerEvent): Answer {
    const errors = judgeEvent(event);
    this.violations.push(...errors);
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
