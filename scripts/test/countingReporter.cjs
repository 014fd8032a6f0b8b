// mocha's spec reporter, which also writes how many tests passed and failed: --reporter-option counts=FILE
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha/lib/mocha.cjs');

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { counts } = options.reporterOptions ?? {};
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      if (counts) writeFileSync(counts, JSON.stringify({ passes, failures, pending }));
    });
  }
};
