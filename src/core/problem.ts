/** What is wrong with a file, for the Problems panel, the tree and the CLI. Everything else goes on working. */
export interface Problem {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly code: ProblemCode;
  /** One sentence that says what to do. */
  readonly message: string;
  readonly level: 'error' | 'warning';
  /** Zero-based line, when the problem stands in one. */
  readonly line?: number;
  /** Where in the line: zero-based, the end not included. */
  readonly columns?: { readonly from: number; readonly to: number };
  /** For `stale`: the field, so that *Record it* and *Restore* know what to do. */
  readonly field?: string;
}

export type ProblemCode =
  | 'unreadable'
  | 'tooLarge'
  | 'binary'
  | 'isFolder'
  | 'brokenFrontMatter'
  | 'unsafeFrontMatter'
  | 'conflictMarkers'
  | 'missingField'
  | 'unknownValue'
  | 'duplicateId'
  | 'unknownIncident'
  /** The text was changed here and on GitHub in one place, and nobody decided yet. */
  | 'textConflict'
  | 'stale';
