// Regenerates test/github/recordings/api.github.com.json: answers of the real GitHub, as @octokit/fixtures recorded them,
// by which the fake's headers, links, redirects and errors are judged (test/unit/fakeGitHubRecordings.test.ts). Its bodies
// are judged by GitHub's description (scripts/githubSchemas.mjs). The package is installed into a temporary folder, read
// once and deleted; it is never a dependency.
//
//   node scripts/githubRecordings.mjs
//   node scripts/githubRecordings.mjs --from <folder>     read an @octokit/fixtures that is already unpacked there
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { withNpmPackage } from './lib/npmPackage.mjs';

const PACKAGE = '@octokit/fixtures';
const VERSION = '23.1.2';
const OUTPUT = path.join(import.meta.dirname, '..', 'test', 'github', 'recordings', 'api.github.com.json');

/** Scenarios with requests that the fake serves, and one whose 404 stands for all. */
const SCENARIOS = [
  'add-labels-to-issue',
  'branch-protection',
  'errors',
  'get-repository',
  'get-root',
  'labels',
  'lock-issue',
  'paginate-issues',
  'rename-repository',
];

/** What a scenario did to be recorded at all, and what the fake does not serve. */
const LEFT_OUT = [
  /^post \/orgs\//i,
  /^(patch|delete) \/repos\/[^/]+\/[^/]+$/i,
  /^(patch|delete) \/repositories\/\d+$/i,
  /^(put|delete) \S+\/(protection|contents|teams)/i,
  /^put \/teams\//i,
];

async function main() {
  const { values } = parseArgs({ options: { from: { type: 'string' } } });
  const exchanges = values.from
    ? await readScenarios(values.from)
    : await withNpmPackage(PACKAGE, VERSION, readScenarios);
  const head = {
    package: `${PACKAGE}@${VERSION}`,
    source: 'https://github.com/octokit/fixtures',
    licence: 'MIT, see LICENSE.md beside this file',
  };
  const lines = exchanges.map((exchange) => `    ${JSON.stringify(exchange)}`);
  const fields = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  await writeFile(OUTPUT, `{\n${fields.join('\n')}\n  "exchanges": [\n${lines.join(',\n')}\n  ]\n}\n`);
  console.log(`${path.relative(process.cwd(), OUTPUT)}: ${exchanges.length} exchanges`);
}

async function readScenarios(folder) {
  const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  if (version !== VERSION) throw new Error(`Expected version ${VERSION} in ${folder}, found ${version}`);
  await mkdir(path.dirname(OUTPUT), { recursive: true });
  await copyFile(path.join(folder, 'LICENSE.md'), path.join(path.dirname(OUTPUT), 'LICENSE.md'));
  const exchanges = [];
  for (const scenario of SCENARIOS) {
    // The raw ones: the others have made-up ETags, times and ids.
    const file = path.join(folder, 'scenarios', 'api.github.com', scenario, 'raw-fixture.json');
    const recorded = JSON.parse(await readFile(file, 'utf8'));
    exchanges.push(...recorded.flatMap((exchange) => extract(scenario, exchange)));
  }
  return exchanges;
}

function extract(scenario, { method, path: asked, body, status, response, rawHeaders }) {
  if (LEFT_OUT.some((pattern) => pattern.test(`${method} ${asked}`) && status < 300)) return [];
  // Repositories of scenarios are made for the day, and named so.
  const named = (value) => JSON.parse(JSON.stringify(value).replace(/tmp-scenario-[a-z-]+?-\d{17}-\w{5}/g, scenario));
  const headers = {};
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at].toLowerCase();
    headers[name] = headers[name] === undefined ? rawHeaders[at + 1] : `${headers[name]}, ${rawHeaders[at + 1]}`;
  }
  return named([
    {
      scenario,
      method: method.toUpperCase(),
      path: asked,
      ...(body ? { request: body } : {}),
      status,
      headers,
      ...(status >= 300 ? { body: response } : {}),
    },
  ]);
}

await main();
