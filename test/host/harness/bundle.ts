import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { HostSuite } from './suite.ts';

/** The suite of spec files that lie directly in `test/host`. */
const suiteOfTheRoot = 'default';

/** The spec files of each suite, as paths below `test/host` with `/`, sorted. A suite without files is not listed. */
export async function specFiles(hostTests: string, suites: readonly HostSuite[]): Promise<Map<string, string[]>> {
  const known = new Set(suites.map((suite) => suite.name));
  const bySuite = new Map<string, string[]>();
  const entries = await readdir(hostTests, { recursive: true });
  for (const name of entries.map((entry) => entry.split(path.sep).join('/')).sort()) {
    if (!name.endsWith('.test.ts')) continue;
    const suite = name.includes('/') ? name.slice(0, name.indexOf('/')) : suiteOfTheRoot;
    if (!known.has(suite))
      throw new Error(`test/host/${name} belongs to no suite: add "${suite}" to test/host/suites.ts.`);
    bySuite.set(suite, [...(bySuite.get(suite) ?? []), name]);
  }
  return bySuite;
}

/**
 * Bundles all spec files into one CommonJS module with `run()`, for the extension host of either kind.
 * @returns the module's path
 */
export async function bundleHostTests(root: string, files: Map<string, string[]>): Promise<string> {
  const hostTests = path.join(root, 'test/host');
  const outfile = path.join(root, 'out/test/host/index.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: [path.join(hostTests, 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    external: ['vscode', 'mocha'],
    plugins: [specModule(hostTests, files)],
  });
  return outfile;
}

/** Resolves `firebreak:host-specs` to a table of functions, so that a file is evaluated only when its suite runs. */
function specModule(hostTests: string, files: Map<string, string[]>): Plugin {
  const table = [...files].map(([suite, names]) => {
    const rows = names.map((name) => `${JSON.stringify(name)}: () => { require(${JSON.stringify(`./${name}`)}); }`);
    return `${JSON.stringify(suite)}: { ${rows.join(', ')} }`;
  });
  return {
    name: 'host-specs',
    setup(setup) {
      setup.onResolve({ filter: /^firebreak:host-specs$/ }, (args) => ({ path: args.path, namespace: 'host-specs' }));
      setup.onLoad({ filter: /.*/, namespace: 'host-specs' }, () => ({
        contents: `export const specs = { ${table.join(', ')} };`,
        resolveDir: hostTests,
        loader: 'js',
      }));
    },
  };
}
