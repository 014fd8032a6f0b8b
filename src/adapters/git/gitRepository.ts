import { FirebreakError } from '../../core/errors.ts';
import type { GitIdentity } from '../../core/people.ts';
import type { Git, GitRemote, PublishedFiles, ShareResult } from '../../core/ports/git.ts';
import { commitPaths } from './commitPaths.ts';
import { GitConfig } from './gitConfig.ts';
import { withoutSecrets } from './gitFailure.ts';
import { GitProcess } from './gitProcess.ts';
import { operationOrCommandIn } from './operation.ts';
import { filesNamed } from './publishedFiles.ts';
import { currentBranch, shareBranch } from './shareBranch.ts';
import { openWorkTree, resolve, succeed, text, type WorkTree } from './workTree.ts';

const defaultSilenceMs = 60_000;

/**
 * The repository that a root folder stands in, through the user's own git. Questions about it are answered with nothing
 * known where there is no git or no repository; acts throw. Acts of one instance wait for each other.
 */
export class GitRepository implements Git {
  readonly #git: GitProcess;
  readonly #silenceMs: number;
  #turn: Promise<unknown> = Promise.resolve();
  #published: { readonly key: string; readonly files: PublishedFiles } | undefined;

  /**
   * @param root the root folder, absolute; it may stand anywhere in the work tree
   * @param options.environment this process's
   * @param options.silenceMs how long a server may give no sign, milliseconds; a minute
   */
  constructor(root: string, options: { readonly environment: NodeJS.ProcessEnv; readonly silenceMs?: number }) {
    this.#git = new GitProcess(root, options.environment);
    this.#silenceMs = options.silenceMs ?? defaultSilenceMs;
  }

  async identity(): Promise<GitIdentity> {
    return this.#ask({ name: undefined, email: undefined }, async () => {
      const config = await GitConfig.read(this.#git);
      return {
        name: config.get('author.name') ?? config.get('user.name'),
        email: config.get('author.email') ?? config.get('user.email'),
      };
    });
  }

  async authors(): Promise<readonly GitIdentity[]> {
    const listed = await this.#askTree(async (tree) => {
      if ((await resolve(tree.git, 'HEAD')) === undefined) return '';
      // Names and addresses by the repository's mailmap, merged people as one.
      return text(await succeed(tree.git, ['log', '--max-count=1000', '--no-merges', '--format=%aN%x09%aE']));
    });
    const counts = new Map<string, number>();
    for (const line of (listed ?? '').split('\n')) if (line !== '') counts.set(line, (counts.get(line) ?? 0) + 1);
    return [...counts]
      .sort(([, left], [, right]) => right - left)
      .map(([line]) => {
        const [name = '', email = ''] = line.split('\t');
        return { name: name || undefined, email: email || undefined };
      });
  }

  async branch(): Promise<string | undefined> {
    return this.#askTree(currentBranch);
  }

  async defaultBranch(): Promise<string | undefined> {
    return this.#askTree(async (tree) => {
      const config = await GitConfig.read(tree.git);
      const branch = await currentBranch(tree);
      const upstream = branch && config.get(`branch.${branch}.remote`);
      const remotes = new Set(['origin', ...(upstream ? [upstream] : []), ...config.remotes()]);
      const known = config.remotes();
      for (const remote of remotes) {
        const found = known.includes(remote) ? await defaultBranchOf(tree, remote) : undefined;
        if (found !== undefined) return found;
      }
      return undefined;
    });
  }

  async operationUnderWay(): Promise<string | undefined> {
    return this.#askTree(operationOrCommandIn);
  }

  async remotes(): Promise<readonly GitRemote[]> {
    const listed = await this.#askTree(async (tree) => text(await succeed(tree.git, ['remote', '--verbose'])));
    // With the rewriting of `url.<base>.insteadOf` done, as a fetch sees it: `name<tab>address (fetch)`.
    const lines = (listed ?? '').matchAll(/^(.+?)\t(.*) \(fetch\)(?: \[[^\]\n]*\])?$/gm);
    return [...lines].map(([, name = '', url = '']) => ({ name, url: withoutSecrets(url) }));
  }

  async published(name: string, isMeant: (url: string) => boolean): Promise<PublishedFiles | undefined> {
    const meant = (await this.remotes()).find(({ url }) => isMeant(url));
    if (!meant) return undefined;
    return this.#askTree(async (tree) => {
      const branch = await defaultBranchOf(tree, meant.name);
      if (branch === undefined) return undefined;
      const commit = await resolve(tree.git, `refs/remotes/${meant.name}/${branch}^{commit}`);
      if (commit === undefined) return undefined;
      const key = [commit, tree.prefix, branch, name].join('\n');
      // The same commit holds the same files.
      if (this.#published?.key !== key) {
        this.#published = { key, files: { branch, prefix: tree.prefix, paths: await filesNamed(tree, commit, name) } };
      }
      return this.#published.files;
    });
  }

  async commit(paths: readonly string[], message: string): Promise<number> {
    return this.#act(async () => commitPaths(await openWorkTree(this.#git), paths, message));
  }

  async share(paths: readonly string[], message: string): Promise<ShareResult> {
    return this.#act(async () => shareBranch(await openWorkTree(this.#git), paths, message, this.#silenceMs));
  }

  async #act<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(act, act);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #askTree<T>(ask: (tree: WorkTree) => Promise<T>): Promise<T | undefined> {
    return this.#ask(undefined, async () => ask(await openWorkTree(this.#git)));
  }

  async #ask<T>(otherwise: T, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (FirebreakError.is(error, 'noGit')) return otherwise;
      throw error;
    }
  }
}

/** What the remote's HEAD is known to be, else `main` or `master` where the remote has one of them. */
async function defaultBranchOf(tree: WorkTree, remote: string): Promise<string | undefined> {
  const prefix = `refs/remotes/${remote}/`;
  const names = ['HEAD', 'main', 'master'].map((name) => prefix + name);
  const listed = await succeed(tree.git, ['for-each-ref', '--format=%(refname) %(symref)', ...names]);
  const refs = new Map(
    text(listed)
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
  const head = refs.get(`${prefix}HEAD`);
  if (head?.startsWith(prefix)) return head.slice(prefix.length);
  return ['main', 'master'].find((name) => refs.has(prefix + name));
}
