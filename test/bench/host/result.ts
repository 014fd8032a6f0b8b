/** What the benchmark in the extension host is told; a JSON file named by the variable `FIREBREAK_BENCH`. */
export interface HostBenchPlan {
  /** The built main bundle. */
  readonly mainBundle: string;
  /** An empty folder below the extension's, for copies of it. */
  readonly copies: string;
  /** The folder of the server's or the desktop's data, with the logs in it. */
  readonly data: string;
  /** Whether the time of one changed file is wanted. */
  readonly changes: boolean;
  /** Whether the cost of doing nothing is wanted. */
  readonly idle: boolean;
  readonly resultFile: string;
}

/** Times in milliseconds, medians. */
export interface HostBenchResult {
  /** `activate()`, as the extension itself says in its log. */
  readonly activate: number;
  /** Requiring the main bundle: read, compiled, its top level run. */
  readonly load: number;
  /** Reading and compiling the same bytes, with nothing run. */
  readonly compile: number;
  readonly change: ChangeResult | undefined;
  readonly idle: IdleResult | undefined;
}

export interface IdleResult {
  /** No incident is open. */
  readonly none: IdleCost;
  /** A P0 is open and shown in its panel. */
  readonly open: IdleCost;
}

/** For a minute in which nobody does anything. */
export interface IdleCost {
  /** How often a timer of Firebreak's went off. */
  readonly wakeUps: number;
  /** Milliseconds of a processor that the extension host took, VS Code's own extensions included. */
  readonly processor: number;
}

export interface ChangeResult {
  /** From one changed file, told to the index, to the rows that VS Code asks for then. */
  readonly refresh: number;
  readonly greatest: number;
  /** From the write on disk to the same: the watcher's time and the pause for bursts are in it. */
  readonly fromDisk: number;
  /** Making all rows of the open groups anew, which is what a refresh of the whole tree asks for. */
  readonly wholeTree: number;
  /** Reading the bytes of that one file. */
  readonly rawRead: number;
}

export const benchPlanVariable = 'FIREBREAK_BENCH';
