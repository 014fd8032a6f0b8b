import type { Locator, Page } from 'playwright-core';
import { eventually, oneLine } from './eventually.ts';

/** One item of the status bar. */
export interface StatusItem {
  /** What it shows, without icons. */
  text: string;
  /** What a screen reader says. */
  ariaLabel: string;
  /** `error` and `warning` are the coloured backgrounds. */
  kind: 'standard' | 'warning' | 'error';
  element: Locator;
}

/** All items of the status bar, from left to right. */
export async function statusItems(page: Page): Promise<StatusItem[]> {
  const items = page.locator('.part.statusbar .statusbar-item');
  const shown = await items.evaluateAll((all) =>
    all.map((item) => ({
      text: item.textContent ?? '',
      ariaLabel: item.getAttribute('aria-label') ?? '',
      classes: item.className,
    })),
  );
  return shown.map(({ text, ariaLabel, classes }, index) => ({
    text: oneLine(text),
    ariaLabel: oneLine(ariaLabel),
    kind: /\berror-kind\b/.test(classes) ? 'error' : /\bwarning-kind\b/.test(classes) ? 'warning' : 'standard',
    element: items.nth(index),
  }));
}

/** Waits for an item whose text contains a string or matches an expression. */
export async function statusItem(page: Page, wanted: string | RegExp): Promise<StatusItem> {
  let seen: string[] = [];
  return eventually(`the status bar item ${wanted}`, async () => {
    const items = await statusItems(page);
    seen = items.map((item) => item.text);
    return items.find(({ text }) => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)));
  }).catch((error) => {
    throw new Error(`${error.message}; the items were: ${seen.filter(Boolean).join(' | ')}`);
  });
}
