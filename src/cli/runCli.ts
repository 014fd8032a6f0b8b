import { Command, CommanderError } from 'commander';
import type { Cli } from './cli.ts';
import { commands } from './commands.ts';
import { CommandExit, failureOf } from './failure.ts';

/**
 * Runs one command line.
 * @param words what stands behind the program's name
 * @returns the exit code: 0 done, 1 failed, 2 the command line is wrong; that of a command that was run for the person
 */
export async function runCli(cli: Cli, words: readonly string[]): Promise<number> {
  const end = words.indexOf('--');
  const json = words.slice(0, end < 0 ? undefined : end).includes('--json');
  const program = new Command('firebreak')
    .description('Declare, work and review incidents from a terminal. Everything is markdown in your own repository.')
    .version(cli.version)
    .option('--root <folder>', 'the folder that holds backlog/ and incidents/ (default: found from here upwards)')
    .option('--json', 'print results, and errors, as JSON')
    .option('--verbose', 'tell on stderr what is done')
    .addHelpText('after', '\n"firebreak <command> --help" tells the options of one.');
  prepare(program, cli);
  for (const command of commands(cli)) {
    prepare(command, cli);
    program.addCommand(command);
  }
  if (words.length === 0) {
    cli.terminal.err(program.helpInformation().trimEnd());
    return 2;
  }
  try {
    await program.parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const told = error instanceof CommandExit ? error.cause : error;
    if (told === undefined) return error instanceof CommandExit ? error.exit : 1;
    const { code, message, exitCode } = failureOf(told);
    cli.terminal.err(json ? JSON.stringify({ error: { code, message } }) : `firebreak: ${message}`);
    return error instanceof CommandExit ? error.exit || exitCode : exitCode;
  }
}

/** Errors come back as exceptions, once; help goes where results go. */
function prepare(command: Command, cli: Cli): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => cli.terminal.out(text.trimEnd()),
      writeErr: () => undefined,
    });
  for (const part of command.commands) prepare(part, cli);
}
