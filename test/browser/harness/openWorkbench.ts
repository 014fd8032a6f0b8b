import type { Page } from 'playwright-core';
import { ServerPool } from './serverPool.ts';
import { Workbench, type WorkbenchOptions } from './workbench.ts';

const pool = new ServerPool();
const open = new Set<Workbench>();

/**
 * Opens a VS Code window for a test. `dispose()` it in `after` or `afterEach`: its server then serves the next test of
 * the same kind (trust, environment, installed extensions). When a test fails, a picture of every open window and its
 * logs are kept in `artifacts/failures`.
 */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const workbench = await Workbench.open(pool, options, (disposed) => open.delete(disposed));
  open.add(workbench);
  return workbench;
}

/** Opens an address in the tests' browser, for what is no window of a pooled server. Close its context afterwards. */
export async function openAddress(url: string): Promise<Page> {
  const context = await (await pool.sharedBrowser()).newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

// Spec files import this module while mocha reads them, so these hooks are for the whole run, in any runner.
afterEach('keep evidence of a failure', async function () {
  const test = this.currentTest;
  if (test?.state !== 'failed') return;
  for (const workbench of open) await workbench.keepEvidence(test.fullTitle());
});

after('close VS Code and the browser', async function () {
  this.timeout(30_000);
  await pool.close();
});
