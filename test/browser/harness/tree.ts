import type { Locator, Page } from 'playwright-core';
import { clickOnce } from './clickOnce.ts';
import { clickMenuItem, menuEntries } from './contextMenu.ts';
import { eventually, isText, oneLine, wholeText } from './eventually.ts';

/** One row of a tree as it is on screen. */
export interface TreeRow {
  label: string;
  /** The dimmed text behind the label. */
  description: string;
  /** What a screen reader says. */
  ariaLabel: string;
  /** 1 for the outermost. */
  level: number;
  /** undefined for a leaf. */
  expanded: boolean | undefined;
  /** The icon's classes, as `codicon codicon-flame`; '' without one. */
  icon: string;
}

/** One view of the side bar or panel, found by its title. */
export class TreeView {
  readonly pane: Locator;

  constructor(
    private readonly page: Page,
    readonly title: string,
  ) {
    const heading = page.locator('.pane-header h3.title', { hasText: wholeText(title) });
    this.pane = page.locator('.pane', { has: heading });
  }

  /** Opens the view when it is folded up. */
  async unfold(): Promise<void> {
    const header = this.pane.locator('.pane-header');
    await header.waitFor();
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
  }

  /** The rows on screen, from top to bottom: VS Code draws no row that is scrolled out of sight. */
  async rows(): Promise<TreeRow[]> {
    const rows = await this.pane.locator('[role=treeitem]').evaluateAll((all) =>
      all.map((row) => ({
        top: Number.parseFloat((row as HTMLElement).style.top) || 0,
        label: [...row.querySelectorAll('.label-name, .label-suffix')].map((part) => part.textContent).join(''),
        description: row.querySelector('.label-description')?.textContent ?? '',
        ariaLabel: row.getAttribute('aria-label') ?? '',
        level: Number(row.getAttribute('aria-level') ?? 1),
        expanded: row.hasAttribute('aria-expanded') ? row.getAttribute('aria-expanded') === 'true' : undefined,
        icon: row.querySelector('.custom-view-tree-node-item-icon')?.className ?? '',
      })),
    );
    return rows
      .sort((a, b) => a.top - b.top)
      .map(({ top: _, ...row }) => ({
        ...row,
        label: oneLine(row.label),
        description: oneLine(row.description),
        icon: row.icon.replace(/\s*custom-view-tree-node-item-icon\s*/, '').trim(),
      }));
  }

  /** Waits until the rows on screen are as `wanted` says, and returns them. */
  async rowsWhen(what: string, wanted: (rows: TreeRow[]) => boolean): Promise<TreeRow[]> {
    return eventually(`${this.title}: ${what}`, async () => {
      const rows = await this.rows();
      return wanted(rows) ? rows : undefined;
    }).catch(async (error) => {
      const shown = (await this.rows()).map((row) => `${'  '.repeat(row.level - 1)}${row.label} · ${row.description}`);
      throw new Error(`${error.message}; the rows were:\n${shown.join('\n')}`);
    });
  }

  /** Waits for a row by its label and returns what it shows. */
  async row(label: string | RegExp): Promise<TreeRow> {
    const rows = await this.rowsWhen(`a row ${label}`, (all) => all.some((row) => isText(row.label, label)));
    const row = rows.find((candidate) => isText(candidate.label, label));
    if (!row) throw new Error(`${this.title}: no row ${label}`);
    return row;
  }

  /** The element of a row, found by its label anew whenever it is used: a tree that refreshes draws its rows anew. */
  async element(label: string | RegExp): Promise<Locator> {
    const { label: shown } = await this.row(label);
    const name = this.page.locator('.label-name', { hasText: wholeText(shown) });
    return this.pane.locator('[role=treeitem]', { has: name }).first();
  }

  async click(label: string | RegExp): Promise<void> {
    await (await this.element(label)).locator('.label-name').click();
  }

