// One line per step, with the time it took.
import { performance } from 'node:perf_hooks';

/** Seconds since `start` (a performance.now()), as "1.2 s". */
export function secondsSince(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

/**
 * Runs `work` and prints `name … time` when it ended. With a `say` of its own, a caller can prefix or collect the lines.
 * @throws whatever `work` throws, after a line that says so
 */
export async function step(name, work, say = console.log) {
  const start = performance.now();
  try {
    const result = await work();
    say(`${name} … ${secondsSince(start)}`);
    return result;
  } catch (error) {
    say(`${name} … FAILED after ${secondsSince(start)}`);
    throw error;
  }
}
