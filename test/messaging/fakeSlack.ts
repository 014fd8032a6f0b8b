import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import type {
  AuthTestResponse,
  ChatPostMessageResponse,
  ChatUpdateResponse,
  ConversationsArchiveResponse,
  ConversationsCreateResponse,
  ConversationsHistoryResponse,
  ConversationsInfoResponse,
  ConversationsInviteResponse,
  ConversationsJoinResponse,
  ConversationsListResponse,
  ConversationsSetPurposeResponse,
  ConversationsSetTopicResponse,
  ConversationsUnarchiveResponse,
  PinsAddResponse,
  PinsListResponse,
} from '@slack/web-api';
import { type Answer, LoopbackServer, type Trouble } from './loopbackServer.ts';
import { SlackDescription } from './slackDescription.ts';

export interface SlackMessage {
  readonly ts: string;
  readonly user: string;
  text: string;
  readonly bot: boolean;
  metadata: { event_type: string; event_payload: Record<string, string> } | undefined;
}

export interface SlackChannelRecord {
  readonly id: string;
  name: string;
  creator: string;
  archived: boolean;
  purpose: string;
  topic: string;
  readonly members: Set<string>;
  readonly messages: SlackMessage[];
  readonly pins: { readonly ts: string; readonly by: string; readonly at: number }[];
}

type Arguments = Readonly<Record<string, string>>;
type Result = { readonly ok: boolean; readonly error?: string } & Record<string, unknown>;

export const botUser = 'U0BOT';
const botId = 'B0FIREBREAK';

/**
 * Slack as far as the war room uses it: state, limits of names and texts, and the errors that its reference names for each method.
 * Requests and answers are held against Slack's own description (`violations`), and answers are typed as Slack's own library has them.
 */
export class FakeSlack {
  readonly channels: SlackChannelRecord[] = [];
  readonly users = new Set<string>([botUser]);
  readonly tokens = new Set<string>();
  /** Slack: "Bot tokens (xoxb-...) cannot currently be used to unarchive conversations." Those of people can. */
  isBotToken = true;
  /** Messages that the workspace does not let be edited any more. */
  readonly frozen = new Set<string>();
  /** Whom the app may not invite, and what Slack says of it. */
  readonly uninvitable = new Map<string, string>();
  /** Where a request or an answer is not what Slack's own description says. */
  readonly violations: string[] = [];
  /** Channels listed on one page. */
  pageSize = 2;
  readonly #server: LoopbackServer;
  #time: number;

  private constructor(server: LoopbackServer, time: number) {
    this.#server = server;
    this.#time = time;
  }

  /** @param time epoch seconds of the first message */
  static async start(time = 1_758_637_860): Promise<FakeSlack> {
    const found: { fake?: FakeSlack } = {};
    const server = await LoopbackServer.start((request, body) => {
      if (!found.fake) throw new Error('not ready');
      return found.fake.#answer(request, body);
    });
    found.fake = new FakeSlack(server, time);
    return found.fake;
  }

  get apiUrl(): string {
    return `${this.#server.url}/api`;
  }

  /** Methods that were called since the last time. */
  takeCalls(): string[] {
    return this.#server.takePaths().map((path) => path.replace('/api/', ''));
  }

  next(trouble: Trouble, method?: string): void {
    this.#server.next(trouble, method);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  channel(name: string): SlackChannelRecord {
    const channel = this.channels.find((candidate) => candidate.name === name);
    if (!channel) throw new Error(`there is no #${name}: ${this.channels.map((one) => one.name).join(', ')}`);
    return channel;
  }

  addChannel(name: string, more: Partial<SlackChannelRecord> = {}): SlackChannelRecord {
    const channel: SlackChannelRecord = {
      id: `C${String(this.channels.length + 1).padStart(9, '0')}`,
      name,
      creator: 'U0OTHER',
      archived: false,
      purpose: '',
      topic: '',
      members: new Set(['U0OTHER']),
      messages: [],
      pins: [],
      ...more,
    };
    this.channels.push(channel);
    return channel;
  }

  /** Somebody archives a channel: apps are not in it any more. */
  archive(channel: SlackChannelRecord): void {
    channel.archived = true;
    channel.members.delete(botUser);
  }

