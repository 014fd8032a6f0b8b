// octokit and simple-git are loaded at first use, from bundles beside the one that asks (scripts/build.mjs).
declare module '*/gitAdapter.js' {
  export const createGit: typeof import('./adapters/git/bundle.ts').createGit;
}
declare module '*/githubAdapter.js' {
  export const createIssueTracker: typeof import('./adapters/github/bundle.ts').createIssueTracker;
}
