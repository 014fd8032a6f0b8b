import { ErrorCode, type Logger, LogLevel, WebClient } from '@slack/web-api';
import { neverLeft } from '../../core/neverLeft.ts';
import type { ChatChannel, ChatPin, ChatRooms } from '../../core/ports/messaging.ts';
import { MessagingError, type MessagingReason } from '../../core/ports/messaging.ts';
import type { Sender } from './postJson.ts';
import { fromSlackText, slackText } from './slackText.ts';

const pageSize = 200;
/** Few calls, since lists of channels are limited most. */
const channelsOnPage = 1_000;
/** More channels than any workspace lists in an incident's time. */
const mostPages = 20;
/** Of one room's messages; older ones are ours no more. */
const mostHistoryPages = 5;
const eventType = 'firebreak_message';

/** What its library would log are requests and answers: words of incidents, which belong in no log. */
const noLog: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

/** Errors of Slack's that mean something to us; all others are refusals. */
const reasons: Readonly<Record<string, MessagingReason>> = {
  name_taken: 'nameTaken',
  is_archived: 'archived',
  not_in_channel: 'notInChannel',
  channel_not_found: 'noChannel',
  invalid_auth: 'badToken',
  not_authed: 'badToken',
  token_revoked: 'badToken',
  token_expired: 'badToken',
  account_inactive: 'badToken',
  ratelimited: 'limited',
  rate_limited: 'limited',
  internal_error: 'server',
  fatal_error: 'server',
  service_unavailable: 'server',
  request_timeout: 'server',
};

interface SlackChannel {
  readonly id?: string;
  readonly name?: string;
  readonly creator?: string;
  readonly is_archived?: boolean;
  readonly purpose?: { readonly value?: string };
}

/** Slack, as the war room uses it. Nothing is sent twice by itself: the library's own retries are off. */
export class SlackRooms implements ChatRooms {
  readonly #client: WebClient;
  #me: Promise<{ readonly user: string; readonly url: string }> | undefined;

