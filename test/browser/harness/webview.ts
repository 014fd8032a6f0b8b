import type { FrameLocator, Page } from 'playwright-core';
import { eventually, isText } from './eventually.ts';

/**
 * The document inside a webview panel that is on screen, found by the panel's title. VS Code nests two frames: its own,
 * and in it the one with the extension's page. The locator follows when the page is loaded anew.
 */
export async function webviewDocument(page: Page, title: string | RegExp): Promise<FrameLocator> {
  let seen: string[] = [];
  const name = await eventually(`the webview ${title}`, async () => {
    seen = [];
    for (const frame of await page.locator('iframe.webview.ready').all()) {
      if (!(await frame.isVisible())) continue;
      const inner = frame.contentFrame().locator('#active-frame');
      const innerTitle = (await inner.count()) > 0 ? ((await inner.getAttribute('title')) ?? '') : '';
      seen.push(innerTitle);
      if (isText(innerTitle, title)) return frame.getAttribute('name');
    }
    return undefined;
  }).catch((error) => {
    throw new Error(`${error.message}; the webviews on screen were: ${seen.join(' | ')}`);
  });
  return page.frameLocator(`iframe.webview[name="${name}"]`).frameLocator('#active-frame');
}
