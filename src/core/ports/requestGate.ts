/** What a request does: it reads, it changes, or it creates content (an issue, a comment), which GitHub limits most. */
export type RequestKind = 'read' | 'write' | 'content';

/** What an answer tells about time and the hourly quota. Times are epoch milliseconds on the server's clock. */
export interface AnswerFacts {
  readonly ok: boolean;
  readonly serverTime: number | undefined;
  readonly quota: { readonly limit: number; readonly remaining: number; readonly reset: number } | undefined;
}

/** A refusal for having asked too much. */
export interface Limit {
  /** `primary`: the hourly quota is used up. `secondary`: too fast, or too much at once. */
  readonly kind: 'primary' | 'secondary';
  /** Milliseconds that GitHub asks to wait. */
  readonly wait: number;
}

/** What stands before every request to a server: its limits are one person's, whatever windows and clones there are. */
export interface RequestGate {
  /**
   * Returns when the request may be sent; it counts as sent then.
   * @throws TrackerError `rateLimited` (the server asked for a pause), `paced` (our own pace), with `until`
   */
  enter(kind: RequestKind): Promise<void>;
  /** To be told of every answer. */
  answered(kind: RequestKind, facts: AnswerFacts): Promise<void>;
  /** To be told of a refusal. @returns when to try again: epoch milliseconds of this machine */
  limited(kind: RequestKind, limit: Limit): Promise<number>;
}
