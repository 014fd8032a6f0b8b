import type { Locator, Page } from 'playwright-core';
import { eventually, oneLine } from './eventually.ts';

/** A notification that is on screen. */
export class ShownNotification {
  constructor(
    private readonly element: Locator,
    readonly text: string,
  ) {}

  /** The names of its buttons. */
  async buttons(): Promise<string[]> {
    const buttons = this.element.locator('.notification-list-item-buttons-container .monaco-button');
    return (await buttons.allTextContents()).map(oneLine).filter(Boolean);
  }

  async click(button: string): Promise<void> {
    await this.element.locator('.notification-list-item-buttons-container .monaco-button', { hasText: button }).click();
  }

  async dismiss(): Promise<void> {
    await this.element.hover();
    await this.element.locator('.codicon-notifications-clear').click();
  }
}

/** Waits for a notification whose text contains a string or matches an expression. */
export async function shownNotification(page: Page, wanted: string | RegExp): Promise<ShownNotification> {
  const toasts = page.locator('.notifications-toasts .notification-toast .notification-list-item');
  let shown: string[] = [];
  return eventually(`the notification ${wanted}`, async () => {
    const texts = await toasts.locator('.notification-list-item-message').allTextContents();
    shown = texts.map(oneLine);
    const index = shown.findIndex((text) => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)));
    return index >= 0 ? new ShownNotification(toasts.nth(index), shown[index] ?? '') : undefined;
  }).catch((error) => {
    throw new Error(`${error.message}; the notifications were: ${shown.join(' | ')}`);
  });
}

/** The texts of all notifications on screen. */
export async function notificationTexts(page: Page): Promise<string[]> {
  const messages = page.locator('.notifications-toasts .notification-list-item-message');
  return (await messages.allTextContents()).map(oneLine);
}

/** A modal dialog. */
export class ShownDialog {
  constructor(
    private readonly element: Locator,
    /** Message and detail. */
    readonly text: string,
  ) {}

  async click(button: string): Promise<void> {
    await this.element.locator('.dialog-buttons .monaco-button', { hasText: button }).first().click();
    await this.element.waitFor({ state: 'hidden' });
  }
}

/** Waits for a modal dialog whose message contains a text or matches an expression. */
export async function shownDialog(page: Page, wanted: string | RegExp): Promise<ShownDialog> {
  const element = page.locator('.monaco-dialog-box');
  return eventually(`the dialog ${wanted}`, async () => {
    if (!(await element.isVisible())) return undefined;
    const text = oneLine(await element.locator('.dialog-message-container').textContent());
    const fits = typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
    return fits ? new ShownDialog(element, text) : undefined;
  });
}
