import type { Step } from './steps.ts';

/** Histories that once ended in a violation, as short as they could be made, by what was wrong. */
export const regressions: Readonly<Record<string, readonly Step[]>> = {
  'an own record that was agreed on was sent again from an old branch': [
    { do: 'phase', clone: 10, incident: 0, value: 1 },
    { do: 'sync', clone: 0 },
  ],
  'a machine stopped between the record of a change on GitHub and the note that it was taken in': [
    { do: 'sync', clone: 0 },
    {
      do: 'sync',
      clone: 0,
      kill: 8,
      meanwhile: { after: 0, web: { do: 'web', issue: 0, what: 'severity', value: 1 } },
    },
    { do: 'severity', clone: 0, incident: 0, value: 0 },
    { do: 'phase', clone: 0, incident: 0, value: 0 },
  ],
  'what an answer to a write showed beside was taken for agreed on': [
    { do: 'sync', clone: 0, kill: 13 },
    { do: 'sync', clone: 0, meanwhile: { after: 5, web: { do: 'web', issue: 0, what: 'title', value: 0 } } },
    { do: 'web', issue: 0, what: 'severity', value: 0 },
  ],
  'a record of a title from GitHub told what this clone knew of it': [
    { do: 'sync', clone: 0, kill: 20 },
    { do: 'sync', clone: 0, meanwhile: { after: 5, web: { do: 'web', issue: 0, what: 'title', value: 0 } } },
    { do: 'title', clone: 4, incident: 0, value: 0 },
    { do: 'declare', clone: 4 },
    { do: 'phase', clone: 4, incident: 0, value: 2, kill: 4 },
  ],
  'what closing means was told by the severity that this clone knew': [
    { do: 'severity', clone: 3, incident: 0, value: 1 },
    { do: 'sync', clone: 0 },
    { do: 'declare', clone: 10 },
    { do: 'web', issue: 0, what: 'close', value: 0 },
    { do: 'sync', clone: 4, kill: 12 },
  ],
  'a comment that was edited before a clone first saw it had other words there': [
    { do: 'sync', clone: 0 },
    { do: 'web', issue: 0, what: 'comment', value: 0 },
    { do: 'sync', clone: 0, kill: 0 },
    { do: 'sync', clone: 0, meanwhile: { after: 3, web: { do: 'web', issue: 0, what: 'editComment', value: 0 } } },
    { do: 'declare', clone: 4 },
    { do: 'phase', clone: 0, incident: 0, value: 0 },
  ],
  'a text was written on GitHub between reading and writing': [
    { do: 'sync', clone: 0 },
    { do: 'phase', clone: 0, incident: 0, value: 1 },
    { do: 'sync', clone: 0, meanwhile: { after: 3, web: { do: 'web', issue: 0, what: 'body', value: 0 } } },
    { do: 'sync', clone: 0 },
  ],
  'a title followed an edit by hand that GitHub had never seen': [
    { do: 'sync', clone: 0 },
    { do: 'share', clone: 0, how: 'merge', decide: 0 },
    { do: 'sync', clone: 0, meanwhile: { after: 0, web: { do: 'web', issue: 0, what: 'title', value: 0 } } },
    { do: 'share', clone: 4, how: 'merge', decide: 0 },
    { do: 'sync', clone: 0, meanwhile: { after: 1, web: { do: 'web', issue: 0, what: 'title', value: 0 } } },
    { do: 'edit', clone: 0, incident: 0, what: 'title', value: 0 },
    { do: 'restart', clone: 8 },
  ],
  'an edit by hand was sent without a record, and undone by a merge': [
    { do: 'sync', clone: 0 },
    { do: 'web', issue: 3, what: 'title', value: 0 },
    { do: 'edit', clone: 0, incident: 11, what: 'title', value: 9 },
    { do: 'title', clone: 4, incident: 7, value: 0 },
  ],
  'the same line of two clones was doubled by a clean merge': [
    { do: 'edit', clone: 8, incident: 2, what: 'key', value: 9 },
    { do: 'fault', fault: { name: '502-before', skip: 0 } },
    { do: 'sync', clone: 9 },
    { do: 'share', clone: 8, how: 'merge', decide: 7 },
    { do: 'declare', clone: 4 },
    { do: 'edit', clone: 3, incident: 1, what: 'severity', value: 3 },
    { do: 'declare', clone: 5 },
    { do: 'share', clone: 0, how: 'rebase', decide: 11 },
    { do: 'sync', clone: 3 },
    { do: 'oldBranch', clone: 0, back: 1 },
    { do: 'severity', clone: 6, incident: 9, value: 10 },
  ],
};
