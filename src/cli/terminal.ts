/** Where a command line program reads and writes. */
export interface Terminal {
  /** Whether colours may be used on stdout. */
  readonly color: boolean;
  /** Writes a text and a line end to stdout. A reader that has gone away is no error. */
  out(text: string): void;
  /** Writes a text and a line end to stderr. */
  err(text: string): void;
  /** Everything on stdin, with LF line ends. */
  readInput(): Promise<string>;
  /** Writes what a command that runs says, as it comes, to stderr. */
  progress(text: string): void;
  /** Asks a person, on one line; undefined where nobody is there to answer. */
  ask(question: string): Promise<string | undefined>;
}

/** Whether colours are wanted: only on a terminal, and not against `NO_COLOR` (no-color.org) or a dumb one. */
export function wantsColor(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  return isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb';
}
