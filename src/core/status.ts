import { oneOf } from './oneOf.ts';

export const statuses = ['inbox', 'ready', 'doing', 'review', 'done', 'declined', 'duplicate'] as const;
export type Status = (typeof statuses)[number];
export const isStatus = oneOf(statuses);

/** Whether nothing more is to be done for an item with this status. */
export function isFinished(status: Status): boolean {
  return status === 'done' || status === 'declined' || status === 'duplicate';
}
