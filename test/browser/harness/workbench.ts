import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { calmSettings, type Theme, themes } from '../../../scripts/host/settings.ts';
import { type Opened, workbenchUrl } from '../../../scripts/host/workbenchUrl.ts';
import { clickOnce } from './clickOnce.ts';
import { eventually, isText, oneLine, patienceMs } from './eventually.ts';
import { ExtensionHostLog } from './extensionHostLog.ts';
import {
  notificationTexts,
  type ShownDialog,
  type ShownNotification,
  shownDialog,
  shownNotification,
} from './notification.ts';
import { artifacts, extensionId } from './project.ts';
import { QuickInput } from './quickInput.ts';
import type { PooledServer, ServerPool } from './serverPool.ts';
import { type StatusItem, statusItem, statusItems } from './statusBar.ts';
import { TreeView } from './tree.ts';
import { webviewDocument } from './webview.ts';
import { saveWindowState } from './windowState.ts';

const loadTimeoutMs = 90_000;

/** What a window opens, and how. */
export interface WorkbenchOptions {
  /** The folder to open; or a `.code-workspace` file; or neither, for an empty window. Absolute paths. */
  folder?: string;
  workspaceFile?: string;
  /** Default `dark`. */
  theme?: Theme;
  /** Size of the window in pixels. Default 1280 × 800. */
  width?: number;
  height?: number;
  /** False: nobody trusts the folder, so it opens in Restricted Mode. Default true. */
  trusted?: boolean;
  /** User settings, over the calm ones of the harness. */
  settings?: Record<string, unknown>;
  /** Settings of scope `machine`, as `firebreak.github.apiUrl`: user settings do not reach them in this host. */
  machineSettings?: Record<string, unknown>;
  /** Added to the environment of the extension host and its terminals. */
  env?: Record<string, string>;
  /** Firebreak itself: a `.vsix` file or a folder, or false for a window without it. Default: the project as built. */
  extension?: string | false;
  /** Other extensions to install: `.vsix` files, or folders with a `package.json`. */
  extensions?: readonly string[];
}

/** A VS Code window that a test drives as a person would. Each method waits for what it names; none sleeps. */
export class Workbench {
  readonly quickInput: QuickInput;
  private readonly log: ExtensionHostLog;
  private host = '';

  private constructor(
    private readonly pool: ServerPool,
    private readonly pooled: PooledServer,
    private readonly context: BrowserContext,
    readonly page: Page,
    private options: WorkbenchOptions,
    private readonly onDispose: (workbench: Workbench) => void,
  ) {
    this.quickInput = new QuickInput(page);
    // The browser's own question whether to leave a page with unsaved changes.
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
    this.log = new ExtensionHostLog(pooled.server.dataFolder);
  }

  /** Opens a window and waits until its extension host has started and its theme shows. */
  static async open(
    pool: ServerPool,
    options: WorkbenchOptions,
    onDispose: (workbench: Workbench) => void,
  ): Promise<Workbench> {
    const extensions = [...(options.extensions ?? [])];
    if (options.extension !== false) extensions.push(options.extension ?? (await pool.project()));
    const pooled = await pool.take(
      { trusted: options.trusted ?? true, env: options.env ?? {}, extensions },
      { ...calmSettings(options.theme ?? 'dark'), ...options.settings },
      options.machineSettings ?? {},
    );
    const browser = await pool.sharedBrowser();
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    // tsx names functions through a function of its own, which one that is sent to the page would not find there.
    await context.addInitScript('globalThis.__name ??= (named) => named');
    const workbench = new Workbench(pool, pooled, context, await context.newPage(), options, onDispose);
    try {
      await workbench.load(() => workbench.page.goto(workbench.url()));
      return workbench;
    } catch (error) {
      await workbench.dispose();
      throw error;
    }
  }

  /** The port's origin and the folder of the server, for tests that look behind the window. */
  get server(): { origin: string; dataFolder: string } {
    return { origin: this.pooled.server.origin, dataFolder: this.pooled.server.dataFolder };
  }

  /** Loads the window again, with all it remembers, and waits as on opening, and for the terminal that was shown. */
  async reload(): Promise<void> {
    const terminal = this.page.locator('.terminal-wrapper.active .xterm-screen');
    const hadTerminal = await terminal.isVisible();
    await saveWindowState(this.page);
    await this.load(() => this.page.reload());
    // It comes back seconds later, and is made the active one: whoever types into another one then types into nothing.
    if (hadTerminal) await terminal.waitFor();
  }

