/**
 * Why a message did not get there, as far as it is known. `notSent`: certainly not; it is tried again. `maybeSent`: no answer
 * came. `limited`: the server wants to be asked later. `badToken`: the token or key is no good (any more). `refused`: the
 * server says no, and will again. `nameTaken`, `archived`, `notInChannel`, `noChannel`: of a chat channel. `cantChange`: a message that is
 * there may not be changed (any more).
 */
export type MessagingReason =
  | 'notSent'
  | 'maybeSent'
  | 'limited'
  | 'server'
  | 'badToken'
  | 'refused'
  | 'nameTaken'
  | 'archived'
  | 'notInChannel'
  | 'noChannel'
  | 'cantChange';

export class MessagingError extends Error {
  readonly reason: MessagingReason;
  /** For `limited`: how long the server asks to wait, in milliseconds. */
  readonly wait: number | undefined;

  constructor(reason: MessagingReason, message: string, wait?: number) {
    super(message);
    this.name = 'MessagingError';
    this.reason = reason;
    this.wait = wait;
  }

  /** By name, since each bundle (the adapter has one of its own) holds a copy of this class. */
  static is(error: unknown, ...reasons: MessagingReason[]): error is MessagingError {
    if (!(error instanceof Error) || error.name !== 'MessagingError' || !('reason' in error)) return false;
    return reasons.length === 0 || reasons.some((reason) => reason === error.reason);
  }
}

export interface ChatChannel {
  readonly id: string;
  /** Without the `#`. */
  readonly name: string;
  /** What the channel says it is for: Firebreak keeps the incident's uid there. */
  readonly purpose: string;
  readonly archived: boolean;
  /** Whether the token's owner made it. */
  readonly ours: boolean;
}

/** A message that somebody pinned. */
export interface ChatPin {
  /** The message's own id, which tells its time: `1758638400.000200`. */
  readonly ts: string;
  /** The id of who wrote it. */
  readonly user: string;
  readonly text: string;
  /** When it was pinned: epoch seconds. */
  readonly pinned: number;
  /** Whether it was written with this token. */
  readonly ours: boolean;
}

/** A message of ours, and what stays with it, so that every clone can tell what it holds. */
export interface ChatMessage {
  /** The same in every clone. */
  readonly key: string;
  /** Markdown. */
  readonly text: string;
  /** Ids of the events whose words it holds. */
  readonly sources: readonly string[];
  /** What it knows of them: see `HeldWords`. */
  readonly amended: readonly string[];
}

/** A message of ours as it stands in the chat. */
export interface PostedMessage {
  readonly key: string;
  /** The message's own id. */
  readonly ts: string;
  /** Undefined where it does not say. */
  readonly sources: readonly string[] | undefined;
  readonly amended: readonly string[];
}

/** A workspace of a chat. All throw {@link MessagingError}. */
export interface ChatRooms {
  /** @throws MessagingError `nameTaken` */
  create(name: string): Promise<ChatChannel>;
  /** @throws MessagingError `noChannel` */
  channel(id: string): Promise<ChatChannel>;
  find(name: string): Promise<ChatChannel | undefined>;
  join(channel: string): Promise<void>;
  archive(channel: string): Promise<void>;
  /** @throws MessagingError `archived` where the token may not */
  unarchive(channel: string): Promise<void>;
  setPurpose(channel: string, purpose: string): Promise<void>;
  setTopic(channel: string, topic: string): Promise<void>;
  /** @returns why this person can't be in the channel; undefined once they are */
  invite(channel: string, user: string): Promise<string | undefined>;
  /** @returns the message's id */
  post(channel: string, message: ChatMessage): Promise<string>;
  /** Looks for our messages among those since `oldest` (epoch seconds). */
  posted(channel: string, oldest: number): Promise<readonly PostedMessage[]>;
  /** One of our messages, as it stands now; undefined when it is gone. */
  message(channel: string, ts: string): Promise<PostedMessage | undefined>;
  /** Puts other words into a message of ours. @throws MessagingError `cantChange` */
  change(channel: string, ts: string, message: ChatMessage): Promise<void>;
  pin(channel: string, ts: string): Promise<void>;
  pins(channel: string): Promise<readonly ChatPin[]>;
  /** Where people open a channel. */
  address(channel: string): Promise<string>;
}

/** One JSON object for one address. @throws MessagingError */
export type SendToWebhook = (message: WebhookMessage) => Promise<void>;

/** What a webhook is told; the adapter writes it as the receiver reads it. */
export interface WebhookMessage {
  /** The same for the same message, so that a receiver can tell a second one. */
  readonly key: string;
  readonly kind: 'opened' | 'status' | 'resolved' | 'message';
  readonly text: string;
  /** Not for people outside. */
  readonly incident?: {
    readonly id: string;
    readonly title: string;
    readonly severity: string;
    readonly phase: string;
  };
}

export interface Page {
  readonly action: 'trigger' | 'acknowledge' | 'resolve';
  /** Joins what belongs to one incident, and makes sending twice harmless. */
  readonly dedupKey: string;
  readonly summary: string;
  readonly source: string;
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly details: Readonly<Record<string, string>>;
  readonly link: string | undefined;
}

/** Pages whoever is on call. @throws MessagingError */
export type SendPage = (page: Page) => Promise<void>;

/** `slack`: `{"text": …}`, as Slack reads it, and Mattermost and the Slack-compatible addresses of Teams and Discord. `json`: all that is known. */
export type WebhookFormat = 'slack' | 'json';

/** Where this machine sends to. Addresses are checked ones (`safeApiUrl`, `safeMessagingAddress`). */
export interface MessagingTargets {
  readonly slack: { readonly apiUrl: string; readonly token: string } | undefined;
  readonly webhook: { readonly address: string; readonly format: WebhookFormat } | undefined;
  readonly pagerduty: { readonly address: string; readonly key: string } | undefined;
  /** Where people outside are told. */
  readonly customers: { readonly address: string; readonly format: WebhookFormat } | undefined;
}

/** Who can be told: undefined for what is switched off, or has no token. */
export interface Messengers {
  readonly slack: ChatRooms | undefined;
  readonly webhook: SendToWebhook | undefined;
  readonly pagerduty: SendPage | undefined;
  readonly customers: SendToWebhook | undefined;
}

export type OpenMessengers = (targets: MessagingTargets) => Messengers;
