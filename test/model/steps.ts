import fc from 'fast-check';
import type { Fault } from '../github/faults.ts';

/** What may be picked, as a number that is taken modulo how many there are when it comes to it. */
type Pick = number;

/** One thing that somebody does, or that happens. Plain data, so that a history can be printed, shrunk and played again. */
export type Step =
  | { readonly do: 'declare'; readonly clone: Pick; readonly kill?: number }
  | WorkStep
  /** A person edits the document in an editor: the text below or above, a value in the front matter, or a key of their own. */
  | {
      readonly do: 'edit';
      readonly clone: Pick;
      readonly incident: Pick;
      readonly what: 'above' | 'below' | 'severity' | 'title' | 'owner' | 'sprint' | 'key';
      readonly value: Pick;
    }
  | { readonly do: 'sync'; readonly clone: Pick; readonly kill?: number; readonly meanwhile?: Meanwhile }
  | { readonly do: 'restart'; readonly clone: Pick }
  /** The private state is gone: a new clone of the same work, or a folder that was deleted. */
  | { readonly do: 'forget'; readonly clone: Pick }
  | { readonly do: 'share'; readonly clone: Pick; readonly how: 'merge' | 'rebase'; readonly decide: Pick }
  | { readonly do: 'oldBranch'; readonly clone: Pick; readonly back: number }
  | { readonly do: 'mainBranch'; readonly clone: Pick; readonly merge: boolean; readonly decide: Pick }
  /** Somebody keeps an incident inside: all its clones by its file, or one by the team's setting; and thinks better of it. */
  | { readonly do: 'withhold'; readonly clone: Pick; readonly incident: Pick; readonly how: Withholding }
  /** An issue is made without an answer, while the lists are so far behind that it is made again. */
  | { readonly do: 'double'; readonly clone: Pick; readonly apart: number }
  /** Somebody writes a review and asks for it to be posted. */
  | { readonly do: 'review'; readonly clone: Pick; readonly incident: Pick }
  /** More than an hour later somebody has a clone send what others have not sent. */
  | { readonly do: 'takeOver'; readonly clone: Pick; readonly incident: Pick }
  /** An action item is added to an incident and published, or one is changed. */
  | {
      readonly do: 'action';
      readonly clone: Pick;
      /** Of the incidents, where one is added; else of the action items. */
      readonly item: Pick;
      readonly what: ActionChange;
      readonly value: Pick;
      readonly kill?: number;
    }
  | WebStep
  | { readonly do: 'fault'; readonly fault: Fault }
  | { readonly do: 'wait'; readonly seconds: number };

export type ActionChange = 'add' | 'move' | 'title' | 'status' | 'severity' | 'owner' | 'sprint';

export type Withholding = 'private' | 'public' | 'exclude' | 'include';

export interface WorkStep {
  readonly do:
    | 'phase'
    | 'severity'
    | 'title'
    | 'owner'
    | 'sprint'
    | 'note'
    | 'update'
    | 'correct'
    | 'retract'
    | 'purge';
  readonly clone: Pick;
  readonly incident: Pick;
  readonly value: Pick;
  readonly kill?: number;
}

export interface WebStep {
  readonly do: 'web';
  readonly issue: Pick;
  readonly what:
    | 'title'
    | 'body'
    | 'comment'
    | 'editComment'
    | 'deleteComment'
    | 'phase'
    | 'severity'
    | 'assign'
    | 'milestone'
    | 'close'
    | 'reopen'
    | 'outsider'
    /** Puts an action item's issue under another incident's, or under none. */
    | 'moveUnder'
    /** Opens an issue with the text of another, marker and all. */
    | 'copyIssue'
    /** Labels of ours, of whatever issue. */
    | 'renameLabel'
    | 'deleteLabel';
  readonly value: Pick;
}

/** What somebody does on github.com between two requests of a sync. */
export interface Meanwhile {
  readonly after: number;
  readonly web: WebStep;
}

const pick = fc.nat({ max: 11 });
const kill = fc.option(fc.nat({ max: 60 }), { nil: undefined, freq: 8 });

