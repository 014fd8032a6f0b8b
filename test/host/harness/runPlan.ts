/** What the runner tells the extension host to do; a JSON file named by the variable `FIREBREAK_HOST_RUN`. */
export interface RunPlan {
  suite: string;
  /** Only tests whose full title contains this. */
  grep?: string;
  /** The file for the {@link Counts}, as JSON. */
  countsFile: string;
}

/** How many tests passed, failed, were left out. */
export interface Counts {
  passes: number;
  failures: number;
  pending: number;
}

export const runPlanVariable = 'FIREBREAK_HOST_RUN';

/** Begins each line that the tests print, to tell them from what VS Code itself has to say. */
export const testLineMark = '\u2063fb|';
