import { getSystemErrorName } from 'node:util';
import { GitConstructError, GitPluginError, simpleGit } from 'simple-git';
import { FirebreakError } from '../../core/errors.ts';
import { allowedVariables, gitEnvironment, quietSsh } from './gitEnvironment.ts';
import { gitFailed } from './gitFailure.ts';

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  /** English, as far as git itself wrote it. */
  readonly stderr: string;
}

export interface RunOptions {
  /** For git's standard input. */
  readonly input?: Buffer;
  /** Ended after this long without a sign from git, milliseconds. Local commands run as long as they run. */
  readonly silenceMs?: number;
}

/** Runs the user's own git in one folder: with the repository's hooks and configuration, with no question to anybody. */
export class GitProcess {
  readonly folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #sshCommand: string | undefined;

  /** @param environment this process's; see {@link gitEnvironment} for what git is given of it */
  constructor(folder: string, environment: NodeJS.ProcessEnv, sshCommand?: string) {
    this.folder = folder;
    this.#environment = environment;
    this.#sshCommand = sshCommand;
  }

  /** The same in another folder. */
  in(folder: string): GitProcess {
    return new GitProcess(folder, this.#environment, this.#sshCommand);
  }

  /** The same with an ssh that asks nothing. @param configured `core.sshCommand` of the configuration */
  withSsh(configured: string | undefined): GitProcess {
    return new GitProcess(this.folder, this.#environment, quietSsh(this.#environment, configured));
  }

  /** @throws FirebreakError `noGit`, `noFolder`; an exit code of git's is no error here */
  async run(args: readonly string[], options: RunOptions = {}): Promise<GitResult> {
    let result: GitResult | undefined;
    try {
      const git = simpleGit({
        baseDir: this.folder,
        allowEnvironment: allowedVariables,
        unsafe: {
          // These guard against text of strangers in arguments and variables. All of either is ours or the user's own.
          allowUnsafeAskPass: true,
          allowUnsafeConfigPaths: true,
          allowUnsafeSshCommand: true,
          // Otherwise a variable for git's own tests is set, which the repository's hooks would inherit.
          allowAbbreviatedOptions: true,
        },
        // A process that git leaves behind (ssh's shared connection) may keep the output open for hours.
        completion: { onClose: true, onExit: 2_000 },
        ...(options.silenceMs === undefined ? {} : { timeout: { block: options.silenceMs } }),
        ...(options.input === undefined ? {} : { input: () => options.input }),
        errors: (error, { exitCode, stdOut, stdErr }) => {
          result = { code: exitCode, stdout: Buffer.concat(stdOut), stderr: Buffer.concat(stdErr).toString('utf8') };
          return error instanceof GitPluginError ? error : undefined;
        },
      });
      await git.env(gitEnvironment(this.#environment, this.#sshCommand)).raw([...args]);
    } catch (error) {
      throw this.#explain(error, options);
    }
    if (!result) throw gitFailed('other', 'Git gave no answer; the log has the details.');
    if (result.code < 0) throw notStarted(result);
    return result;
  }

  #explain(error: unknown, options: RunOptions): FirebreakError {
    if (error instanceof GitConstructError) {
      return new FirebreakError('noFolder', `${this.folder} is not there any more: open the folder again.`, {
        cause: error,
      });
    }
    if (error instanceof GitPluginError && error.plugin === 'timeout') {
      const seconds = Math.ceil((options.silenceMs ?? 0) / 1000);
      return gitFailed(
        'timeout',
        `The git server did not answer for ${seconds} s: check the network, then share again. Nothing is lost.`,
        { cause: error },
      );
    }
    return gitFailed('other', `Git could not be run: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** A negative exit code is the system's error number: the program never ran. */
function notStarted(result: GitResult): FirebreakError {
  const name = getSystemErrorName(result.code);
  const sentence =
    name === 'ENOENT'
      ? 'Git is not installed or not on the PATH: install it, then try again.'
      : `Git could not be started (${name}): check the installation of git, then try again.`;
  return gitFailed('notInstalled', sentence, { exitCode: result.code, output: result.stderr });
}
