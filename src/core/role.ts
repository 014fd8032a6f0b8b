import { oneOf } from './oneOf.ts';

export const roles = ['commander', 'communications', 'operations', 'scribe'] as const;
export type Role = (typeof roles)[number];
export const isRole = oneOf(roles);
