import type { Locator, Page } from 'playwright-core';
import { eventually, oneLine } from '../harness/eventually.ts';
import type { Workbench } from '../harness/workbench.ts';

/** How the prompts of bash, zsh and fish end. */
const promptEnd = /[$#%>]$/;
let opened = 0;

/** The integrated terminal of a window, with a real shell in it. */
export class Terminal {
  private constructor(
    private readonly page: Page,
    private readonly wrapper: Locator,
  ) {}

  /** Opens one, and waits until its shell tells VS Code its commands and VS Code has given it the focus. */
  static async open(workbench: Workbench): Promise<Terminal> {
    return Terminal.openedBy(workbench.page, () => workbench.runCommand('Terminal: Create New Terminal'));
  }

  /** The terminal that `open` opens on a page. */
  static async openedBy(page: Page, open: () => Promise<void>): Promise<Terminal> {
    opened += 1;
    // One that was there before stays the active one until the new one has been made.
    await page.locator('.terminal-wrapper').evaluateAll((all) => {
      for (const one of all) one.setAttribute('data-before', '');
    });
    await open();
    const name = `terminal-${opened}`;
    const terminal = new Terminal(page, page.locator(`.terminal-wrapper[data-test-name="${name}"]`));
    await eventually('a new terminal with the focus', () =>
      page.evaluate((given) => {
        const wrapper = document.activeElement?.closest('.terminal-wrapper.active:not([data-before])');
        wrapper?.setAttribute('data-test-name', given);
        return wrapper !== null && wrapper !== undefined;
      }, name),
    ).catch((error) => terminal.fail(error));
    await eventually(
      'a shell that tells its commands',
      async () => (await terminal.wrapper.locator('.terminal-command-decoration').count()) > 0,
    ).catch((error) => terminal.fail(error));
    return terminal;
  }

  /** Waits until the terminal that is shown has the focus. */
  static async takesKeys({ page }: Workbench): Promise<void> {
    await eventually('the focus in the terminal', () =>
      page.evaluate(() => document.activeElement?.closest('.terminal-wrapper.active') !== null),
    );
  }

  /**
   * Types a line, as a person does, and Enter: when the shell waits for it, and once it stands there.
   * @throws Error that says where the focus was and what the terminal showed
   */
  async type(line: string): Promise<void> {
    const { page } = this;
    try {
      await eventually('a prompt', async () => promptEnd.test((await this.lines()).at(-1) ?? ''));
      await this.focus();
      await page.keyboard.type(line);
      // A line that is longer than the terminal is wide goes on in the next, wherever it may be broken.
      const wanted = withoutSpaces(line);
      await eventually(`"${line}" to stand in the terminal`, async () =>
        withoutSpaces((await this.lines()).join('')).includes(wanted),
      );
    } catch (error) {
      await this.fail(error);
    }
    await page.keyboard.press('Enter');
  }

  /** The lines on screen that are not empty, from top to bottom. */
  private async lines(): Promise<string[]> {
    const rows = await this.wrapper.locator('.xterm-rows > div').allTextContents();
    return rows.map((row) => oneLine(row)).filter(Boolean);
  }

  private async focus(): Promise<void> {
    await this.wrapper.locator('.xterm-screen').click();
    await eventually('the focus to be in the terminal', () =>
      this.wrapper.evaluate((wrapper) => wrapper.contains(document.activeElement)),
    );
  }

  private async fail(error: unknown): Promise<never> {
    const focus = await this.page.evaluate(() => {
      const { activeElement } = document;
      return activeElement ? `${activeElement.tagName} ${activeElement.className}` : 'nowhere';
    });
    const lines = await this.lines().catch(() => []);
    throw new Error(`${String(error)}; the focus was in: ${focus}; the terminal showed:\n${lines.join('\n')}`);
  }
}

function withoutSpaces(text: string): string {
  return text.replace(/\s/gu, '');
}
