import type { FrameLocator, Locator } from 'playwright-core';
import { eventually, oneLine } from '../harness/eventually.ts';
import type { Workbench } from '../harness/workbench.ts';

/** A timeline panel that is on screen, as its reader sees it. */
export class TimelinePanel {
  readonly frame: FrameLocator;

  private constructor(frame: FrameLocator) {
    this.frame = frame;
  }

  /** Waits for the panel of the incident with this tab title, as `P0 Login is down`, and for its entries. */
  static async of(workbench: Workbench, title: string | RegExp): Promise<TimelinePanel> {
    await workbench.tab(title);
    const panel = new TimelinePanel(await workbench.webviewFrame(title));
    await panel.frame.locator('.page[aria-busy=false]').waitFor();
    return panel;
  }

  get rows(): Locator {
    return this.frame.locator('li.event:visible');
  }

  /** The entries on screen, each as one line of text. */
  async entries(): Promise<string[]> {
    return (await this.rows.allTextContents()).map(oneLine);
  }

  /** Waits until the entries fit, and returns them. */
  async entriesWhen(what: string, wanted: (entries: string[]) => boolean): Promise<string[]> {
    let seen: string[] = [];
    return eventually(`the timeline: ${what}`, async () => {
      seen = await this.entries();
      return wanted(seen) ? seen : undefined;
    }).catch((error) => {
      throw new Error(`${error.message}; the entries were:\n${seen.join('\n')}`);
    });
  }

  /** Waits for an entry that contains a text. */
  async entry(text: string): Promise<Locator> {
    await this.entriesWhen(`an entry with "${text}"`, (entries) => entries.some((entry) => entry.includes(text)));
    return this.rows.filter({ hasText: text }).last();
  }

  /** Waits until the page has drawn itself after a change of its size. */
  async settled(): Promise<void> {
    await this.frame
      .locator('body')
      .evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }
}
