import { oneOf } from './oneOf.ts';

export const eventKinds = [
  'note',
  'status',
  'decision',
  'phase',
  'severity',
  'role',
  'acknowledge',
  'impact',
  'hypothesis',
  'check',
  'action',
  'task',
  'command',
  'commit',
  'alert',
  'message',
  'pin',
  'correction',
  'retraction',
] as const;
export type EventKind = (typeof eventKinds)[number];
export const isEventKind = oneOf(eventKinds);
