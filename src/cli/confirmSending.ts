import { FirebreakError } from '../core/errors.ts';
import type { Cli } from './cli.ts';
import { plainText } from './plainText.ts';

/** Shows what is about to leave this machine, and asks. @throws FirebreakError `cancelled`, `invalidInput` where nobody is there */
export async function confirmSending(cli: Cli, shown: string, yes: boolean): Promise<void> {
  if (yes) return;
  cli.terminal.err(plainText(shown));
  const answer = await cli.terminal.ask('Send it? [y/N] ');
  if (answer === undefined) {
    throw new FirebreakError('invalidInput', 'Nobody is here to be asked: --yes sends it without a question.');
  }
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new FirebreakError('cancelled', 'It was not sent.');
}