  /** Somebody writes in the channel, and perhaps pins it. */
  write(channel: SlackChannelRecord, user: string, text: string, pinned = false): SlackMessage {
    const message = { ts: this.#nextTs(), user, text, bot: false, metadata: undefined };
    channel.messages.push(message);
    if (pinned) channel.pins.push({ ts: message.ts, by: user, at: this.#time });
    return message;
  }

  /** The texts of a channel, in order. */
  texts(name: string): string[] {
    return this.channel(name).messages.map(({ text }) => text);
  }

  #nextTs(): string {
    this.#time += 1;
    return `${this.#time}.000100`;
  }

  #answer(request: IncomingMessage, body: string): Answer {
    const method = (request.url ?? '').replace('/api/', '');
    const given: Record<string, string> = {};
    for (const [key, value] of Object.entries(parse(body))) given[key] = String(value);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const result: Result =
      token === undefined
        ? failed('not_authed')
        : this.tokens.has(token)
          ? this.#call(method, given)
          : failed('invalid_auth');
    const description = SlackDescription.get();
    this.violations.push(...description.judgeRequest(method, given), ...description.judgeAnswer(method, result));
    return { status: 200, body: JSON.stringify(result) };
  }

  #call(method: string, given: Arguments): Result {
    switch (method) {
      case 'auth.test':
        return {
          ok: true,
          user_id: botUser,
          user: 'firebreak',
          is_enterprise_install: false,
          bot_id: botId,
          team: 'Acme',
          team_id: 'T0ACME',
          url: 'https://acme.slack.com/',
        } satisfies AuthTestResponse;
      case 'conversations.create':
        return this.#create(given.name ?? '');
      case 'conversations.list':
        return this.#list(given.cursor ?? '');
      default:
        return this.#inChannel(method, given);
    }
  }

