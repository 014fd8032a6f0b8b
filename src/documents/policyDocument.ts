import type { Policy } from '../core/policy.ts';
import type { Problem } from '../core/problem.ts';

/**
 * Reads `incident-policy.yml` over the guide's own tables. A mistake in one place is one problem, with its line; everything
 * else in the file counts. Never throws.
 */
export function readPolicy(
  path: string,
  source: string,
): { readonly policy: Policy; readonly problems: readonly Problem[] } {
  throw new Error(`not written yet ${path} ${source}`);
}
