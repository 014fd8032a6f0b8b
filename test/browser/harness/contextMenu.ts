import type { Page } from 'playwright-core';
import { clickOnce } from './clickOnce.ts';
import { eventually, oneLine, patienceMs } from './eventually.ts';

const entryLabels = '.monaco-menu-container .action-item .action-label, .monaco-menu .action-item .action-label';

/** Waits for a menu and returns its entries, without separators. */
export async function menuEntries(page: Page, timeoutMs = patienceMs): Promise<string[]> {
  return eventually(
    'a menu',
    async () => {
      const shown = (await page.locator(entryLabels).allTextContents()).map(oneLine).filter(Boolean);
      return shown.length > 0 && shown;
    },
    timeoutMs,
  );
}

/**
 * Clicks an entry of the menu that is open; several entries are a path through submenus.
 * @throws Error that lists the entries which the menu has
 */
export async function clickMenuItem(page: Page, entries: readonly [string, ...string[]]): Promise<void> {
  for (const [depth, entry] of entries.entries()) {
    const labels = page.locator(entryLabels);
    let shown: string[] = [];
    const index = await eventually(`the menu entry ${entry}`, async () => {
      shown = (await labels.allTextContents()).map(oneLine);
      const found = shown.lastIndexOf(entry);
      return found >= 0 ? found : undefined;
    }).catch(async (error) => {
      // A menu that stays open would stand in the way of all that follows.
      await page.keyboard.press('Escape');
      throw new Error(`${error.message}; the menu has: ${shown.join(' | ')}`);
    });
    const item = labels.nth(index);
    // VS Code ignores a click in the first moments of a menu: until it has opened, or the submenu shows, click again.
    await eventually(`the menu entry ${entry} to take a click`, async () => {
      if (depth < entries.length - 1) {
        await item.hover();
        return (await labels.allTextContents()).map(oneLine).includes(entries[depth + 1] ?? '');
      }
      if (!(await item.isVisible())) return true;
      await clickOnce(item).catch(() => undefined);
      return !(await item.isVisible());
    });
  }
}
