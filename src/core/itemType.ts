import { oneOf } from './oneOf.ts';

export const itemTypes = ['bug', 'feature', 'task'] as const;
export type ItemType = (typeof itemTypes)[number];
export const isItemType = oneOf(itemTypes);
