import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dependenciesInStep } from '../../../scripts/lib/dependencies.mjs';

describe('Whether the packages are those of the lock file', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'fb-deps-'));
    mkdirSync(path.join(root, 'node_modules'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (name: string, packages: Record<string, { version?: string; optional?: boolean }>) =>
    writeFileSync(path.join(root, name), JSON.stringify({ packages }));
  const lock = (packages: Parameters<typeof write>[1]) => write('package-lock.json', { '': {}, ...packages });
  const installed = (packages: Parameters<typeof write>[1]) => write('node_modules/.package-lock.json', packages);

  it('is so when every version is the same, and those for other platforms are not there', () => {
    lock({ 'node_modules/yaml': { version: '2.9.1' }, 'node_modules/fsevents': { version: '2.3.3', optional: true } });
    installed({ 'node_modules/yaml': { version: '2.9.1' } });
    assert.equal(dependenciesInStep(root), true);
  });

  it('is not so when a version differs, a package is missing, or nothing was installed', () => {
    lock({ 'node_modules/yaml': { version: '2.9.1' } });
    assert.equal(dependenciesInStep(root), false);
    installed({ 'node_modules/yaml': { version: '2.8.0' } });
    assert.equal(dependenciesInStep(root), false);
    installed({ 'node_modules/ulid': { version: '3.0.2' } });
    assert.equal(dependenciesInStep(root), false);
  });
});

describe('package-lock.json', () => {
  const lock: { packages: Record<string, { optionalDependencies?: Record<string, string>; resolved?: string }> } =
    JSON.parse(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8'));

  it('holds the packages of every platform: npm ci refuses one that does not', () => {
    const names = new Set(Object.keys(lock.packages).map((place) => place.replace(/^.*node_modules\//, '')));
    const missing = Object.values(lock.packages)
      .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
      .filter((name) => !names.has(name));
    assert.deepEqual(missing, []);
  });

  it('names no registry, so that everyone uses their own', () => {
    const addresses = Object.values(lock.packages).flatMap(({ resolved }) => resolved ?? []);
    assert.deepEqual(addresses, []);
  });
});
