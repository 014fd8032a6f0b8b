import type { SendToWebhook, WebhookFormat, WebhookMessage } from '../../core/ports/messaging.ts';
import { postJson, type Sender } from './postJson.ts';
import { slackText } from './slackText.ts';

/** @param address a checked one */
export function webhook(address: string, format: WebhookFormat, sender: Sender): SendToWebhook {
  return async (message) => {
    await postJson(
      sender,
      address,
      format === 'slack' ? { text: slackText(message.text) } : plain(message),
      'The webhook',
    );
  };
}

function plain({ key, kind, text, incident }: WebhookMessage) {
  return { key, kind, text, ...(incident ? { incident } : {}) };
}
