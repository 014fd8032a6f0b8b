import assert from 'node:assert/strict';
import { fileFault, isAbsence } from '../../../../src/adapters/node/fileFault.ts';
import { segmentsOf } from '../../../../src/adapters/node/relativePath.ts';
import { FileError } from '../../../../src/core/ports/files.ts';

const coded = (code: string) => Object.assign(new Error(code), { code });

describe('a fault of the file system', () => {
  const meanings = {
    ENOENT: 'notFound',
    EEXIST: 'exists',
    ENOTEMPTY: 'exists',
    EISDIR: 'isFolder',
    ENOTDIR: 'notFolder',
    EACCES: 'denied',
    EPERM: 'denied',
    EROFS: 'readOnly',
    ENOSPC: 'full',
    EDQUOT: 'full',
    ELOOP: 'outside',
    EIO: 'failed',
  } as const;
  for (const [code, reason] of Object.entries(meanings)) {
    it(`${code} is told as ${reason}, with its cause`, () => {
      const cause = coded(code);
      const fault = fileFault('a/b.md', cause);
      assert.equal(fault.reason, reason);
      assert.equal(fault.path, 'a/b.md');
      assert.equal(fault.cause, cause);
    });
  }

  it('keeps what is told already, and takes what is no error at all', () => {
    const told = new FileError('outside', 'a');
    assert.equal(fileFault('b', told), told);
    assert.equal(fileFault('b', 'text').reason, 'failed');
    assert.equal(isAbsence(coded('EACCES')), false);
  });
});

describe('segmentsOf', () => {
  it('refuses on Windows what is a path of its own there', () => {
    for (const path of ['a\\b', 'C:', 'a:stream', 'C:/x']) {
      assert.throws(
        () => segmentsOf(path, 'win32'),
        (error) => FileError.is(error, 'outside'),
      );
    }
    assert.deepEqual(segmentsOf('a\\b:c', 'linux'), ['a\\b:c']);
  });
});
