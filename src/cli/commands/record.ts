import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import { OutputTail } from '../../core/outputTail.ts';
import { recordObservation } from '../../services/recording/recordObservation.ts';
import { chooseIncident, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, perform } from '../cli.ts';
import { CommandExit } from '../failure.ts';
import { plainLine } from '../plainText.ts';
import { recorded } from '../results.ts';
import { commandLine } from '../shellWords.ts';

interface RecordOptions {
  readonly incident?: string;
  readonly output?: boolean;
}

/** The guide's `incident-record`, for terminals that no editor watches. */
export function recordCommand(cli: Cli): Command {
  return new Command('record')
    .description('Run a command, and record it: what was run, where, how it ended, how long it took.')
    .usage('[options] -- <command...>')
    .argument('[command...]', 'the command and its arguments')
    .option('--incident <id>', 'the incident; may be left out while exactly one is open')
    .option('--output', 'record the last lines of what it prints, too')
    .action(async (words: string[], options: RecordOptions, command: Command) => {
      const { json = false } = command.optsWithGlobals<{ json?: boolean }>();
      let exit = 0;
      await perform(
        cli,
        command,
        async (session) => {
          const [program, ...args] = words;
          if (program === undefined) {
            throw new FirebreakError('invalidInput', 'Say which command: firebreak record -- make deploy.');
          }
          const { incident: name } = options;
          const incident = name === undefined ? onlyOpenIncident(session) : chooseIncident(session, name);
          const at = session.now();
          const tail = options.output ? new OutputTail() : undefined;
          const run = await cli.runProgram([program, ...args], {
            ...(tail ? { printed: (text: string) => tail.add(text) } : {}),
            toStderr: json,
          });
          exit = run.exit;
          if (exit === 127) cli.terminal.err(`firebreak: ${plainLine(program)}: command not found`);
          try {
            const event = await recordObservation(session.context, await cli.secretMask(), incident, {
              kind: 'command',
              at,
              text: commandLine(words),
              ...run,
              ...(session.here === undefined ? {} : { cwd: session.here }),
              ...(tail ? { output: tail.text() } : {}),
            });
            return recorded(incident, event, `command recorded (exit ${exit})`);
          } catch (error) {
            // Whoever looks at the exit code wants the command's.
            throw new CommandExit(exit, error);
          }
        },
        // What the command printed is what whoever reads standard output waits for.
        { wordsTo: 'stderr' },
      );
      if (exit !== 0) throw new CommandExit(exit);
    });
}
