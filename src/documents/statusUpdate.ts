/** The six fields of the guide's "Communication Template". Markdown; empty where nothing is said. */
export interface StatusUpdate {
  readonly currentState: string;
  readonly impact: string;
  readonly rootCause: string;
  readonly actionsTaken: string;
  readonly nextSteps: string;
  readonly eta: string;
}

/** The fields in the guide's order, with its words. */
export const statusUpdateFields: readonly { readonly key: keyof StatusUpdate; readonly title: string }[] = [
  { key: 'currentState', title: 'Current State' },
  { key: 'impact', title: 'Impact' },
  { key: 'rootCause', title: 'Root Cause' },
  { key: 'actionsTaken', title: 'Actions Taken' },
  { key: 'nextSteps', title: 'Next Steps' },
  { key: 'eta', title: 'ETA' },
];

export const emptyStatusUpdate: StatusUpdate = {
  currentState: '',
  impact: '',
  rootCause: '',
  actionsTaken: '',
  nextSteps: '',
  eta: '',
};

/** The guide's bullet list, without its heading (which holds the time, and is added where the update is shown). */
export function formatStatusUpdate(update: StatusUpdate): string {
  throw new Error(`not written yet ${String(update)}`);
}

/** Reads the guide's bullet list as a person may have written it; undefined when none of its fields is there. */
export function parseStatusUpdate(body: string): StatusUpdate | undefined {
  throw new Error(`not written yet ${body}`);
}