  /** Clicks the box before a row, and waits until it is another or gone. A click that came between two drawings of the tree ticks nothing. */
  async tick(label: string | RegExp): Promise<void> {
    const box = async () => (await this.element(label)).locator('.custom-view-tree-node-item-checkbox');
    const before = await (await box()).getAttribute('aria-checked');
    const isTicked = async () => {
      if (!(await this.rows()).some((row) => isText(row.label, label))) return true;
      return (await (await box()).getAttribute('aria-checked')) !== before;
    };
    await eventually(`${label} to be ticked`, async () => {
      if (!(await isTicked())) await clickOnce(await box());
      return eventually(`the box of ${label}`, isTicked, 4_000);
    });
  }

  /** Opens a row that has children, unless it is open. A click that came between two drawings of the tree opens nothing. */
  async expand(label: string | RegExp): Promise<void> {
    const isExpanded = async () =>
      (await this.rows()).some((row) => isText(row.label, label) && row.expanded === true) || undefined;
    await eventually(`${label} to be expanded`, async () => {
      if ((await this.row(label)).expanded === false) {
        await clickOnce((await this.element(label)).locator('.monaco-tl-twistie'));
      }
      return eventually(`the children of ${label}`, isExpanded, 2_000);
    });
  }

  /**
   * Picks an entry of a row's context menu. A submenu is given as a path: `['Change Severity', 'P0']`. After a start VS
   * Code shows rows before it has settled that the folder is trusted, and until then leaves out of menus all that
   * changes something: a menu without the entry is closed, and opened again.
   */
  async menu(label: string | RegExp, ...entries: [string, ...string[]]): Promise<void> {
    let shown: string[] = [];
    await eventually(`the menu of ${label} to have ${entries[0]}`, async () => {
      await this.openMenu(label);
      shown = await menuEntries(this.page);
      if (shown.includes(entries[0])) return true;
      await this.page.keyboard.press('Escape');
      return false;
    }).catch((error) => {
      throw new Error(`${error.message}; the menu has: ${shown.join(' | ')}`);
    });
    await clickMenuItem(this.page, entries);
  }

  /**
   * Rows move while a tree refreshes: a click that came between two drawings opens no menu, and is done again; a menu
   * that opened for another row than the wanted one is closed again.
   */
  private async openMenu(label: string | RegExp): Promise<void> {
    await eventually(`the menu of ${label}`, async () => {
      await (await this.element(label)).locator('.label-name').click({ button: 'right' });
      await menuEntries(this.page, 3_000);
      const focused = this.pane.locator('.monaco-list-row.focused .label-name').first();
      if (isText(oneLine(await focused.textContent({ timeout: 2_000 })), label)) return true;
      await this.page.keyboard.press('Escape');
      return false;
    });
  }

  /** The entries of a row's context menu, without its separators. Closes the menu again. */
  async menuEntries(label: string | RegExp): Promise<string[]> {
    await this.openMenu(label);
    const entries = await menuEntries(this.page);
    await this.page.keyboard.press('Escape');
    return entries;
  }

  /** Clicks an inline button of a row. */
  async inlineAction(label: string | RegExp, title: string): Promise<void> {
    const row = await this.element(label);
    await row.hover();
    await row.locator(`.actions [aria-label^="${title}"]`).first().click();
  }

  /** Clicks a button of the view's title bar. */
  async titleAction(title: string): Promise<void> {
    await this.pane.locator('.pane-header').hover();
    await this.pane.locator(`.pane-header .actions [aria-label^="${title}"]`).first().click();
  }

  /** What the view says when it has nothing to show; '' without welcome content. */
  async welcome(): Promise<string> {
    const content = this.pane.locator('.welcome-view-content');
    return (await content.isVisible()) ? oneLine(await content.textContent()) : '';
  }

  /** Clicks a button of the welcome content. */
  async welcomeButton(title: string): Promise<void> {
    await this.pane.locator('.welcome-view-content .monaco-button', { hasText: title }).click();
  }

  /** The message above the rows; '' without one. */
  async message(): Promise<string> {
    const message = this.pane.locator('.tree-explorer-viewlet-tree-view > .message');
    return (await message.isVisible()) ? oneLine(await message.textContent()) : '';
  }
}
