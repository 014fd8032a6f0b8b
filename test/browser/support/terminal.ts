import { eventually } from '../harness/eventually.ts';
import type { Workbench } from '../harness/workbench.ts';

/** The integrated terminal of a window, with a real bash in it. */
export class Terminal {
  private constructor(private readonly workbench: Workbench) {}

  /** Opens one, and waits until its shell tells VS Code its commands. */
  static async open(workbench: Workbench): Promise<Terminal> {
    const { page } = workbench;
    // One that was there before stays the active one until the new one has been made.
    await page.locator('.terminal-wrapper').evaluateAll((all) => {
      for (const one of all) one.setAttribute('data-before', '');
    });
    await workbench.runCommand('Terminal: Create New Terminal');
    const terminal = new Terminal(workbench);
    await eventually('a shell that tells its commands', async () => {
      const marks = page.locator('.terminal-wrapper.active:not([data-before]) .terminal-command-decoration');
      return (await marks.count()) > 0 || undefined;
    });
    return terminal;
  }

  /** Types a line, as a person does, and Enter. */
  async type(line: string): Promise<void> {
    const { page } = this.workbench;
    await page.locator('.terminal-wrapper.active .xterm-screen').click();
    await page.keyboard.type(line);
    await page.keyboard.press('Enter');
  }
}
