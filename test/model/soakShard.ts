import { playHistories } from './histories.ts';

/** What the runner of a soak asks one of its processes for: the histories of one seed. */
process.on('message', async ({ seed, runs }: { seed: number; runs: number }) => {
  const outcome = await playHistories(seed, runs, 120_000);
  process.send?.({ seed, ...outcome });
});

// Who asked is gone, and nobody will ask again.
process.on('disconnect', () => process.exit());
