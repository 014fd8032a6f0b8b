import assert from 'node:assert/strict';
import { openMessengers } from '../../../../src/adapters/messaging/bundle.ts';
import type { Incident } from '../../../../src/core/item.ts';
import type { AnnounceTarget } from '../../../../src/core/policy.ts';
import type { Files } from '../../../../src/core/ports/files.ts';
import type { Messengers } from '../../../../src/core/ports/messaging.ts';
import type { CustomerContext } from '../../../../src/services/customers/customerMessages.ts';
import { type DeclareInput, declareIncident } from '../../../../src/services/declareIncident.ts';
import { readSyncRules } from '../../../../src/services/sync/syncRules.ts';
import { type RoundReport, WarRoom } from '../../../../src/services/warRoom/warRoom.ts';
import { FakePagerDuty } from '../../../messaging/fakePagerDuty.ts';
import { FakeSlack } from '../../../messaging/fakeSlack.ts';
import { FakeWebhook } from '../../../messaging/fakeWebhook.ts';
import { testToken } from '../../../support/testTokens.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { bob, Clone, type CloneOptions } from '../clone.ts';

export const slackToken = testToken('slack');
export const pagerKey = testToken('pager');

/** A chat, a pager and a webhook on this machine, and clones of people who use them. */
export class RoomWorld {
  readonly slack: FakeSlack;
  readonly pager: FakePagerDuty;
  readonly webhook: FakeWebhook;

  private constructor(slack: FakeSlack, pager: FakePagerDuty, webhook: FakeWebhook) {
    this.slack = slack;
    this.pager = pager;
    this.webhook = webhook;
    slack.tokens.add(slackToken);
    pager.keys.add(pagerKey);
  }

  static async start(): Promise<RoomWorld> {
    return new RoomWorld(await FakeSlack.start(), await FakePagerDuty.start(), await FakeWebhook.start());
  }

  /** Nobody may have said what Slack or PagerDuty would not. */
  async stop(): Promise<void> {
    await Promise.all([this.slack.stop(), this.pager.stop(), this.webhook.stop()]);
    assert.deepEqual([...this.slack.violations, ...this.pager.violations], []);
  }

  async clone(options: CloneOptions = {}): Promise<RoomClone> {
    const clone = new RoomClone(this, options);
    await clone.load();
    return clone;
  }

  /** Somebody else's clone of the same repository: the same tree, a private state of its own. */
  async secondClone(first: RoomClone): Promise<RoomClone> {
    return this.clone({ tree: first.tree, origin: 'b0bb0b', seed: 7, who: bob, at: first.now });
  }
}

export class RoomClone extends Clone {
  readonly #world: RoomWorld;
  readonly #held: { held: boolean } = { held: false };
  readonly room: WarRoom;
  /** As the setting `firebreak.github.exclude` has them. */
  excluded: unknown = [];
  readonly withheld = () => readSyncRules({ exclude: this.excluded }).isWithheld;

  constructor(world: RoomWorld, options: CloneOptions) {
    super(options);
    this.#world = world;
    this.room = this.newRoom();
  }

  /** Another window's, or that of a later start. */
  newRoom(privateFiles: Files = this.privateFiles ?? new MemoryFiles()): WarRoom {
    const held = this.#held;
    return new WarRoom({
      context: this.context,
      withheld: this.withheld,
      privateFiles,
      lock: async () => {
        if (held.held) return undefined;
        held.held = true;
        return {
          async dispose() {
            held.held = false;
          },
        };
      },
    });
  }

  messengers(without: readonly AnnounceTarget[] = []): Messengers {
    const { slack, pager, webhook } = this.#world;
    const all = openMessengers({
      slack: { apiUrl: slack.apiUrl, token: slackToken },
      webhook: { address: webhook.address, format: 'json' },
      pagerduty: { address: pager.address, key: pagerKey },
      customers: { address: webhook.address, format: 'json' },
    });
    const off = (target: AnnounceTarget) => without.includes(target);
    return {
      slack: off('slack') ? undefined : all.slack,
      webhook: off('webhook') ? undefined : all.webhook,
      pagerduty: off('pagerduty') ? undefined : all.pagerduty,
      customers: all.customers,
    };
  }

  /** For messages to customers. */
  get customers(): CustomerContext {
    return { ...this.context, withheld: this.withheld };
  }

  round(without: readonly AnnounceTarget[] = []): Promise<RoundReport> {
    return this.room.round(this.messengers(without));
  }

  declare(more: Partial<DeclareInput> = {}): Promise<Incident> {
    return declareIncident(this.context, {
      title: 'Login is down',
      severity: 'P0',
      criteria: ['production-down'],
      impact: 'Nobody can log in',
      commander: '@alice',
      ...more,
    });
  }

  incident(uid: string): Incident {
    const item = this.index.item(uid);
    if (!item?.incident) throw new Error(`there is no incident ${uid}`);
    return { ...item, incident: item.incident };
  }

  async bodies(uid: string, kind: string): Promise<string[]> {
    return (await this.index.events(uid)).filter(({ event }) => event.kind === kind).map(({ event }) => event.body);
  }
}