  /** Opens a second window on the same folder, or another one, with the same settings and browser storage. */
  async secondWindow(opened: { folder?: string; workspaceFile?: string } = this.options): Promise<Workbench> {
    const options = { ...this.options, folder: opened.folder, workspaceFile: opened.workspaceFile };
    const second = new Workbench(this.pool, this.pooled, this.context, await this.context.newPage(), options, () => {});
    await second.load(() => second.page.goto(second.url()));
    return second;
  }

  // --- commands and keys ---

  /** Opens the command palette. */
  async openPalette(): Promise<void> {
    await eventually('the command palette', async () => {
      if (!(await this.quickInput.box.isVisible())) await this.page.keyboard.press('F1');
      await this.quickInput.box.waitFor({ timeout: 2_000 });
      return (await this.quickInput.value()).startsWith('>');
    });
  }

  /** The titles that the palette offers for a text, as `Incident: Declare P0`. Closes the palette again. */
  async paletteCommands(text: string): Promise<string[]> {
    await this.openPalette();
    await this.quickInput.type(`>${text}`);
    const rows = await this.settledRows();
    await this.quickInput.cancel();
    return rows;
  }

  /**
   * Runs a command through the palette by its full title with category, as `Incident: Declare P0`.
   * @throws Error that lists what the palette offers, when there is no such command
   */
  async runCommand(title: string): Promise<void> {
    const { quickInput } = this;
    let offered = '';
    await eventually(`the command ${title}`, async () => {
      // What takes the focus in these moments, as a panel that opens, closes the palette: then it is opened again.
      await this.openPalette();
      await quickInput.input.fill(`>${title}`, { timeout: 2_000 });
      const row = quickInput.rowsWith(title).first();
      await row.waitFor({ timeout: 3_000 }).catch(async (error) => {
        offered = (await quickInput.rows()).map(({ label }) => label).join(' | ');
        // What the palette offers is settled when it opens.
        await quickInput.cancel();
        throw error;
      });
      await clickOnce(row);
      return true;
    }).catch((error) => {
      throw new Error(`${error.message}; the palette offered: ${offered}`);
    });
  }

