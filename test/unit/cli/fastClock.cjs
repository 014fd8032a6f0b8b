// Preloaded into the real command line (NODE_OPTIONS), so that it and the fake GitHub of a test have one clock, which runs
// faster than the world's: the product waits 90 s before it looks again for what it sent, and a test should not.
const timers = require('node:timers/promises');

const { FAST_CLOCK } = process.env;
if (FAST_CLOCK) {
  /** What it was on this clock, at which instant of the world's, and how many times faster it runs. */
  const [then, at, speed] = FAST_CLOCK.split(' ').map(Number);
  const RealDate = Date;
  const worldNow = RealDate.now;
  const now = () => Math.floor(then + (worldNow() - at) * speed);
  globalThis.Date = class extends RealDate {
    constructor(...parts) {
      if (parts.length === 0) super(now());
      else super(...parts);
    }
    static now() {
      return now();
    }
  };
  const wait = timers.setTimeout;
  timers.setTimeout = (milliseconds, ...rest) => wait(milliseconds / speed, ...rest);
}
