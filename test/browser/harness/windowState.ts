import type { Page } from 'playwright-core';

/** VS Code's storage collects changes for 100 ms before it writes; timers of one page fire in the order of their time. */
const settleMs = 400;

/**
 * Makes VS Code write what a window remembers (open editors, panels, layout) to the browser's storage. It does that by
 * itself every five seconds, and when the window loses the focus: so the window is told that it lost it. Whether there
 * was anything to write does not show, hence the short wait for a write to begin; a write that began is awaited.
 */
export async function saveWindowState(page: Page): Promise<void> {
  await page.evaluate(
    (settle) =>
      new Promise<void>((resolve) => {
        let writing = 0;
        const { transaction } = IDBDatabase.prototype;
        IDBDatabase.prototype.transaction = function (...args) {
          const started = transaction.apply(this, args);
          if (started.mode === 'readwrite') {
            writing += 1;
            for (const end of ['complete', 'abort']) started.addEventListener(end, () => (writing -= 1));
          }
          return started;
        };
        // When a webview has the focus, the window has lost it already in VS Code's books: so it gets it back first.
        window.dispatchEvent(new FocusEvent('focus'));
        document.hasFocus = () => false;
        window.dispatchEvent(new FocusEvent('blur'));
        const look = () => {
          if (writing > 0) {
            setTimeout(look, settle);
            return;
          }
          IDBDatabase.prototype.transaction = transaction;
          resolve();
        };
        setTimeout(look, settle);
      }),
    settleMs,
  );
}
