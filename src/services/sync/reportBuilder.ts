import type { PlannedStep, SyncProblem, SyncProblemCode, SyncReport, Waiting } from './syncReport.ts';

/** What a sync did, as it does it. */
export class ReportBuilder {
  created = 0;
  updated = 0;
  commented = 0;
  pulled = 0;
  readonly #waiting: Waiting[] = [];
  readonly #problems: SyncProblem[] = [];
  readonly #over = new Set<string>();
  #gatheringUntil: number | undefined;

  get waiting(): readonly Waiting[] {
    return this.#waiting;
  }

  wait(waiting: Waiting): void {
    const known = this.#waiting.findIndex((other) => other.reason === waiting.reason);
    if (known < 0) this.#waiting.push(waiting);
    // Of several times, the first at which there is something to do again.
    else if ((waiting.until ?? Infinity) < (this.#waiting[known]?.until ?? Infinity)) this.#waiting[known] = waiting;
  }

  /** Small events are kept back until then: epoch milliseconds. */
  gather(until: number): void {
    this.#gatheringUntil = Math.min(until, this.#gatheringUntil ?? until);
  }

  /** Says more of what is waited for already. */
  replace(waiting: Waiting): void {
    const known = this.#waiting.findIndex((other) => other.reason === waiting.reason);
    if (known >= 0) this.#waiting[known] = waiting;
  }

  problem(problem: SyncProblem): void {
    const same = (other: SyncProblem) => other.item === problem.item && other.message === problem.message;
    if (!this.#problems.some(same)) this.#problems.push(problem);
  }

  /** A lasting problem of this kind is mended, unless it is told of again after this. */
  over(item: string, code: SyncProblemCode): void {
    this.#over.add(`${item} ${code}`);
  }

  isOver({ item, code }: SyncProblem): boolean {
    return this.#over.has(`${item} ${code}`);
  }

  get problems(): readonly SyncProblem[] {
    return this.#problems;
  }

  finish(plan: readonly PlannedStep[] = []): SyncReport {
    return {
      created: this.created,
      updated: this.updated,
      commented: this.commented,
      pulled: this.pulled,
      waiting: [...this.#waiting],
      problems: [...this.#problems],
      ...(this.#gatheringUntil === undefined ? {} : { gatheringUntil: this.#gatheringUntil }),
      plan,
    };
  }
}
