import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { folderWatching } from '../../../../src/adapters/node/watchFolder.ts';
import { temporaryFolder } from './temporaryFolder.ts';

describe('a watched folder', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  let names: (string | undefined)[];
  let ends: number;
  const watching = (name: string) =>
    folderWatching(folder.path)(
      name,
      (changed) => names.push(changed),
      () => ends++,
    );
  const eventually = async (look: () => boolean) => {
    while (!look()) await pause(20);
  };
  beforeEach(async () => {
    names = [];
    ends = 0;
    await mkdir(folder.at('incidents', 'i', 'timeline'), { recursive: true });
  });

  it('tells what comes, changes and goes in it', async () => {
    const watch = watching('incidents/i/timeline');
    assert.ok(watch);
    await writeFile(folder.at('incidents', 'i', 'timeline', 'a.md'), 'one');
    await eventually(() => names.includes('a.md'));
    names.length = 0;
    await writeFile(folder.at('incidents', 'i', 'timeline', 'a.md'), 'two');
    await eventually(() => names.includes('a.md'));
    names.length = 0;
    await rm(folder.at('incidents', 'i', 'timeline', 'a.md'));
    await eventually(() => names.includes('a.md'));
    assert.equal(ends, 0);
    watch.dispose();
  });

  it('says so when it goes, once, and when another takes its name', async () => {
    const watch = watching('incidents/i/timeline');
    assert.ok(watch);
    await rm(folder.at('incidents', 'i'), { recursive: true });
    await mkdir(folder.at('incidents', 'i', 'timeline'), { recursive: true });
    await eventually(() => ends > 0);
    await pause(200);
    assert.equal(ends, 1);
    watch.dispose();
    const again = watching('incidents/i/timeline');
    assert.ok(again);
    await writeFile(folder.at('incidents', 'i', 'timeline', 'b.md'), 'one');
    await eventually(() => names.includes('b.md'));
    again.dispose();
  });

  it('is none where there is no folder', () => {
    assert.equal(watching('incidents/gone/timeline'), undefined);
  });

  it('is silent after its end', async () => {
    const watch = watching('incidents/i/timeline');
    watch?.dispose();
    await writeFile(folder.at('incidents', 'i', 'timeline', 'a.md'), 'one');
    await pause(200);
    assert.deepEqual([names, ends], [[], 0]);
  });
});
