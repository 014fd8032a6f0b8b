import { type ChatRooms, MessagingError, type SendToWebhook } from '../../core/ports/messaging.ts';
import { day, second } from '../../core/time.ts';
import type { CustomerChannel } from './customerMessages.ts';

/**
 * A chat channel that customers read. What arrived without an answer is found there, and not posted again.
 * @param now epoch milliseconds
 */
export function chatChannel(rooms: ChatRooms, name: string, now: () => number): CustomerChannel {
  return {
    name: `#${name}`,
    send: async (key, text) => {
      const channel = await rooms.find(name);
      if (!channel) throw new MessagingError('noChannel', `There is no #${name} that the app can see`);
      await rooms.join(channel.id);
      const posted = await rooms.posted(channel.id, Math.floor((now() - day) / second));
      if (posted.some((message) => message.key === key)) return;
      await rooms.post(channel.id, { key, text, sources: [], amended: [] });
    },
  };
}

/** An address that publishes what it is sent. It learns the words and nothing else of the incident. */
export function webhookChannel(send: SendToWebhook): CustomerChannel {
  return { name: 'the webhook', send: (key, text) => send({ key, kind: 'message', text }) };
}
