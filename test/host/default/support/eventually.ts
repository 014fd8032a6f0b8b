import { setTimeout as pause } from 'node:timers/promises';

/** Generous: the machine may be busy. What is looked for is there long before. */
const patienceMs = 15_000;

/**
 * Looks again and again until there is something.
 * @param look what is looked for; undefined and false while it is not there. A failed assertion counts as that too
 * @throws Error that says what did not come, with the last failure as its cause
 */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
): Promise<Exclude<T, undefined | null | false>> {
  const end = performance.now() + patienceMs;
  let failure: unknown;
  do {
    try {
      const found = await look();
      if (found !== undefined && found !== null && found !== false) {
        return found as Exclude<T, undefined | null | false>;
      }
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await pause(25);
  } while (performance.now() < end);
  const why = failure instanceof Error ? `: ${failure.message}` : '';
  throw new Error(`${what}: not within ${patienceMs / 1000} s${why}`, { cause: failure });
}
