import type { Page, SendPage } from '../../core/ports/messaging.ts';
import { postJson, type Sender } from './postJson.ts';

/** PagerDuty's limit for `payload.summary`. */
const longestSummary = 1_024;

/**
 * PagerDuty's Events API v2.
 * @param address a checked one: `https://events.pagerduty.com/v2/enqueue`, or its European twin
 * @param key the integration key of a service
 */
export function pagerDuty(address: string, key: string, sender: Sender): SendPage {
  return async (page) => {
    await postJson(sender, address, eventOf(page, key), 'PagerDuty');
  };
}

function eventOf(page: Page, key: string) {
  const common = { routing_key: key, event_action: page.action, dedup_key: page.dedupKey };
  if (page.action !== 'trigger') return common;
  return {
    ...common,
    client: 'Firebreak',
    payload: {
      summary: [...page.summary].slice(0, longestSummary).join(''),
      source: page.source,
      severity: page.severity,
      timestamp: page.timestamp,
      custom_details: page.details,
    },
    ...(page.link === undefined ? {} : { links: [{ href: page.link, text: 'War room' }] }),
  };
}
