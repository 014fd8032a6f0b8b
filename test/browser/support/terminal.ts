import { eventually } from '../harness/eventually.ts';
import type { Workbench } from '../harness/workbench.ts';

/** The integrated terminal of a window, with a real bash in it. */
export class Terminal {
  private constructor(private readonly workbench: Workbench) {}

  /** Opens one, and waits until its shell tells VS Code its commands. */
  static async open(workbench: Workbench): Promise<Terminal> {
    await workbench.runCommand('Terminal: Create New Terminal');
    const terminal = new Terminal(workbench);
    await eventually('a shell that tells its commands', async () => {
      const marks = workbench.page.locator('.terminal-wrapper.active .terminal-command-decoration');
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
