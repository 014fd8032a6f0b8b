import type { Locator, Page } from 'playwright-core';
import { eventually, isText, oneLine, wholeText } from './eventually.ts';

/** One entry of an open quick pick. */
export interface QuickRow {
  /** The text of the entry without its description. */
  label: string;
  /** What a screen reader says: label, description and detail. */
  ariaLabel: string;
  /** Ticked, in a pick of several; undefined elsewhere. */
  checked: boolean | undefined;
}

/** The box at the top of the window: quick picks, input boxes, the command palette. */
export class QuickInput {
  readonly box: Locator;
  readonly input: Locator;

  constructor(private readonly page: Page) {
    this.box = page.locator('.quick-input-widget');
    this.input = this.box.locator('.quick-input-box input');
  }

  /** The title with its step, as `Declare P0 (2/5)`; '' without one. */
  async title(): Promise<string> {
    const title = this.box.locator('.quick-input-title');
    return (await title.isVisible()) ? oneLine(await title.textContent()) : '';
  }

  /** Waits for the step of a flow that has this title, as `Declare P0 (2/5)`. */
  async step(title: string | RegExp): Promise<void> {
    let seen = '';
    await eventually(`the step ${title}`, async () => {
      seen = (await this.box.isVisible()) ? await this.title() : '(closed)';
      return isText(seen, title);
    }).catch((error) => {
      throw new Error(`${error.message}; the last title was "${seen}"`);
    });
  }

  /** Waits until the box shows this placeholder or prompt. */
  async prompt(text: string | RegExp): Promise<void> {
    await eventually(`the prompt ${text}`, async () => {
      if (!(await this.box.isVisible())) return false;
      const texts = [await this.input.getAttribute('placeholder'), await this.message()];
      return texts.some((candidate) => isText(oneLine(candidate), text));
    });
  }

  /** The line below the input: a prompt, or what is wrong with the value; '' without one. */
  async message(): Promise<string> {
    const message = this.box.locator('.quick-input-message');
    return (await message.isVisible()) ? oneLine(await message.textContent()) : '';
  }

  /** Replaces what is in the input. */
  async type(text: string): Promise<void> {
    await this.input.fill(text);
  }

  /** What is in the input. */
  async value(): Promise<string> {
    return this.input.inputValue();
  }

  /** The entries that are on screen: VS Code draws about twenty of a long list. */
  async rows(): Promise<QuickRow[]> {
    return this.box
      .locator('.quick-input-list [role=option], .quick-input-list [role=checkbox].monaco-list-row')
      .evaluateAll((rows) =>
        rows.map((row) => {
          const tick = row.querySelector('.quick-input-list-checkbox, .monaco-checkbox');
          const state = row.getAttribute('aria-checked') ?? tick?.getAttribute('aria-checked') ?? undefined;
          return {
            label: (row.querySelector('.label-name')?.textContent ?? '').replace(/\s+/gu, ' ').trim(),
            ariaLabel: row.getAttribute('aria-label') ?? '',
            checked: state === undefined ? undefined : state === 'true',
          };
        }),
      );
  }

  /** The element of one entry, found by its label anew whenever it is used: a list that scrolls draws its rows anew. */
  async row(label: string | RegExp): Promise<Locator> {
    const rows = this.box.locator('.quick-input-list .monaco-list-row');
    const shown = await eventually(`the entry ${label}`, async () =>
      (
        await rows.evaluateAll((all) =>
          all.map((row) => (row.querySelector('.label-name')?.textContent ?? '').replace(/\s+/gu, ' ').trim()),
        )
      ).find((candidate) => isText(candidate, label)),
    ).catch(async (error) => {
      const labels = (await this.rows()).map((row) => row.label).join(' | ');
      throw new Error(`${error.message}; the entries were: ${labels}`);
    });
    return this.rowsWith(shown).first();
  }

  /** The elements of the entries with this label. */
  rowsWith(label: string): Locator {
    const name = this.page.locator('.label-name', { hasText: wholeText(label) });
    return this.box.locator('.quick-input-list .monaco-list-row').filter({ has: name });
  }

  /** Clicks an entry: picks it, or in a pick of several ticks or unticks it. */
  async pick(label: string | RegExp): Promise<void> {
    // The tooltip of what was clicked before stays as long as the pointer does, and would cover the entries below it.
    await this.page.mouse.move(0, 0);
    await (await this.row(label)).click();
  }

  /** Enter: takes the value, or the focused entry. */
  async accept(): Promise<void> {
    await this.input.press('Enter');
  }

  /** The back button of a flow of several steps. */
  async back(): Promise<void> {
    await this.box.locator('.quick-input-titlebar [aria-label^="Back"]').first().click();
  }

  /** Clicks a button of the title bar or the input by its tooltip. */
  async button(tooltip: string): Promise<void> {
    await this.box.locator(`.action-label[aria-label="${tooltip}"]`).first().click();
  }

  /** Escape, until the box is gone. */
  async cancel(): Promise<void> {
    await eventually('the quick input to close', async () => {
      if (!(await this.box.isVisible())) return true;
      await this.page.keyboard.press('Escape');
      return !(await this.box.isVisible());
    });
  }

  /** Waits until the box has closed. */
  async closed(): Promise<void> {
    await this.box.waitFor({ state: 'hidden' });
  }
}
