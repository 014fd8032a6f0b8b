import { builtinModules } from 'node:module';
import path from 'node:path/posix';
import type { SourceModule } from './sourceProject.ts';

/**
 * The lines of `docs/architecture.md`: what each layer may import besides itself. A file belongs to the longest of these
 * names that its path begins with; a file that belongs to none is refused.
 */
const layers: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/documents': ['src/core'],
  'src/store': ['src/core', 'src/documents'],
  'src/services': ['src/core', 'src/documents', 'src/store'],
  'src/protocol': ['src/core'],
  'src/adapters/alerts': ['src/core'],
  'src/adapters/git': ['src/core'],
  'src/adapters/github': ['src/core'],
  'src/adapters/messaging': ['src/core'],
  'src/adapters/node': ['src/core'],
  'src/adapters/secrets': ['src/core'],
  'src/adapters/vscode': ['src/core'],
  'src/ui': ['src/core', 'src/documents', 'src/store', 'src/services', 'src/protocol'],
  'src/cli': ['src/core', 'src/documents', 'src/store', 'src/services'],
  webview: ['src/core', 'src/protocol'],
};

/** The only files that name adapters. They wire, and are imported by nobody. */
export const compositionRoots: Readonly<Record<string, string>> = {
  'src/extension.ts': 'src/ui',
  'src/cli/main.ts': 'src/cli',
};

/** Layers that know neither node nor a browser, neither a network nor a clock. */
export const platformFree = ['src/core', 'src/documents', 'src/store', 'src/services', 'src/protocol'] as const;

/** Who alone may name a package. One that is not listed may be used wherever no platform is needed for it. */
const owners: Readonly<Record<string, readonly string[]>> = {
  vscode: ['src/ui', 'src/adapters/vscode', 'src/extension.ts'],
  octokit: ['src/adapters/github'],
  '@slack/web-api': ['src/adapters/messaging'],
  'simple-git': ['src/adapters/git'],
  undici: ['src/adapters/node'],
  '@secretlint/secretlint-rule-preset-recommend': ['src/adapters/secrets'],
  'gray-matter': ['src/documents'],
  yaml: ['src/documents'],
  commander: ['src/cli'],
  'markdown-it': ['webview'],
  dompurify: ['webview'],
  '@vscode/webview-ui-toolkit': ['webview'],
};

const builtins = new Set(builtinModules);

function isWithin(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

function layerOf(file: string): string | undefined {
  return Object.keys(layers)
    .filter((layer) => isWithin(file, layer))
    .sort((left, right) => right.length - left.length)[0];
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * What a module imports against the lines of the layers.
 * @param dependencies the packages that ship (`dependencies` of package.json): nothing else is there at run time
 * @returns one sentence for each import that crosses a line
 */
export function crossedLines(module: SourceModule, dependencies: ReadonlySet<string>): string[] {
  const root = compositionRoots[module.file];
  const layer = root ?? layerOf(module.file);
  if (layer === undefined) return [`${module.file} belongs to no layer`];
  const crossed: string[] = [];
  for (const { specifier, line } of module.imports) {
    const wrong = specifier.startsWith('.')
      ? wrongFile(module.file, layer, root !== undefined, specifier)
      : wrongPackage(module.file, layer, specifier, dependencies);
    if (wrong) crossed.push(`${module.file}:${line} imports ${specifier}: ${wrong}`);
  }
  return crossed;
}

/** Bundles beside the one that asks, loaded at first use (`external` in scripts/build.mjs). */
const lazyBundles = new Set([
  './commands.js',
  './machine.js',
  './sync.js',
  './syncUi.js',
  './roomUi.js',
  './alertsUi.js',
  './alertmanager.js',
  './warRoomUi.js',
  './messaging.js',
  './panels.js',
  './githubAdapter.js',
  './gitAdapter.js',
  './proxyFetch.js',
  './secrets.js',
  './recordingUi.js',
]);

function wrongFile(from: string, layer: string, isRoot: boolean, specifier: string): string | undefined {
  const target = path.join(path.dirname(from), specifier);
  if (isRoot && (target === 'package.json' || lazyBundles.has(specifier))) return undefined;
  if (compositionRoots[target] !== undefined) return 'composition roots are imported by nobody';
  const targetLayer = layerOf(target);
  if (targetLayer === undefined) return 'it is no file of a layer';
  if (targetLayer === layer || layers[layer]?.includes(targetLayer)) return undefined;
  if (isRoot && isWithin(target, 'src/adapters')) return undefined;
  return `${layer} must not know ${targetLayer}`;
}

function wrongPackage(
  from: string,
  layer: string,
  specifier: string,
  dependencies: ReadonlySet<string>,
): string | undefined {
  const name = packageOf(specifier);
  if (specifier.startsWith('node:') || builtins.has(name)) {
    if (!specifier.startsWith('node:')) return 'node modules are named with node:';
    return [...platformFree, 'webview'].some((free) => isWithin(from, free))
      ? `${layer} must not know node`
      : undefined;
  }
  const allowed = owners[name] ?? (name.startsWith('@octokit/') ? owners.octokit : undefined);
  if (allowed && !allowed.some((owner) => isWithin(from, owner))) return `only ${allowed.join(', ')} may name ${name}`;
  if (name !== 'vscode' && !dependencies.has(name)) return `${name} is no dependency that ships`;
  return undefined;
}
