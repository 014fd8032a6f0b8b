import type { Cli } from './cli.ts';

/** Words from the command line, or from stdin for `-`. */
export async function spokenText(cli: Cli, words: string): Promise<string> {
  return words === '-' ? cli.terminal.readInput() : words;
}
