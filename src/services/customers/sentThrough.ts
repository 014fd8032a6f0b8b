import type { TimelineEvent } from '../../core/timelineEvent.ts';

/** What the event of a message to customers says. @param channel as people read it */
export function sentBody(words: string, channel: string): string {
  return `${words}\n\n*Sent to customers through ${channel}.*`;
}

/** By which way a message went to customers; undefined for what is no such message. */
export function sentThrough({ body, kind }: TimelineEvent): string | undefined {
  return kind === 'message' ? /\n\*Sent to customers through (.+)\.\*$/.exec(body)?.[1] : undefined;
}
