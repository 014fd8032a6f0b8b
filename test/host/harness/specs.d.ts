/** Made by the bundler: every spec file of `test/host`, to be loaded when its suite runs. */
declare module 'firebreak:host-specs' {
  /** By suite, then by the file's path below `test/host`. Calling one loads the file, which declares its tests. */
  export const specs: Record<string, Record<string, () => void>>;
}
