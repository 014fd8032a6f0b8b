import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { compositionRoots, crossedLines, platformFree } from './support/layerRules.ts';
import { projectFolder, readSources, type SourceModule, sourceFiles } from './support/sourceProject.ts';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifest: Manifest = JSON.parse(readFileSync(path.join(projectFolder, 'package.json'), 'utf8'));
const dependencies = new Set(Object.keys(manifest.dependencies));

/** For each rule a file that breaks it, and a word of what must be said. */
const badFiles: Readonly<Record<string, readonly [source: string, complaint: string]>> = {
  'src/core/knowsDocuments.ts': [
    `import type { Front } from '../documents/frontMatter.ts'; export type F = Front;`,
    'src/core must not know src/documents',
  ],
  'src/core/knowsNode.ts': [`export { sep } from 'node:path';`, 'must not know node'],
  'src/core/knowsNodeByOldName.ts': [`import 'fs';`, 'named with node:'],
  'src/core/knowsEditor.ts': [`export type Uri = import('vscode').Uri;`, 'may name vscode'],
  'src/documents/knowsStore.ts': [`export * from '../store/workspaceIndex.ts';`, 'must not know src/store'],
  'src/store/knowsServices.ts': [`import '../services/session.ts';`, 'must not know src/services'],
  'src/store/knowsYaml.ts': [`export { parse } from 'yaml';`, 'may name yaml'],
  'src/services/knowsCli.ts': [`import '../cli/terminal.ts';`, 'must not know src/cli'],
  'src/services/knowsGitHub.ts': [
    `export const load = () => import('../adapters/github/bundle.ts');`,
    'must not know src/adapters/github',
  ],
  'src/services/knowsProtocol.ts': [`import '../protocol/parse.ts';`, 'must not know src/protocol'],
  'src/services/knowsMatter.ts': [`import matter = require('gray-matter'); export { matter };`, 'may name gray-matter'],
  'src/protocol/knowsServices.ts': [`import '../services/session.ts';`, 'must not know src/services'],
  'src/adapters/git/knowsStore.ts': [`import '../../store/workspaceIndex.ts';`, 'must not know src/store'],
  'src/adapters/git/knowsGitHub.ts': [`import '../github/bundle.ts';`, 'must not know src/adapters/github'],
  'src/adapters/node/knowsGit.ts': [`export { simpleGit } from 'simple-git';`, 'may name simple-git'],
  'src/adapters/node/knowsEditor.ts': [`import type { Uri } from 'vscode'; export type U = Uri;`, 'may name vscode'],
  'src/adapters/vscode/knowsOctokit.ts': [
    `import type { Octokit } from 'octokit'; export type O = Octokit;`,
    'octokit',
  ],
  'src/adapters/stray.ts': [`export {};`, 'belongs to no layer'],
  'src/ui/knowsAdapter.ts': [`import '../adapters/node/nodeFiles.ts';`, 'must not know src/adapters/node'],
  'src/ui/knowsCli.ts': [`import '../cli/terminal.ts';`, 'must not know src/cli'],
  'src/ui/knowsRoot.ts': [`import '../extension.ts';`, 'imported by nobody'],
  'src/ui/knowsOctokitPart.ts': [`import '@octokit/request';`, 'may name @octokit/request'],
  'src/cli/knowsAdapter.ts': [`import '../adapters/git/bundle.ts';`, 'must not know src/adapters/git'],
  'src/cli/knowsProtocol.ts': [`import '../protocol/parse.ts';`, 'must not know src/protocol'],
  'src/cli/knowsEditor.ts': [`import 'vscode';`, 'may name vscode'],
  'src/cli/computed.ts': [`export const load = (name: string) => import('./' + name);`, 'no dependency'],
  'src/cli/knowsTool.ts': [`import 'esbuild';`, 'no dependency that ships'],
  'src/cli/knowsTest.ts': [`import '../../test/unit/layers.test.ts';`, 'no file of a layer'],
  'src/stray.ts': [`export {};`, 'belongs to no layer'],
  'webview/knowsServices.ts': [`import '../src/services/session.ts';`, 'must not know src/services'],
  'webview/knowsNode.ts': [`import 'node:fs';`, 'must not know node'],
  'webview/knowsUi.ts': [`import '../src/ui/contributions.ts';`, 'must not know src/ui'],
};