  /** @param apiUrl a checked address, as `https://slack.com/api` */
  constructor(apiUrl: string, token: string, { fetch, timeout }: Sender) {
    this.#client = new WebClient(token, {
      slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`,
      allowAbsoluteUrls: false,
      fetch,
      timeout,
      logger: noLog,
      rejectRateLimitedCalls: true,
      retryConfig: { retries: 0 },
    });
  }

  async create(name: string): Promise<ChatChannel> {
    const { channel } = await sent(this.#client.conversations.create({ name }));
    return this.#channelOf(channel);
  }

  async channel(id: string): Promise<ChatChannel> {
    const { channel } = await sent(this.#client.conversations.info({ channel: id }));
    return this.#channelOf(channel);
  }

  async find(name: string): Promise<ChatChannel | undefined> {
    let cursor = '';
    for (let page = 0; page < mostPages; page++) {
      // To ask for private ones as well is refused to an app that may not see them; a name that one has is just taken.
      const types = 'public_channel';
      const answer = await sent(
        this.#client.conversations.list({ types, limit: channelsOnPage, ...(cursor === '' ? {} : { cursor }) }),
      );
      const found = answer.channels?.find((channel) => channel.name === name);
      if (found) return this.#channelOf(found);
      cursor = answer.response_metadata?.next_cursor ?? '';
      if (cursor === '') return undefined;
    }
    return undefined;
  }

  async join(channel: string): Promise<void> {
    await sent(this.#client.conversations.join({ channel }));
  }

  async unarchive(channel: string): Promise<void> {
    await unless(['not_archived'], this.#client.conversations.unarchive({ channel }));
  }

  async setPurpose(channel: string, purpose: string): Promise<void> {
    await sent(this.#client.conversations.setPurpose({ channel, purpose }));
  }

  async setTopic(channel: string, topic: string): Promise<void> {
    await sent(this.#client.conversations.setTopic({ channel, topic }));
  }

  async invite(channel: string, users: readonly string[]): Promise<void> {
    // One by one: of several, Slack refuses all for the sake of one.
    for (const user of users) {
      const harmless = [
        'already_in_channel',
        'cant_invite_self',
        'user_not_found',
        'cant_invite',
        'user_is_restricted',
      ];
      await unless(harmless, this.#client.conversations.invite({ channel, users: user }));
    }
  }

  async post(channel: string, key: string, text: string): Promise<string> {
    const { ts } = await sent(
      this.#client.chat.postMessage({
        channel,
        text: slackText(text),
        metadata: { event_type: eventType, event_payload: { key } },
        // What is written stays as it is written: no previews of what links lead to, no names turned into calls.
        unfurl_links: false,
        unfurl_media: false,
      }),
    );
    return required(ts);
  }

  async posted(channel: string, oldest: number): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    let cursor = '';
    for (let page = 0; page < mostHistoryPages; page++) {
      const answer = await sent(
        this.#client.conversations.history({
          channel,
          oldest: String(oldest),
          limit: pageSize,
          include_all_metadata: true,
          ...(cursor === '' ? {} : { cursor }),
        }),
      );
      for (const { ts, metadata } of answer.messages ?? []) {
        if (ts === undefined || metadata?.event_type !== eventType) continue;
        const payload: unknown = metadata.event_payload;
        if (isRecord(payload) && typeof payload.key === 'string') found.set(payload.key, ts);
      }
      cursor = answer.response_metadata?.next_cursor ?? '';
      if (cursor === '') break;
    }
    return found;
  }

  async pin(channel: string, ts: string): Promise<void> {
    await unless(['already_pinned'], this.#client.pins.add({ channel, timestamp: ts }));
  }

  async pins(channel: string): Promise<readonly ChatPin[]> {
    const { user: me } = await this.#whoAmI();
    const { items } = await sent(this.#client.pins.list({ channel }));
    return (items ?? []).flatMap(({ created, message }) => {
      if (message?.ts === undefined) return [];
      const isBots = message.bot_id !== undefined && message.user === me;
      return [
        {
          ts: message.ts,
          user: message.user ?? '',
          text: fromSlackText(message.text ?? ''),
          pinned: created ?? 0,
          ours: isBots,
        },
      ];
    });
  }

  async address(channel: string): Promise<string> {
    return new URL(`archives/${encodeURIComponent(channel)}`, (await this.#whoAmI()).url).href;
  }

  async #channelOf(channel: SlackChannel | undefined): Promise<ChatChannel> {
    const { user } = await this.#whoAmI();
    return {
      id: required(channel?.id),
      name: channel?.name ?? '',
      purpose: fromSlackText(channel?.purpose?.value ?? ''),
      archived: channel?.is_archived === true,
      ours: channel?.creator === user,
    };
  }

  #whoAmI(): Promise<{ readonly user: string; readonly url: string }> {
    this.#me ??= sent(this.#client.auth.test()).then(({ user_id, url }) => ({
      user: required(user_id),
      url: required(url),
    }));
    this.#me.catch(() => {
      this.#me = undefined;
    });
    return this.#me;
  }
}

async function sent<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw failureOf(error);
  }
}

/** For what is so already. */
async function unless(harmless: readonly string[], answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (!harmless.includes(codeOf(error) ?? '')) throw failureOf(error);
  }
}

/** The library's errors, told by their codes. */
function failureOf(error: unknown): MessagingError {
  if (!isRecord(error)) return new MessagingError('maybeSent', 'Slack did not answer');
  if (error.code === ErrorCode.RateLimitedError) {
    const wait = typeof error.retryAfter === 'number' ? error.retryAfter * 1_000 : undefined;
    return new MessagingError('limited', 'Slack asks for a pause', wait);
  }
  if (error.code === ErrorCode.HTTPError) {
    const status = typeof error.statusCode === 'number' ? error.statusCode : 0;
    return status >= 500
      ? new MessagingError('server', `Slack has trouble (${status})`)
      : new MessagingError('refused', `Slack refused it (${status})`);
  }
  if (error.code === ErrorCode.PlatformError) {
    const code = codeOf(error) ?? '';
    // What is no code is a page of something that is not Slack.
    if (!/^[a-z_]{1,60}$/.test(code)) return new MessagingError('server', 'Slack gave no answer that can be read');
    const data = isRecord(error.data) ? error.data : {};
    const needed = typeof data.needed === 'string' ? `: the token needs the scope ${data.needed.slice(0, 80)}` : '';
    return new MessagingError(reasons[code] ?? 'refused', `Slack says ${code}${needed}`);
  }
  return neverLeft(error.original ?? error)
    ? new MessagingError('notSent', "Slack can't be reached")
    : new MessagingError('maybeSent', 'Slack did not answer');
}

function codeOf(error: unknown): string | undefined {
  const data = isRecord(error) && isRecord(error.data) ? error.data : undefined;
  return typeof data?.error === 'string' ? data.error : undefined;
}

function required(value: string | undefined): string {
  if (value === undefined) throw new MessagingError('server', 'Slack gave no answer that can be read');
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
