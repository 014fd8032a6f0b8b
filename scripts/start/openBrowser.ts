import { mkdir } from 'node:fs/promises';
import { findChromium } from '../host/chromium.mjs';
import { chromiumFlags } from '../host/chromiumFlags.ts';
import { GuardedProcess } from '../lib/guardedProcess.ts';
import { run, which } from '../lib/run.mjs';

/** Whether a browser window would be seen by anyone. */
export function hasDisplay(env: NodeJS.ProcessEnv = process.env): boolean {
  return process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Shows an address in the person's own browser, else in a Chromium with a profile in `profile`, which ends with this
 * process.
 * @returns undefined, or why it did not work
 */
export async function openBrowser(url: string, profile: string): Promise<string | undefined> {
  const opener = which(process.platform === 'darwin' ? 'open' : 'xdg-open');
  if (opener) {
    const opened = await run(opener, [url]).catch(() => undefined);
    if (opened !== undefined) return undefined;
  }
  const chromium = findChromium();
  if (!chromium) return 'no browser was found';
  await mkdir(profile, { recursive: true });
  // Root has no sandbox; anyone else keeps it.
  const flags = chromiumFlags.filter((flag) => flag !== '--no-sandbox' || process.getuid?.() === 0);
  const args = [...flags, `--user-data-dir=${profile}`, '--new-window', url];
  const browser = await GuardedProcess.start('Chromium', chromium, args, { env: process.env });
  const early = await Promise.race([
    browser.ended.then(() => 'Chromium ended at once'),
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 2_000)),
  ]);
  return early && `${early}: ${browser.printed.trim().split('\n').at(-1) ?? ''}`;
}