const webStep: fc.Arbitrary<WebStep> = fc.record({
  do: fc.constant('web' as const),
  issue: pick,
  what: fc.constantFrom<WebStep['what']>(
    'title',
    'body',
    'comment',
    'comment',
    'editComment',
    'deleteComment',
    'phase',
    'severity',
    'assign',
    'assign',
    'milestone',
    'milestone',
    'close',
    'reopen',
    'outsider',
    'moveUnder',
    'copyIssue',
    'renameLabel',
    'deleteLabel',
  ),
  value: pick,
});

/** Without the body that is kept: GitHub does that to bodies that are too long, and none is sent that is. */
const fault: fc.Arbitrary<Fault> = fc
  .record({
    kind: fc.constantFrom<Fault>(
      { name: 'commit-then-502' },
      { name: 'commit-then-503' },
      { name: 'commit-then-reset' },
      { name: 'commit-then-timeout' },
      { name: 'commit-then-truncated' },
      { name: 'commit-then-empty' },
      { name: 'commit-then-html' },
      { name: '502-before' },
      { name: '500-before' },
      { name: '401' },
      { name: 'offline' },
      { name: '429', retryAfter: 30 },
      { name: 'secondary-limit-403', retryAfter: 90 },
      { name: 'secondary-limit-403' },
      { name: 'primary-limit-403', resetIn: 300 },
      { name: 'dropped-labels' },
      { name: 'list-lag', seconds: 200, count: 3 },
    ),
    skip: fc.nat({ max: 5 }),
  })
  .map(({ kind, skip }) => ({ ...kind, skip }));

function optional<T extends { readonly kill?: number | undefined }>(step: T): Step {
  const { kill: at, ...rest } = step;
  return (at === undefined ? rest : step) as unknown as Step;
}

const rareStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('withhold' as const),
    clone: pick,
    incident: pick,
    how: fc.constantFrom<Withholding>('private', 'public', 'exclude', 'include'),
  }),
  fc.record({ do: fc.constant('double' as const), clone: pick, apart: fc.integer({ min: 90, max: 600 }) }),
  fc.record({ do: fc.constantFrom('review' as const, 'takeOver' as const), clone: pick, incident: pick }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('declare' as const), clone: pick, kill }).map(optional) },
  {
    weight: 16,
    arbitrary: fc
      .record({
        do: fc.constantFrom<WorkStep['do']>(
          'phase',
          'phase',
          'severity',
          'severity',
          'title',
          'title',
          'owner',
          'owner',
          'sprint',
          'sprint',
          'note',
          'note',
          'update',
          'update',
          'correct',
          'correct',
          'retract',
          'purge',
        ),
        clone: pick,
        incident: pick,
        value: pick,
        kill,
      })
      .map(optional),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      clone: pick,
      incident: pick,
      what: fc.constantFrom('above', 'below', 'below', 'severity', 'title', 'owner', 'sprint', 'key'),
      value: pick,
    }) as fc.Arbitrary<Step>,
  },
  {
    weight: 12,
    arbitrary: fc
      .record({
        do: fc.constant('sync' as const),
        clone: pick,
        kill,
        meanwhile: fc.option(fc.record({ after: fc.nat({ max: 8 }), web: webStep }), { nil: undefined, freq: 5 }),
      })
      .map(({ meanwhile, ...rest }) => optional(meanwhile === undefined ? rest : { ...rest, meanwhile })),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('restart' as const, 'forget' as const), clone: pick }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('share' as const),
      clone: pick,
      how: fc.constantFrom('merge' as const, 'rebase' as const),
      decide: pick,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('oldBranch' as const), clone: pick, back: fc.integer({ min: 0, max: 4 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('mainBranch' as const),
      clone: pick,
      merge: fc.boolean(),
      decide: pick,
    }),
  },
  { weight: 2, arbitrary: rareStep },
  {
    weight: 4,
    arbitrary: fc
      .record({
        do: fc.constant('action' as const),
        clone: pick,
        item: pick,
        what: fc.constantFrom<ActionChange>(
          'add',
          'add',
          'move',
          'move',
          'title',
          'status',
          'status',
          'severity',
          'owner',
          'sprint',
        ),
        value: pick,
        kill,
      })
      .map(optional),
  },
  { weight: 7, arbitrary: webStep },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fault' as const), fault }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 240 }) }) },
);

/** A history of up to so many steps. */
export function historyOf(mostSteps: number): fc.Arbitrary<Step[]> {
  return fc.array(step, { minLength: 1, maxLength: mostSteps, size: 'max' });
}
