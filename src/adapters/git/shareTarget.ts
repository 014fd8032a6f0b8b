import type { GitConfig } from './gitConfig.ts';
import { gitFailed } from './gitFailure.ts';

/** Where a branch is shared with others. */
export interface ShareTarget {
  /** The branch here, without `refs/heads/`. */
  readonly local: string;
  readonly remote: string;
  /** The branch there. */
  readonly branch: string;
  /** Where pushes go, where the user said that they go elsewhere than what is fetched comes from. */
  readonly push: { readonly remote: string; readonly branch: string };
}

/**
 * The upstream of a branch. A branch whose upstream has another name (`git checkout -b fix origin/main` makes one) is
 * shared under its own name, unless `push.default` says otherwise: nobody means to push unreviewed work to `main` so
 * (as `push.default=simple`, git's own default, sees it). Without an upstream it is `origin`, or the only remote.
 * @throws FirebreakError `gitFailed` when there is no remote to share with
 */
export function shareTarget(config: GitConfig, local: string): ShareTarget {
  const remotes = config.remotes();
  const upstreamRemote = known(config.get(`branch.${local}.remote`), remotes);
  const only = remotes.length === 1 ? remotes[0] : undefined;
  const remote = upstreamRemote ?? known('origin', remotes) ?? only;
  if (remote === undefined) {
    throw gitFailed(
      'noRemote',
      remotes.length === 0
        ? 'There is no remote to share with: add one with "git remote add origin <address>", then share again.'
        : `Git does not say which of ${remotes.join(', ')} to share with: run "git push -u <remote> HEAD" once.`,
    );
  }
  const upstream = upstreamRemote && /^refs\/heads\/(.+)$/s.exec(config.get(`branch.${local}.merge`) ?? '')?.[1];
  const otherNameMeant = /^(?:upstream|tracking)$/i.test(config.get('push.default') ?? '');
  const branch = upstream && (upstream === local || otherNameMeant) ? upstream : local;
  const pushRemote =
    known(config.get(`branch.${local}.pushremote`), remotes) ??
    known(config.get('remote.pushdefault'), remotes) ??
    remote;
  return { local, remote, branch, push: { remote: pushRemote, branch: pushRemote === remote ? branch : local } };
}

function known(remote: string | undefined, remotes: readonly string[]): string | undefined {
  return remote !== undefined && remotes.includes(remote) ? remote : undefined;
}
