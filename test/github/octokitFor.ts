import type { Octokit, RequestError } from 'octokit';
import type { FakeGitHub } from './fakeGitHub.ts';

// octokit is an ES module only, and tests may be run as CommonJS: a dynamic import works in both.
const loadOctokit = () => import('octokit');

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

export interface OctokitChoices {
  /** Without one the client is anonymous. */
  token?: string;
  /** Another base than `gitHub.url`: `gitHub.enterpriseUrl`. */
  baseUrl?: string;
  /** Sends again what failed, at once instead of after seconds; off by default, as it must be for writes. */
  retry?: boolean;
}

/** The real octokit, pointed at the fake. Its throttling, which waits for seconds between writes, is off. */
export async function octokitFor(gitHub: FakeGitHub, choices: OctokitChoices = {}): Promise<Octokit> {
  const { Octokit } = await loadOctokit();
  return new Octokit({
    baseUrl: choices.baseUrl ?? gitHub.url,
    auth: choices.token,
    log: SILENT,
    retry: choices.retry ? { retryAfterBaseValue: 1 } : { enabled: false },
    throttle: { enabled: false },
  });
}

/** The error that a call is refused with. Rejects if it isn't refused, or not by an answer. */
export async function refusalOf(call: Promise<unknown>): Promise<RequestError> {
  try {
    await call;
  } catch (error) {
    const { RequestError } = await loadOctokit();
    if (error instanceof RequestError) return error;
    throw error;
  }
  throw new Error('The call was expected to be refused');
}
