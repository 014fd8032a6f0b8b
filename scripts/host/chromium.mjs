// The browser that shows the server host's workbench: one that is there, or Debian's.
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { which } from '../lib/run.mjs';
import { canInstallPackages, installPackages, ToolMissing } from '../lib/systemTools.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/**
 * The path of a Chromium-like browser, or undefined. `FIREBREAK_CHROMIUM` overrides the search.
 * @throws ToolMissing when the override does not name a program
 */
export function findChromium(env = process.env) {
  if (env.FIREBREAK_CHROMIUM) {
    const chosen = which(env.FIREBREAK_CHROMIUM, env.PATH);
    if (!chosen) throw new ToolMissing(`FIREBREAK_CHROMIUM is ${env.FIREBREAK_CHROMIUM}, which is not a program.`);
    return chosen;
  }
  for (const name of names) {
    const found = which(name, env.PATH);
    if (found) return found;
  }
  return applications.find((file) => existsSync(file)) ?? playwrightChromium(env);
}

/** What `npx playwright install chromium` left in its cache, newest first. */
function playwrightChromium(env) {
  const caches = [
    env.PLAYWRIGHT_BROWSERS_PATH,
    path.join(homedir(), '.cache/ms-playwright'),
    path.join(homedir(), 'Library/Caches/ms-playwright'),
  ];
  const inside = [
    'chrome-linux64/chrome',
    'chrome-linux/chrome',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  ];
  for (const cache of caches) {
    if (!cache || !existsSync(cache)) continue;
    const versions = readdirSync(cache)
      .filter((name) => /^chromium-\d+$/.test(name))
      .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)));
    for (const version of versions) {
      const found = inside.map((file) => path.join(cache, version, file)).find((file) => existsSync(file));
      if (found) return found;
    }
  }
  return undefined;
}

/**
 * The path of a browser, installed with apt-get where that is allowed and none is there.
 * @throws ToolMissing saying how to get one
 */
export async function ensureChromium({ say = console.log } = {}) {
  const found = findChromium();
  if (found) return found;
  // Without a font of its own a bare machine shows no text.
  if (canInstallPackages()) await installPackages(['chromium', 'fonts-dejavu-core'], say);
  const installed = findChromium();
  if (installed) return installed;
  throw new ToolMissing(
    'No Chromium or Chrome was found. Install one (Debian: sudo apt-get install chromium; anywhere: ' +
      'npx playwright install chromium), or name one in FIREBREAK_CHROMIUM.',
  );
}
