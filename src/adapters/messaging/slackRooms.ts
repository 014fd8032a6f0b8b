import { ErrorCode, type Logger, LogLevel, WebClient } from '@slack/web-api';
import { neverLeft } from '../../core/neverLeft.ts';
import type { ChatChannel, ChatMessage, ChatPin, ChatRooms, PostedMessage } from '../../core/ports/messaging.ts';
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
  is_inactive: 'archived',
  cant_update_message: 'cantChange',
  edit_window_closed: 'cantChange',
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

/** What Slack's words for it do not tell everybody. */
const explained: Readonly<Record<string, string>> = {
  user_not_found: 'nobody in the workspace has this id',
  cant_invite: 'the app may not invite this person',
  user_is_restricted: 'the token is of a guest, who may not invite',
  ura_max_channels: 'a guest, who can be in one channel only',
  no_permission: 'the app may not invite anybody',
};

interface SlackMessage {
  readonly ts?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: unknown };
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

  async archive(channel: string): Promise<void> {
    await unless(['already_archived'], this.#client.conversations.archive({ channel }));
  }

  async unarchive(channel: string): Promise<void> {
    try {
      await unless(['not_archived'], this.#client.conversations.unarchive({ channel }));
    } catch (error) {
      // Slack: "Bot tokens (xoxb-...) cannot currently be used to unarchive conversations."
      if (!MessagingError.is(error, 'refused', 'notInChannel')) throw error;
      throw new MessagingError('archived', 'The channel is archived, and the app may not bring it back');
    }
  }

  async setPurpose(channel: string, purpose: string): Promise<void> {
    await sent(this.#client.conversations.setPurpose({ channel, purpose }));
  }

  async setTopic(channel: string, topic: string): Promise<void> {
    await sent(this.#client.conversations.setTopic({ channel, topic }));
  }

  async invite(channel: string, user: string): Promise<string | undefined> {
    try {
      const answer = this.#client.conversations.invite({ channel, users: user });
      await unless(['already_in_channel', 'cant_invite_self'], answer);
      return undefined;
    } catch (error) {
      if (!MessagingError.is(error, 'refused')) throw error;
      return error.message;
    }
  }

  async post(channel: string, message: ChatMessage): Promise<string> {
    const { ts } = await sent(
      this.#client.chat.postMessage({
        channel,
        text: slackText(message.text),
        metadata: metadataOf(message),
        // What is written stays as it is written: no previews of what links lead to, no names turned into calls.
        unfurl_links: false,
        unfurl_media: false,
      }),
    );
    return required(ts);
  }

  async change(channel: string, ts: string, message: ChatMessage): Promise<void> {
    const metadata = metadataOf(message);
    await unless(
      ['message_not_found'],
      this.#client.chat.update({ channel, ts, text: slackText(message.text), metadata }),
    );
  }

  async message(channel: string, ts: string): Promise<PostedMessage | undefined> {
    const answer = await sent(
      this.#client.conversations.history({
        channel,
        oldest: ts,
        latest: ts,
        inclusive: true,
        limit: 1,
        include_all_metadata: true,
      }),
    );
    return answer.messages?.map(postedMessage).find((found) => found?.ts === ts);
  }

  async posted(channel: string, oldest: number): Promise<readonly PostedMessage[]> {
    const found: PostedMessage[] = [];
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
      for (const message of answer.messages ?? []) {
        const posted = postedMessage(message);
        if (posted) found.push(posted);
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

/** Slack keeps it with the message and shows it to nobody. Lists are written as words, since all values are texts. */
function metadataOf({ amended, key, sources }: ChatMessage) {
  const event_payload = { key, sources: sources.join(' '), amended: amended.join(' ') };
  return { event_type: eventType, event_payload };
}

function postedMessage({ metadata, ts }: SlackMessage): PostedMessage | undefined {
  const payload: unknown = metadata?.event_payload;
  if (ts === undefined || metadata?.event_type !== eventType || !isRecord(payload)) return undefined;
  const { amended, key, sources } = payload;
  if (typeof key !== 'string') return undefined;
  return { key, ts, sources: wordsIn(sources), amended: wordsIn(amended) ?? [] };
}

function wordsIn(value: unknown): readonly string[] | undefined {
  return typeof value === 'string' ? value.split(' ').filter((word) => word !== '') : undefined;
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
    const meaning = explained[code] === undefined ? '' : `: ${explained[code]}`;
    return new MessagingError(reasons[code] ?? 'refused', `Slack says ${code}${needed}${meaning}`);
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
