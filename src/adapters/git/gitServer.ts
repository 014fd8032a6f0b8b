import type { FirebreakError } from '../../core/errors.ts';
import { type GitFailureReason, gitFailed, lastLine } from './gitFailure.ts';
import type { GitResult } from './gitProcess.ts';
import type { ShareTarget } from './shareTarget.ts';
import { resolve, succeed, unexpected, type WorkTree } from './workTree.ts';

/** A person's pre-push hook may run tests: it is given this many times the patience that the network is given. */
const pushPatience = 5;

/** Makes the name of each fetch's ref another. */
let fetches = 0;

/**
 * Fetches the branch that is shared.
 * @returns its commit; undefined when the remote has no such branch (yet)
 * @throws FirebreakError `gitFailed`
 */
export async function fetchShared(tree: WorkTree, target: ShareTarget, silenceMs: number): Promise<string | undefined> {
  // Not FETCH_HEAD: the editor fetches when it likes, and each fetch rewrites that.
  const ref = `refs/worktree/firebreak/incoming-${process.pid}-${++fetches}`;
  const there = `refs/heads/${target.branch}`;
  const fetched = await tree.git.run(
    ['-c', 'credential.interactive=false', 'fetch', '--no-tags', '--no-recurse-submodules', '--progress', '--'].concat([
      target.remote,
      `+${there}:${ref}`,
    ]),
    { silenceMs },
  );
  if (fetched.code !== 0) {
    const listed = await tree.git.run(
      ['-c', 'credential.interactive=false', 'ls-remote', '--exit-code', '--', target.remote, there],
      { silenceMs },
    );
    // The documented answer to "no matching refs are found in the remote repository".
    if (listed.code === 2) return undefined;
    throw explainServer(listed.code === 0 ? fetched : listed, target.remote);
  }
  try {
    return await resolve(tree.git, `${ref}^{commit}`);
  } finally {
    await succeed(tree.git, ['update-ref', '-d', ref]);
  }
}

/** @returns whether there was anything to push, or why it did not go through */
export async function pushShared(
  tree: WorkTree,
  target: ShareTarget,
  silenceMs: number,
): Promise<boolean | FirebreakError> {
  const { remote, branch } = target.push;
  const pushed = await tree.git.run(
    ['-c', 'credential.interactive=false', 'push', '--porcelain', '--progress', '--', remote].concat(
      `refs/heads/${target.local}:refs/heads/${branch}`,
    ),
    { silenceMs: silenceMs * pushPatience },
  );
  if (pushed.code !== 0) return explainPush(pushed, remote);
  // `=`: up to date.
  return !/^=\t/m.test(pushed.stdout.toString('utf8'));
}

function explainPush(pushed: GitResult, remote: string): FirebreakError {
  // `!<tab>from:to<tab>[remote rejected] (why)`, the format that --porcelain promises.
  const refused = /^!\t[^\t]*\t(.*)$/m.exec(pushed.stdout.toString('utf8'))?.[1];
  const details = { exitCode: pushed.code, output: pushed.stderr };
  if (refused !== undefined) {
    const reason = /^remote: (?:error|fatal): *(.+)$/im.exec(pushed.stderr)?.[1]?.trim().replace(/\.$/, '') ?? refused;
    const sentence = `${remote} refused the push: ${reason}. Your commits are kept here; share again when that is mended.`;
    return gitFailed('refused', sentence, details);
  }
  // Git's own complaints about a server end it with 128: here it was the hook that runs before a push.
  if (pushed.code === 1) {
    const said = lastLine(pushed.stderr.replace(/^error: failed to push some refs.*$/gm, ''));
    const sentence = `A hook of this repository refused the push${said ? `: ${said}` : ''}. Mend that, then share again.`;
    return gitFailed('hook', sentence, details);
  }
  return explainServer(pushed, remote);
}

const causes: readonly (readonly [GitFailureReason, RegExp, (remote: string) => string])[] = [
  [
    'authentication',
    /authentication failed|could not read (?:username|password)|terminal prompts disabled|permission denied|host key verification failed|invalid credentials|returned error: 40[13]|access denied/i,
    (remote) => `${remote} did not accept you: sign in with "git fetch ${remote}" in a terminal, then share again.`,
  ],
  [
    'network',
    /could not resolve|unable to resolve|failed to connect|connection (?:refused|timed out|reset|closed)|network is unreachable|no route to host|operation timed out|unable to connect|returned error: 5\d\d|remote end hung up/i,
    (remote) => `${remote} can't be reached: what you wrote is on disk; share again when the network is back.`,
  ],
  [
    'noSuchRepository',
    /repository (?:'[^']*' )?not found|does not appear to be a git repository|returned error: 404|no such remote/i,
    (remote) => `${remote} leads to no repository that you may see: check "git remote -v", then share again.`,
  ],
];

/**
 * What a failed exchange with a server means. Git tells all of these by one exit code, so its words (in English, see
 * `gitEnvironment`) are all there is; they choose the sentence and nothing else.
 */
function explainServer(result: GitResult, remote: string): FirebreakError {
  const details = { exitCode: result.code, output: result.stderr };
  for (const [reason, form, sentence] of causes) {
    if (form.test(result.stderr)) return gitFailed(reason, sentence(remote), details);
  }
  return unexpected(result);
}
