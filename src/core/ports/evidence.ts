/** A file that was copied, or why it was not. */
export interface EvidenceFile {
  /** Where it was, relative to the root. */
  readonly path: string;
  /** When it was last changed: epoch milliseconds; undefined where that is not known. */
  readonly changedAt: number | undefined;
  readonly bytes: number;
  /** Hex SHA-256 of the copy. */
  readonly sha256: string | undefined;
  readonly problem: string | undefined;
}

/** Copies files as they are, whatever is in them and however large they are. */
export interface Evidence {
  /**
   * Copies the files below the root that match to a folder below the root, each at its own path there. Links are not followed,
   * and Firebreak's own folders and git's are left out.
   * @param patterns as `compileGlob` takes them
   */
  collect(patterns: readonly string[], target: string): Promise<readonly EvidenceFile[]>;
}