  #create(name: string): Result {
    if (name === '') return failed('invalid_name_required');
    if (name.length > 80) return failed('invalid_name_maxlength');
    if (!/^[a-z0-9_-]+$/.test(name)) return failed('invalid_name_specials');
    if (this.channels.some((channel) => channel.name === name)) return failed('name_taken');
    const channel = this.addChannel(name, { creator: botUser, members: new Set([botUser]) });
    return { ok: true, channel: present(channel) } satisfies ConversationsCreateResponse;
  }

  #list(cursor: string): Result {
    const start = cursor === '' ? 0 : Number(cursor);
    const end = start + this.pageSize;
    return {
      ok: true,
      channels: this.channels.slice(start, end).map(present),
      response_metadata: { next_cursor: end < this.channels.length ? String(end) : '' },
    } satisfies ConversationsListResponse;
  }

  #inChannel(method: string, given: Arguments): Result {
    const channel = this.channels.find(({ id }) => id === given.channel);
    if (!channel) return failed('channel_not_found');
    if (method === 'conversations.info') {
      return { ok: true, channel: present(channel) } satisfies ConversationsInfoResponse;
    }
    if (method === 'conversations.unarchive') return this.#unarchive(channel);
    if (method === 'chat.update') return this.#update(channel, given);
    const readsOnly = ['conversations.history', 'pins.list', 'conversations.archive'].includes(method);
    if (channel.archived && !readsOnly) return failed('is_archived');
    if (method === 'conversations.join') {
      channel.members.add(botUser);
      return { ok: true, channel: present(channel) } satisfies ConversationsJoinResponse;
    }
    if (!channel.members.has(botUser)) return failed('not_in_channel');
    switch (method) {
      case 'conversations.archive':
        if (channel.archived) return failed('already_archived');
        this.archive(channel);
        return { ok: true } satisfies ConversationsArchiveResponse;
      case 'conversations.setPurpose':
        if ((given.purpose ?? '').length > 250) return failed('too_long');
        channel.purpose = escaped(given.purpose ?? '');
        return { ok: true, channel: present(channel) } satisfies ConversationsSetPurposeResponse;
      case 'conversations.setTopic':
        if ((given.topic ?? '').length > 250) return failed('too_long');
        channel.topic = given.topic ?? '';
        return { ok: true, channel: present(channel) } satisfies ConversationsSetTopicResponse;
      case 'conversations.invite':
        return this.#invite(channel, given.users ?? '');
      case 'chat.postMessage':
        return this.#post(channel, given);
      case 'conversations.history':
        return this.#history(channel, given);
      case 'pins.add':
        return this.#pin(channel, given.timestamp ?? '');
      case 'pins.list':
        return pinsOf(channel);
      default:
        return failed('unknown_method');
    }
  }

  #invite(channel: SlackChannelRecord, user: string): Result {
    if (!this.users.has(user)) return failed('user_not_found');
    const refusal = this.uninvitable.get(user);
    if (refusal !== undefined) return failed(refusal);
    if (user === botUser) return failed('cant_invite_self');
    if (channel.members.has(user)) return failed('already_in_channel');
    channel.members.add(user);
    return { ok: true, channel: present(channel) } satisfies ConversationsInviteResponse;
  }

  #unarchive(channel: SlackChannelRecord): Result {
    if (!channel.archived) return failed('not_archived');
    if (this.isBotToken) return failed('not_in_channel');
    channel.archived = false;
    channel.members.add(botUser);
    return { ok: true } satisfies ConversationsUnarchiveResponse;
  }

  #update(channel: SlackChannelRecord, given: Arguments): Result {
    const text = given.text ?? '';
    const message = channel.messages.find(({ ts }) => ts === given.ts);
    if (!message) return failed('message_not_found');
    if (channel.archived) return failed('is_inactive');
    if (message.user !== botUser) return failed('cant_update_message');
    if (this.frozen.has(message.ts)) return failed('edit_window_closed');
    if (text === '') return failed('no_text');
    if (text.length > 4_000) return failed('msg_too_long');
    message.text = text;
    // What is not given stays as it was.
    if (given.metadata !== undefined) message.metadata = JSON.parse(given.metadata);
    return {
      ok: true,
      channel: channel.id,
      ts: message.ts,
      text,
      message: { type: 'message', text, user: botUser },
    } satisfies ChatUpdateResponse;
  }

  #post(channel: SlackChannelRecord, given: Arguments): Result {
    const text = given.text ?? '';
    if (text === '') return failed('no_text');
    if (text.length > 40_000) return failed('msg_too_long');
    const metadata = given.metadata === undefined ? undefined : JSON.parse(given.metadata);
    const message = { ts: this.#nextTs(), user: botUser, text, bot: true, metadata };
    channel.messages.push(message);
    return {
      ok: true,
      channel: channel.id,
      ts: message.ts,
      message: { type: 'message', text, user: botUser, bot_id: botId, ts: message.ts },
    } satisfies ChatPostMessageResponse;
  }

  #history(channel: SlackChannelRecord, given: Arguments): Result {
    const start = given.cursor === undefined ? 0 : Number(given.cursor);
    const oldest = Number(given.oldest ?? 0);
    const latest = Number(given.latest ?? Number.POSITIVE_INFINITY);
    const inclusive = given.inclusive === 'true';
    const isWithin = (at: number) => (at > oldest && at < latest) || (inclusive && (at === oldest || at === latest));
    const since = channel.messages.filter(({ ts }) => isWithin(Number(ts))).reverse();
    const end = start + Math.min(this.pageSize, Number(given.limit ?? 100));
    const messages = since.slice(start, end).map(({ ts, user, text, bot, metadata }) => ({
      type: 'message' as const,
      ts,
      user,
      text,
      ...(bot ? { bot_id: botId } : {}),
      ...(given.include_all_metadata === 'true' && metadata ? { metadata } : {}),
    }));
    const more = end < since.length;
    return {
      ok: true,
      messages,
      has_more: more,
      pin_count: channel.pins.length,
      channel_actions_ts: 0,
      channel_actions_count: 0,
      response_metadata: { next_cursor: more ? String(end) : '' },
    } satisfies ConversationsHistoryResponse;
  }

  #pin(channel: SlackChannelRecord, ts: string): Result {
    if (!channel.messages.some((message) => message.ts === ts)) return failed('message_not_found');
    if (channel.pins.some((pin) => pin.ts === ts)) return failed('already_pinned');
    channel.pins.push({ ts, by: botUser, at: this.#time });
    return { ok: true } satisfies PinsAddResponse;
  }
}

function pinsOf(channel: SlackChannelRecord): Result {
  const items = channel.pins.flatMap((pin) => {
    const message = channel.messages.find(({ ts }) => ts === pin.ts);
    if (!message) return [];
    const { ts, user, text, bot } = message;
    return [
      {
        type: 'message',
        channel: channel.id,
        created: pin.at,
        created_by: pin.by,
        message: { type: 'message', ts, user, text, ...(bot ? { bot_id: botId } : {}) },
      },
    ];
  });
  return { ok: true, items } satisfies PinsListResponse;
}

function present({ id, name, creator, archived, purpose, topic }: SlackChannelRecord) {
  return {
    id,
    name,
    name_normalized: name,
    created: 0,
    creator,
    is_archived: archived,
    is_channel: true,
    is_general: false,
    is_mpim: false,
    is_group: false,
    is_org_shared: false,
    is_im: false,
    is_shared: false,
    is_private: false,
    purpose: { value: purpose, creator: '', last_set: 0 },
    topic: { value: topic, creator: '', last_set: 0 },
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function failed(error: string): Result {
  return { ok: false, error };
}
