import type { MessagingTargets, Messengers } from '../../core/ports/messaging.ts';
import { pagerDuty } from './pagerDuty.ts';
import type { Sender } from './postJson.ts';
import { SlackRooms } from './slackRooms.ts';
import { webhook } from './webhook.ts';

/** Milliseconds for one exchange: a page that hangs is tried again. */
const timeout = 15_000;

/** What the bundle of its own, loaded with the first war room, gives to the composition roots. */
export function openMessengers(
  targets: MessagingTargets,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Messengers {
  const sender: Sender = { fetch, timeout };
  const { customers, slack, webhook: hook, pagerduty } = targets;
  return {
    slack: slack && new SlackRooms(slack.apiUrl, slack.token, sender),
    webhook: hook && webhook(hook.address, hook.format, sender),
    pagerduty: pagerduty && pagerDuty(pagerduty.address, pagerduty.key, sender),
    customers: customers && webhook(customers.address, customers.format, sender),
  };
}