  /** Presses a key or chord in the window, as `Control+Shift+P`. */
  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys);
  }

  /** Types text where the focus is. */
  async typeText(text: string): Promise<void> {
    await this.page.keyboard.insertText(text);
  }

  // --- views ---

  /** Shows a container of the activity bar by its title. */
  async openView(title: string): Promise<void> {
    const tab = this.activity(title);
    await tab.waitFor();
    await eventually(`the container ${title}`, async () => {
      if ((await tab.getAttribute('aria-expanded')) === 'true') return true;
      await tab.click();
      return (await tab.getAttribute('aria-expanded')) === 'true';
    });
  }

  /** The number on a container's icon in the activity bar; '' without one. */
  async badge(title: string): Promise<string> {
    const badge = this.activity(title).locator('.badge-content');
    return (await badge.isVisible()) ? oneLine(await badge.textContent()) : '';
  }

  /** A view by its title. The container that holds it must be open. */
  tree(title: string): TreeView {
    return new TreeView(this.page, title);
  }

  // --- editors and webviews ---

  /** The titles of the open editors, from left to right. */
  async tabs(): Promise<string[]> {
    const labels = await this.page.locator('.part.editor .tab').evaluateAll((all) =>
      // VS Code splits a file's name: the ending stands apart.
      all.map((tab) =>
        [...tab.querySelectorAll('.label-name, .label-suffix')].map((part) => part.textContent).join(''),
      ),
    );
    return labels.map(oneLine);
  }

  /** Waits for an editor by its title and returns its tab. */
  async tab(title: string | RegExp): Promise<Locator> {
    return eventually(`the editor ${title}`, async () => {
      const index = (await this.tabs()).findIndex((text) => isText(text, title));
      return index >= 0 ? this.page.locator('.part.editor .tab').nth(index) : undefined;
    }).catch(async (error) => {
      throw new Error(`${error.message}; the editors were: ${(await this.tabs()).join(' | ')}`);
    });
  }

  /** Opens a file of the workspace by its path, through *Go to File*. */
  async openFile(relativePath: string): Promise<void> {
    await this.openPalette();
    await this.quickInput.type(relativePath);
    await this.quickInput.pick(path.posix.basename(relativePath));
    await this.tab(path.posix.basename(relativePath));
  }

  /** The lines of the active text editor that are on screen, joined with line feeds. */
  async editorText(): Promise<string> {
    await this.page.locator('.editor-group-container.active .view-line').first().waitFor();
    const lines = await this.page.locator('.editor-group-container.active .view-lines .view-line').evaluateAll((all) =>
      all
        .map((line) => ({ top: Number.parseFloat((line as HTMLElement).style.top) || 0, text: line.textContent ?? '' }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replaceAll('\u00a0', ' ').replaceAll('\u00b7', ' ')),
    );
    return lines.join('\n');
  }

  /** Waits until the lines on screen of the active text editor match, and returns them. */
  async editorShows(wanted: RegExp): Promise<string> {
    return eventually(`the editor to show ${wanted}`, async () => {
      const text = await this.editorText();
      return wanted.test(text) ? text : undefined;
    });
  }

  /** Clicks a button of the active editor's title bar. */
  async editorAction(title: string): Promise<void> {
    await this.page.locator(`.editor-group-container.active .editor-actions [aria-label^="${title}"]`).first().click();
  }

  /** Clicks a CodeLens by its text. */
  async codeLens(text: string): Promise<void> {
    await this.page.locator('.codelens-decoration a', { hasText: text }).first().click();
  }

  /** The document inside a webview panel on screen, by the panel's title. */
  webviewFrame(title: string | RegExp): Promise<FrameLocator> {
    return webviewDocument(this.page, title);
  }

  // --- messages ---

  /** Waits for a notification that contains a text. */
  notification(text: string | RegExp): Promise<ShownNotification> {
    return shownNotification(this.page, text);
  }

  /** The texts of the notifications on screen. */
  notifications(): Promise<string[]> {
    return notificationTexts(this.page);
  }

  /** Waits for a modal dialog that contains a text. */
  dialog(text: string | RegExp): Promise<ShownDialog> {
    return shownDialog(this.page, text);
  }

  /** Waits for an item of the status bar that contains a text. */
  statusBar(text: string | RegExp): Promise<StatusItem> {
    return statusItem(this.page, text);
  }

  /** All items of the status bar. */
  statusItems(): Promise<StatusItem[]> {
    return statusItems(this.page);
  }

  // --- what is behind the window ---

  /** Waits until an extension has begun to start. Default: Firebreak. */
  async activated(id: string = extensionId): Promise<void> {
    await this.log.activated(this.host, id);
  }

  /** All that was logged in this window's extension host, output channels included. */
  async logs(): Promise<string> {
    return this.log.everything(this.host);
  }

  /** Makes the window this large, in pixels; later pictures go to the folder of this width. */
  async resize(width: number, height: number): Promise<void> {
    this.options = { ...this.options, width, height };
    await this.page.setViewportSize({ width, height });
    // Drawn anew twice: once by the window itself, once by what watches its own size.
    await this.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }

  /**
   * Takes a picture of the window into `artifacts/screenshots/<theme>-<width>/<name>.png`, without the blinking cursor.
   * @returns its path
   */
  async screenshot(name: string): Promise<string> {
    const folder = path.join(artifacts, 'screenshots', `${this.options.theme ?? 'dark'}-${this.options.width ?? 1280}`);
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${name}.png`);
    await this.page.evaluate(() => document.fonts.ready.then(() => undefined));
    await this.page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
    return file;
  }

  /** Keeps a picture and the logs of a test that failed in `artifacts/failures`. */
  async keepEvidence(name: string): Promise<void> {
    const folder = path.join(artifacts, 'failures');
    const file = path.join(folder, name.replace(/[^\w-]+/g, '-').slice(0, 120));
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: `${file}.png`, timeout: 5_000 }).catch(() => undefined);
    await writeFile(`${file}.log`, await this.logs().catch(String));
  }

  /** Closes the window. Its server waits for the next test. */
  async dispose(): Promise<void> {
    await this.context.close().catch(() => undefined);
    this.pool.release(this.pooled);
    this.onDispose(this);
  }

  private async load(go: () => Promise<unknown>): Promise<void> {
    const before = await this.log.hosts();
    await go();
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: loadTimeoutMs });
    this.host = await this.log.started(before);
    const { className } = themes[this.options.theme ?? 'dark'];
    await this.page.locator(`.monaco-workbench.${className}`).waitFor({ timeout: patienceMs });
  }

  private url(): string {
    const { folder, workspaceFile } = this.options;
    let opened: Opened = { nothing: true };
    if (folder) opened = { folder };
    if (workspaceFile) opened = { workspaceFile };
    return workbenchUrl(this.pooled.server.port, opened);
  }

  private activity(title: string): Locator {
    const name = this.page.locator(`a.action-label[aria-label^="${title}"]`);
    return this.page.locator('.part.activitybar [role=tab]', { has: name });
  }

  private async settledRows(): Promise<string[]> {
    let before = '';
    return eventually('the palette to settle', async () => {
      const now = (await this.quickInput.rows()).map((row) => row.label);
      const settled = now.length > 0 && before === now.join('\n');
      before = now.join('\n');
      return settled ? now : undefined;
    });
  }
}
