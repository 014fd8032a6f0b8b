import fc from 'fast-check';
import { check } from './invariants.ts';
import type { ModelOptions } from './modelWorld.ts';
import { ModelWorld } from './modelWorld.ts';
import { historyOf, type Step } from './steps.ts';

/** The steps of a history at most. */
export const mostSteps = 80;

export interface Outcome {
  readonly runs: number;
  readonly steps: number;
  /** undefined when all invariants hold. */
  readonly violation:
    | { readonly message: string; readonly history: readonly Step[]; readonly path: string }
    | undefined;
}

/**
 * Plays so many random histories, and makes the first that ends in a violation as short as it can within the time given.
 * @param shrinkFor milliseconds
 */
export async function playHistories(seed: number, runs: number, shrinkFor: number): Promise<Outcome> {
  let steps = 0;
  let failedAt: number | undefined;
  const property = fc.asyncProperty(historyOf(mostSteps), async (history) => {
    if (failedAt !== undefined && Date.now() - failedAt > shrinkFor) return;
    if (failedAt === undefined) steps += history.length;
    try {
      await check(await ModelWorld.start(), history);
    } catch (error) {
      failedAt ??= Date.now();
      throw error;
    }
  });
  const details = await fc.check(property, { seed, numRuns: runs });
  const [history] = details.counterexample ?? [];
  if (!details.failed || !history) return { runs: details.numRuns, steps, violation: undefined };
  const { errorInstance, counterexamplePath } = details;
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return { runs: details.numRuns, steps, violation: { message, history, path: counterexamplePath ?? '' } };
}

/** The histories of a seed, as they are. */
export function sampleHistories(seed: number, count: number): Step[][] {
  return fc.sample(historyOf(mostSteps), { seed, numRuns: count });
}

/** @returns what is violated at the end of a history; undefined when all is well */
export async function violationOf(history: readonly Step[], options: ModelOptions = {}): Promise<string | undefined> {
  try {
    await check(await ModelWorld.start(options), history);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
