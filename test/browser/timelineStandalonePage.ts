import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { ensureChromium } from '../../scripts/host/chromium.mjs';
import { chromiumFlags } from '../../scripts/host/chromiumFlags.ts';
import { TimelineFeed } from '../../src/protocol/timelineFeed.ts';
import type { FromWebview, ToWebview } from '../../src/protocol/timelineMessages.ts';
import type { TimelineView } from '../../src/protocol/timelineView.ts';
import { root } from './harness/project.ts';
import themes from './timelineStandaloneThemes.json' with { type: 'json' };

/** Variables as VS Code 1.139 sets them, read from a webview in it, cut down to those that the page uses. */
export type ThemeName = keyof typeof themes;

/** A host that no request leaves for: every answer comes from memory. */
const origin = 'https://webview.test';

/** An image of one pixel, for every attachment. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

interface Bundle {
  readonly script: string;
  readonly style: string;
}

async function bundle(): Promise<Bundle> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { timeline: 'webview/timeline/main.ts' },
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    outdir: 'out',
    logLevel: 'warning',
  });
  const text = (name: string) => outputFiles.find((file) => path.basename(file.path) === name)?.text ?? '';
  return { script: text('timeline.js'), style: text('timeline.css') };
}

export interface OpenOptions {
  theme?: ThemeName;
  width?: number;
  height?: number;
  /** What `getState` gives: the state that an earlier page kept. */
  state?: unknown;
  /** The page's clock stands here (epoch milliseconds) until a test moves it. */
  now: number;
  /** The page has the machine's own clock: for measuring, where nothing waits for a test. */
  clockRuns?: boolean;
  language?: string;
  timeZone?: string;
  /** `active`: the forced colours of the operating system. */
  forcedColors?: 'active' | 'none';
  /** Default true: VS Code's `vscode-reduce-motion`. */
  calm?: boolean;
}

/** Opens the timeline's bundle in a plain Chromium, under the content policy that the extension gives it. */
export class StandaloneHost {
  readonly #browser: Browser;
  readonly #bundle: Bundle;
  readonly #defaults: string;

  private constructor(browser: Browser, made: Bundle, defaults: string) {
    this.#browser = browser;
    this.#bundle = made;
    this.#defaults = defaults;
  }

  static async start(): Promise<StandaloneHost> {
    const [made, defaults, executablePath] = await Promise.all([
      bundle(),
      readFile(path.join(root, 'test/browser/timelineStandaloneDefaults.css.txt'), 'utf8'),
      ensureChromium(),
    ]);
    return new StandaloneHost(await chromium.launch({ executablePath, args: chromiumFlags }), made, defaults);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
  }

