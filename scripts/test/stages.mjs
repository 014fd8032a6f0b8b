// The stages of `npm test`, in their order. Each is one command; those of kind `mocha` write counts. One that is `beside` another
// begins with it, where both are to run.

/**
 * @param options `grep`: a part of a test's title; `countsOf(stage)`: the file for a stage's counts
 */
export function stages({ grep, suite, countsOf }) {
  const wanted = grep ? ['--grep', grep] : [];
  const bin = (name, ...args) => ['node', `node_modules/${name}`, ...args];
  const mocha = (name, files, more = {}) => ({
    ...more,
    name,
    counts: countsOf(name),
    command: [
      ...['node', '--import', 'tsx', 'node_modules/mocha/bin/mocha.js'],
      ...['--forbid-only', '--forbid-pending', '--timeout', '20000'],
      ...['--reporter', './scripts/test/countingReporter.cjs', '--reporter-option', `counts=${countsOf(name)}`],
      ...(grep ? ['--fgrep', grep] : []),
      files,
    ],
  });
  return [
    { name: 'types', command: bin('typescript/bin/tsc', '-p', '.') },
    {
      name: 'lint',
      command: bin('@biomejs/biome/bin/biome', 'ci', ...(process.stdout.isTTY ? [] : ['--colors=off']), '.'),
    },
    { name: 'build', command: ['node', 'scripts/build.mjs'] },
    mocha('unit', 'test/unit/**/*.test.ts', { alerts: true }),
    // Neither has a window to wait for, and each uses one processor.
    mocha('model', 'test/model/**/*.test.ts', { beside: 'unit' }),
    { name: 'package', needs: ['build'], command: ['node', 'scripts/package.mjs'] },
    {
      name: 'host',
      needs: ['build'],
      window: true,
      counts: countsOf('host'),
      command: [
        ...['node', '--import', 'tsx', 'test/host/harness/run.ts', '--counts', countsOf('host')],
        ...(suite ? ['--suite', suite] : []),
        ...wanted,
      ],
    },
    {
      name: 'browser',
      needs: ['build', 'package'],
      window: true,
      alerts: true,
      counts: countsOf('browser'),
      command: ['node', '--import', 'tsx', 'test/browser/harness/run.ts', '--counts', countsOf('browser'), ...wanted],
    },
    { name: 'secrets', command: ['node', '--import', 'tsx', 'test/support/scanLeftovers.ts'] },
  ];
}
