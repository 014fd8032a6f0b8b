import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait for a state of the workbench, in milliseconds. Generous: a busy machine is not a failure. */
export const patienceMs = 20_000;

/**
 * Calls `look` until it returns something other than undefined or false, and returns that. An error from `look` counts
 * as "not yet".
 * @throws Error with `what` was awaited and the last error, after `timeoutMs`
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = patienceMs,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      throw new Error(`Waited ${timeoutMs / 1000} s for ${what}${last === undefined ? '' : `: ${String(last)}`}`);
    }
    await sleep(50);
  }
}

/** True when a text is the wanted one: equal to a string, or matched by an expression. */
export function isText(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text === wanted : wanted.test(text);
}

/** What the page shows as one line: no-break and repeated spaces become one space. */
export function oneLine(text: string | null | undefined): string {
  return (text ?? '').replace(/\s+/gu, ' ').trim();
}

/** Matches an element whose whole text is this one, as Playwright compares: spaces normalized. */
export function wholeText(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}