const platformBreakers: Readonly<Record<string, readonly [source: string, complaint: string]>> = {
  'src/core/readsClock.ts': ['export const now = Date.now();', 'Date.now()'],
  'src/documents/readsDate.ts': ['export const today = new Date();', 'new Date()'],
  'src/store/rollsDice.ts': ['export const id = Math.random();', 'Math.random()'],
  'src/services/asksNetwork.ts': [`export const get = () => fetch('https://api.github.com');`, 'fetch'],
  'src/services/waits.ts': ['export const wait = () => setTimeout(() => undefined, 1);', 'setTimeout'],
  'src/services/readsEnvironment.ts': ['export const token = process.env.GITHUB_TOKEN;', 'process'],
  'src/protocol/drawsPage.ts': ['export const page = document.body;', 'document'],
  'src/core/usesBuffer.ts': ['export const bytes = Buffer.alloc(1);', 'Buffer'],
};

/** What a platform-free module asks of a platform. */
function platformUse(module: SourceModule): string[] {
  if (!platformFree.some((layer) => module.file.startsWith(`${layer}/`))) return [];
  return [...module.clockReadings, ...module.unknownNames].map((place) => `${module.file}:${place.line} ${place.text}`);
}

function sources(...bad: readonly Readonly<Record<string, readonly [string, string]>>[]): Record<string, string> {
  return Object.fromEntries(bad.flatMap((files) => Object.entries(files)).map(([file, [source]]) => [file, source]));
}

describe('layers', function () {
  this.timeout(60_000);
  let modules: SourceModule[] = [];
  let bad = new Map<string, SourceModule>();

  before(() => {
    const files = sourceFiles('src', 'webview');
    const read = readSources(files, sources(badFiles, platformBreakers));
    modules = read.slice(0, files.length);
    bad = new Map(read.slice(files.length).map((module) => [module.file, module]));
  });

  function badModule(file: string): SourceModule {
    const module = bad.get(file);
    assert.ok(module, file);
    return module;
  }

  it('are crossed by no import', () => {
    assert.ok(modules.length > 50, 'the sources were read');
    assert.deepEqual(
      modules.flatMap((module) => crossedLines(module, dependencies)),
      [],
    );
  });

  for (const [file, [, complaint]] of Object.entries(badFiles)) {
    it(`refuse ${file}`, () => {
      const crossed = crossedLines(badModule(file), dependencies);
      assert.equal(crossed.length, 1, crossed.join('\n'));
      assert.ok(crossed[0]?.includes(complaint), crossed[0]);
    });
  }

  it('have composition roots that are there and wire adapters', () => {
    for (const root of Object.keys(compositionRoots)) {
      const imports = modules.find((module) => module.file === root)?.imports ?? [];
      assert.ok(
        imports.some(({ specifier }) => specifier.includes('adapters/')),
        `${root} wires`,
      );
    }
  });

  it('to the left of the adapters ask nothing of a platform', () => {
    assert.deepEqual(modules.flatMap(platformUse), []);
  });

  for (const [file, [, complaint]] of Object.entries(platformBreakers)) {
    it(`refuse ${file}`, () => {
      const uses = platformUse(badModule(file));
      assert.equal(uses.length, 1, uses.join('\n'));
      assert.ok(uses[0]?.includes(complaint), uses[0]);
    });
  }

  for (const layer of platformFree) {
    it(`bundle ${layer} for a browser with nothing external`, async () => {
      const folder = path.join(projectFolder, layer);
      assert.ok(existsSync(folder), layer);
      const bundled = await bundleForBrowser(
        sourceFiles(layer)
          .map((file) => `export * from './${file}';`)
          .join('\n'),
      );
      assert.deepEqual(bundled.errors, []);
      assert.deepEqual(bundled.external, []);
    });
  }

  it('refuse to bundle what needs node', async () => {
    const bundled = await bundleForBrowser(`export { readFileSync } from 'node:fs';`);
    assert.equal(bundled.errors.length, 1);
  });
});

/** Bundles a module as scripts/build.mjs does, but for a browser. */
async function bundleForBrowser(contents: string): Promise<{ errors: string[]; external: string[] }> {
  try {
    const { metafile } = await build({
      stdin: { contents, resolveDir: projectFolder, loader: 'ts' },
      absWorkingDir: projectFolder,
      bundle: true,
      write: false,
      metafile: true,
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
      logLevel: 'silent',
      alias: { 'js-yaml': path.join(projectFolder, 'scripts/build/noJsYaml.cjs') },
    });
    const external = Object.values(metafile.outputs).flatMap((output) =>
      output.imports.filter((imported) => imported.external).map((imported) => imported.path),
    );
    return { errors: [], external };
  } catch (error) {
    const errors = (error as { errors?: { text: string }[] }).errors;
    if (!errors) throw error;
    return { errors: errors.map(({ text }) => text), external: [] };
  }
}