  async open(options: OpenOptions): Promise<StandalonePage> {
    const context = await this.#browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      timezoneId: options.timeZone ?? 'Europe/Berlin',
      forcedColors: options.forcedColors ?? 'none',
    });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    const requests: string[] = [];
    const attachments: string[] = [];
    await context.route('**/*', (route) => {
      const url = new URL(route.request().url());
      const { host, pathname } = url;
      if (host === 'webview.test' && pathname === '/timeline.js') {
        return route.fulfill({ contentType: 'text/javascript', body: this.#bundle.script });
      }
      if (host === 'webview.test' && pathname === '/timeline.css') {
        return route.fulfill({ contentType: 'text/css', body: this.#bundle.style });
      }
      if (host === 'webview.test' && pathname === '/') {
        return route.fulfill({ contentType: 'text/html', body: this.#html(options) });
      }
      if (host === 'webview.test' && pathname.startsWith('/attachments/')) {
        attachments.push(pathname);
        return route.fulfill({ contentType: 'image/png', body: Buffer.from(pixel, 'base64') });
      }
      requests.push(url.href);
      return route.abort();
    });
    if (!options.clockRuns) {
      // The clock runs from its installation on and can't be paused in its past.
      await page.clock.install({ time: options.now - 60_000 });
      await page.clock.pauseAt(options.now);
    }
    await page.goto(`${origin}/`);
    return new StandalonePage(context, page, errors, requests, attachments);
  }

  /** The page as the extension writes it, inside what VS Code puts around it. */
  #html(options: OpenOptions): string {
    const theme = themes[options.theme ?? 'dark'];
    const policy = [
      "default-src 'none'",
      "script-src 'nonce-test'",
      // The toolkit asks the browser what it can by one empty style element, and takes a nonce for it from a meta tag.
      `style-src ${origin} 'nonce-style'`,
      `font-src ${origin}`,
      `img-src ${origin}`,
    ];
    // VS Code's own style stands before the policy, so the policy does not reach it.
    return `<!DOCTYPE html>
<html lang="${options.language ?? 'en'}">
<head>
<style id="_defaultStyles">${this.#defaults}</style>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta property="csp-nonce" content="style">
<meta name="viewport" content="width=device-width, initial-scale=1">
<script nonce="test">${prepareWebview(theme.variables, options.state)}</script>
<link rel="stylesheet" href="${origin}/timeline.css">
<title>Timeline</title>
</head>
<body class="${theme.bodyClass}${options.calm === false ? '' : ' vscode-reduce-motion'}" data-vscode-theme-kind="${theme.kind}">
<script nonce="test" src="${origin}/timeline.js"></script>
</body>
</html>`;
  }
}

interface PreparedWindow extends Window {
  sent: FromWebview[];
  kept: unknown;
  violations: string[];
}

/** The part of VS Code that a webview sees. As text, because a compiled function would lean on its module. */
function prepareWebview(variables: Record<string, string>, state: unknown): string {
  return `
// The loader of the tests wraps named functions in this; those that run in the page need it too.
window.__name = (named) => named;
window.sent = [];
window.kept = ${JSON.stringify(state) ?? 'undefined'};
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push([event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber].join(' '));
});
for (const [name, value] of Object.entries(${JSON.stringify(variables)})) {
  document.documentElement.style.setProperty(name, value);
}
window.acquireVsCodeApi = () => ({
  postMessage: (message) => window.sent.push(structuredClone(message)),
  getState: () => window.kept,
  setState: (state) => {
    window.kept = structuredClone(state);
  },
});`;
}

/** One open timeline, with the extension's part played by the test. */
export class StandalonePage {
  readonly #context: BrowserContext;
  readonly #feed = new TimelineFeed();
  readonly page: Page;
  /** What went wrong in the page. */
  readonly errors: readonly string[];
  /** What the page tried to load from elsewhere. */
  readonly requests: readonly string[];

  /** The paths of the incident's own images that it loaded. */
  readonly attachments: readonly string[];

  constructor(
    context: BrowserContext,
    page: Page,
    errors: readonly string[],
    requests: readonly string[],
    attachments: readonly string[],
  ) {
    this.#context = context;
    this.page = page;
    this.errors = errors;
    this.requests = requests;
    this.attachments = attachments;
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  /** Shows an incident as the extension does: the whole of it the first time, then what is other; undefined when it is gone. */
  async show(incident: TimelineView | undefined): Promise<void> {
    const message = this.#feed.next(incident);
    if (message) await this.send(message);
    else await this.drawn();
  }

  /** As the extension answers a page that begins: each `show` of the same incident is one portion more of its entries. */
  async begin(incident: TimelineView): Promise<void> {
    const [ready] = await this.sent();
    if (ready?.type !== 'ready') throw new Error('The page has not asked for its incident');
    this.#feed.begin(ready.needs);
    await this.show(incident);
  }

  /** Sends a message as the extension does, and waits until the page has drawn. */
  async send(message: ToWebview | { type: string }): Promise<void> {
    await this.page.evaluate(
      (data) => window.dispatchEvent(new MessageEvent('message', { data })),
      message as unknown as Record<string, unknown>,
    );
    await this.drawn();
  }

  /** Lets a few frames and what waits for them pass. */
  async drawn(): Promise<void> {
    await this.page.clock.runFor(80);
    // The stopped clock holds requestAnimationFrame back too; an observer is called by the browser's own frames. Rows
    // that came into view have their true heights only in the second.
    await this.page.evaluate(async () => {
      for (let frame = 0; frame < 2; frame++) {
        await new Promise((resolve) => new IntersectionObserver(resolve).observe(document.body));
      }
    });
    await this.page.clock.runFor(20);
  }

  /** The messages that the page sent so far. */
  async sent(): Promise<FromWebview[]> {
    return this.page.evaluate(() => (window as unknown as PreparedWindow).sent);
  }

  /** What the page kept with `setState`. */
  async kept(): Promise<unknown> {
    return this.page.evaluate(() => (window as unknown as PreparedWindow).kept);
  }

  /** What the content policy forbade. */
  async violations(): Promise<string[]> {
    return this.page.evaluate(() => (window as unknown as PreparedWindow).violations);
  }

  /** The texts of the entries that are shown, in order. */
  async shownEntries(): Promise<string[]> {
    return this.page
      .locator('.event:visible')
      .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.event ?? ''));
  }
}
