/** The front-matter keys of an item, in the order in which a new document has them (design, "What is on disk"). */
export const itemKeys = [
  'title',
  'type',
  'date',
  'tags',
  'links',
  'id',
  'uid',
  'severity',
  'status',
  'owner',
  'sprint',
  'github',
  'aliases',
  'duplicate-of',
  'incident',
  'phase',
  'started',
  'detected',
  'service',
  'criteria',
  'roles',
  'private',
] as const;
export type ItemKey = (typeof itemKeys)[number];

/** The front-matter keys of an event, in the order in which a new document has them. */
export const eventKeys = [
  'id',
  'incident',
  'kind',
  'at',
  'recorded',
  'by',
  'origin',
  'role',
  'to',
  'prev',
  'was',
  'replaces',
  'exit',
  'duration',
  'cwd',
  'action',
  'checklist',
  'freeze',
] as const;
export type EventKey = (typeof eventKeys)[number];
