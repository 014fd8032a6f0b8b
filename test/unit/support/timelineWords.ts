import { phases } from '../../../src/core/phase.ts';
import type { EntryWords } from '../../../src/ui/timeline/entryViews.ts';
import type { TimelineWords } from '../../../src/ui/timeline/timelineView.ts';

const names = <T extends string>(...all: readonly T[]) =>
  Object.fromEntries(all.map((name) => [name, `the ${name}`])) as Record<T, string>;

/** What the panel calls the parts of an entry, where no editor translates it. */
export const entryWords: EntryWords = {
  phase: (name) => `the ${name}`,
  states: names('open', 'done', 'dropped', 'firing', 'resolved'),
};

/** The same for the rest of the panel. */
export const timelineWords: TimelineWords = {
  phases: names(...phases),
  clocks: names('acknowledge', 'update', 'mitigate', 'resolve', 'draft', 'rca'),
  criteria: {
    'production-down': { title: 'Production Down' },
    'data-loss': { title: 'Data Loss' },
    'security-breach': { title: 'Security Breach' },
    'revenue-impact': { title: 'Revenue Impact' },
    'user-impact': { title: 'User Impact' },
  },
};
