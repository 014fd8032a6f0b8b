export interface ChosenHost {
  kind: 'electron' | 'server';
  why: string;
  /** The desktop program, for `electron`. */
  executable: string | undefined;
}
export interface ChoiceOptions {
  env?: NodeJS.ProcessEnv;
  /** Downloads desktop VS Code unless it is there; returns the program. */
  download?: () => Promise<string>;
  /** Says what is wrong with an address, or undefined when it can be reached. */
  probe?: (address: string) => Promise<string | undefined>;
}
export function chooseTestHost(options?: ChoiceOptions): Promise<ChosenHost>;
