import { safeApiUrl } from '../core/apiAddress.ts';
import { FirebreakError } from '../core/errors.ts';
import { safeMessagingAddress } from '../core/messagingAddress.ts';
import type { MessagingTargets, WebhookFormat } from '../core/ports/messaging.ts';

/**
 * Who may be told from this machine: what its environment names, and no file of the workspace.
 * @throws FirebreakError `unsafeAddress`, `invalidInput`
 */
export function messagingTargets(environment: Readonly<Record<string, string | undefined>>): MessagingTargets {
  const {
    FIREBREAK_SLACK_TOKEN: slack,
    FIREBREAK_SLACK_API_URL: slackUrl,
    FIREBREAK_WEBHOOK_URL: webhook,
    FIREBREAK_PAGERDUTY_KEY: pager,
    FIREBREAK_PAGERDUTY_URL: pagerUrl,
    FIREBREAK_CUSTOMERS_WEBHOOK_URL: customers,
  } = environment;
  const format = webhookFormat(environment.FIREBREAK_WEBHOOK_FORMAT);
  return {
    slack: slack ? { apiUrl: safeApiUrl(slackUrl || 'https://slack.com/api'), token: slack } : undefined,
    webhook: webhook ? { address: safeMessagingAddress(webhook, 'FIREBREAK_WEBHOOK_URL'), format } : undefined,
    pagerduty: pager
      ? {
          address: safeMessagingAddress(
            pagerUrl || 'https://events.pagerduty.com/v2/enqueue',
            'FIREBREAK_PAGERDUTY_URL',
          ),
          key: pager,
        }
      : undefined,
    customers: customers
      ? { address: safeMessagingAddress(customers, 'FIREBREAK_CUSTOMERS_WEBHOOK_URL'), format }
      : undefined,
  };
}

function webhookFormat(written: string | undefined): WebhookFormat {
  if (!written || written === 'slack') return 'slack';
  if (written === 'json') return 'json';
  throw new FirebreakError('invalidInput', 'FIREBREAK_WEBHOOK_FORMAT is slack or json.');
}
