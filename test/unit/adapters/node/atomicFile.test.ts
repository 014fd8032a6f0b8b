import assert from 'node:assert/strict';
import { link, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createFile, patientRename, replaceFile } from '../../../../src/adapters/node/atomicFile.ts';
import { isTemporaryName } from '../../../../src/core/temporaryName.ts';
import { temporaryFolder } from './temporaryFolder.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

const refuse = (code: string) => async () => {
  throw systemError(code);
};

describe('an atomic file', function () {
  // The disk of a busy machine takes its time.
  this.timeout(20_000);
  const folder = temporaryFolder();

  it('is written under a name that says it is temporary, beside its place', async () => {
    const seen: string[] = [];
    const spy = async (from: string, to: string) => {
      seen.push(...(await readdir(folder.path)));
      assert.equal(await readFile(from, 'utf8'), 'whole');
      await rename(from, to);
    };
    await replaceFile(folder.at('a.md'), 'whole', {}, { link, rename: spy });
    assert.equal(seen.length, 1);
    assert.ok(isTemporaryName(seen[0] ?? ''));
    assert.deepEqual(await readdir(folder.path), ['a.md']);
  });

  it('leaves the old one and nothing else when the disk is full', async () => {
    await writeFile(folder.at('a.md'), 'old');
    await assert.rejects(replaceFile(folder.at('a.md'), 'new', {}, { link, rename: refuse('ENOSPC') }), {
      code: 'ENOSPC',
    });
    assert.deepEqual(await readdir(folder.path), ['a.md']);
    assert.equal(await readFile(folder.at('a.md'), 'utf8'), 'old');
  });

  for (const code of ['EPERM', 'ENOTSUP', 'EMLINK', 'EXDEV']) {
    it(`is created without hard links (${code}), and still replaces nothing`, async () => {
      const calls = { link: refuse(code), rename };
      await createFile(folder.at('a.md'), 'first', {}, calls);
      await assert.rejects(createFile(folder.at('a.md'), 'second', {}, calls), { code: 'EEXIST' });
      assert.equal(await readFile(folder.at('a.md'), 'utf8'), 'first');
      assert.deepEqual(await readdir(folder.path), ['a.md']);
    });
  }

  it('without hard links lets one of many win', async () => {
    const calls = { link: refuse('ENOTSUP'), rename };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => createFile(folder.at('a.md'), `${index}`, {}, calls)),
    );
    const won = outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [`${index}`] : []));
    assert.deepEqual(won, [await readFile(folder.at('a.md'), 'utf8')]);
  });

  it('without hard links leaves no empty file when the whole one can not take its place', async () => {
    const calls = { link: refuse('ENOTSUP'), rename: refuse('ENOSPC') };
    await assert.rejects(createFile(folder.at('a.md'), 'x', {}, calls), { code: 'ENOSPC' });
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('is tried again on Windows while somebody has the old one open', async () => {
    await writeFile(folder.at('from'), 'x');
    let held = 2;
    const heldRename: typeof rename = async (from, to) => {
      if (held-- > 0) throw systemError('EPERM');
      await rename(from, to);
    };
    await patientRename(folder.at('from'), folder.at('to'), 'win32', heldRename);
    assert.equal(await readFile(folder.at('to'), 'utf8'), 'x');
  });

  it('is not tried again elsewhere, nor for an error that waiting does not mend', async () => {
    for (const [platform, code] of [
      ['linux', 'EPERM'],
      ['win32', 'ENOSPC'],
    ] as const) {
      let tries = 0;
      const failing: typeof rename = async () => {
        tries++;
        throw systemError(code);
      };
      await assert.rejects(patientRename('a', 'b', platform, failing), { code });
      assert.equal(tries, 1);
    }
  });
});

describe('isTemporaryName', () => {
  it('knows only the names that Firebreak gives', () => {
    assert.ok(isTemporaryName('.firebreak-0123456789ab.tmp'));
    assert.ok(isTemporaryName('incidents/i/timeline/.firebreak-0123456789ab.tmp'));
    for (const other of ['.firebreak', 'a.tmp', '.firebreak-x.tmp', '.firebreak-0123456789ab.tmp/a.md']) {
      assert.ok(!isTemporaryName(other), other);
    }
  });
});
