import { FirebreakError } from '../../core/errors.ts';
import { gitFailed, lastLine } from './gitFailure.ts';
import type { GitProcess, GitResult, RunOptions } from './gitProcess.ts';

/** The work tree that the root stands in, found anew for each act: it may have been made, moved or thrown away. */
export interface WorkTree {
  /** Runs at the top. */
  readonly git: GitProcess;
  /** Of this work tree alone: where `index` and `MERGE_HEAD` are. Absolute. */
  readonly gitDir: string;
  /** Where the root stands below the top: empty, or ends with a slash. */
  readonly prefix: string;
}

/** @throws FirebreakError `noGit` */
export async function openWorkTree(git: GitProcess): Promise<WorkTree> {
  const [top = '', prefix = '', gitDir = ''] = await ask(git, [
    '--show-toplevel',
    '--show-prefix',
    '--absolute-git-dir',
  ]);
  return { git: git.in(top), gitDir, prefix };
}

async function ask(git: GitProcess, questions: readonly string[]): Promise<string[]> {
  const result = await git.run(['rev-parse', ...questions]);
  if (result.code !== 0) throw notRepository(git, result);
  const lines = result.stdout.toString('utf8').split('\n');
  if (lines.length === questions.length + 1) return lines.slice(0, -1);
  // A folder has a line break in its name: ask one by one.
  const answers: string[] = [];
  for (const question of questions) answers.push(text(await succeed(git, ['rev-parse', question])));
  return answers;
}

function notRepository(git: GitProcess, result: GitResult): FirebreakError {
  const details = { exitCode: result.code, output: result.stderr };
  if (result.stderr.includes('safe.directory')) {
    const command = `git config --global --add safe.directory "${git.folder}"`;
    return gitFailed(
      'notRepository',
      `Git does not trust this folder, which is not yours: run ${command} if you do.`,
      details,
    );
  }
  return gitFailed(
    'notRepository',
    'This folder is in no git repository: run "git init" in it, then try again.',
    details,
  );
}

/** Output without the line break that git ends it with. */
export function text(result: GitResult): string {
  return result.stdout.toString('utf8').replace(/\n$/, '');
}

/** Runs what has no reason to fail. @throws FirebreakError `gitFailed` when it does, in git's own words */
export async function succeed(git: GitProcess, args: readonly string[], options?: RunOptions): Promise<GitResult> {
  const result = await git.run(args, options);
  if (result.code !== 0) throw unexpected(result);
  return result;
}

export function unexpected(result: GitResult): FirebreakError {
  const said = lastLine(result.stderr) || `exit code ${result.code}`;
  return gitFailed('other', `Git refused: ${said}. Nothing is lost; the log has the details.`, {
    exitCode: result.code,
    output: result.stderr,
  });
}

/** The object that a revision names; undefined when there is none. */
export async function resolve(git: GitProcess, revision: string): Promise<string | undefined> {
  const result = await git.run(['rev-parse', '--verify', '--quiet', revision]);
  return result.code === 0 ? text(result) : undefined;
}

/**
 * Paths below the root as git takes them from the top of the work tree.
 * @throws FirebreakError `invalidInput` for one that leaves the root
 */
export function fromTop(tree: WorkTree, paths: readonly string[]): string[] {
  return paths.map((path) => {
    const segments = path.replace(/\/$/, '').split('/');
    if (segments.some((segment) => segment === '' || segment === '.' || segment === '..') || path.includes('\0')) {
      throw new FirebreakError('invalidInput', `"${path}" is no path below the root folder.`);
    }
    return `${tree.prefix}${segments.join('/')}`;
  });
}

/** Pathspecs for the command line: these very names, whatever signs are in them. */
export function pathspecs(paths: readonly string[]): string[] {
  return paths.map((path) => `:(top,literal)${path}`);
}
