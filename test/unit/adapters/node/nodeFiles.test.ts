import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { NodeFiles } from '../../../../src/adapters/node/nodeFiles.ts';
import { FileError, type FileErrorReason } from '../../../../src/core/ports/files.ts';
import { asOrdinaryUser } from './ordinaryUser.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const windows = process.platform === 'win32';

function rejectsWith(reason: FileErrorReason, act: Promise<unknown>): Promise<void> {
  return assert.rejects(act, (error) => FileError.is(error, reason) || assert.fail(String(error)));
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('NodeFiles', function () {
  // The disk of a busy machine takes its time.
  this.timeout(20_000);
  const folder = temporaryFolder();
  let files: NodeFiles;
  beforeEach(async () => {
    await mkdir(folder.at('root'));
    files = new NodeFiles(folder.at('root'));
  });
  const names = async (...below: string[]) => (await readdir(folder.at('root', ...below))).sort();

  describe('reading', () => {
    it('reads bytes as they are', async () => {
      await writeFile(folder.at('root', 'a.md'), Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a, 0xff]));
      assert.deepEqual([...(await files.read('a.md'))], [0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a, 0xff]);
    });

    it('reads an empty file, and one whose size the system does not tell', async () => {
      await writeFile(folder.at('root', 'empty'), '');
      assert.equal((await files.read('empty')).length, 0);
      if (process.platform !== 'linux') return;
      assert.match(text(await new NodeFiles('/proc/self').read('status')), /^Name:.*\n(?:.*\n)*Pid:/);
    });

    it('tells what stands at a path', async () => {
      await files.write('incidents/i/incident.md', 'four');
      assert.deepEqual(await files.stat('incidents/i/incident.md'), { kind: 'file', size: 4 });
      assert.equal((await files.stat('incidents/i'))?.kind, 'folder');
      assert.equal((await files.stat(''))?.kind, 'folder');
      assert.equal(await files.stat('incidents/j'), undefined);
      assert.equal(await files.stat('incidents/i/incident.md/below'), undefined);
    });

    it('lists the children, and none of a missing folder', async () => {
      await files.write('backlog/a.md', 'a');
      await files.write('backlog/done/b.md', 'b');
      const listed = [...(await files.list('backlog'))].sort((left, right) => left.name.localeCompare(right.name));
      assert.deepEqual(listed, [
        { name: 'a.md', kind: 'file' },
        { name: 'done', kind: 'folder' },
      ]);
      assert.deepEqual(await files.list(''), [{ name: 'backlog', kind: 'folder' }]);
      assert.deepEqual(await files.list('incidents'), []);
      assert.deepEqual(await files.list('incidents/none'), []);
      await rejectsWith('notFolder', files.list('backlog/a.md'));
    });

    it('tells a missing file from a folder', async () => {
      await files.write('backlog/a.md', 'a');
      await rejectsWith('notFound', files.read('backlog/b.md'));
      await rejectsWith('notFound', files.read('nowhere/b.md'));
      await rejectsWith('notFound', files.read('backlog/a.md/c.md'));
      await rejectsWith('isFolder', files.read('backlog'));
    });

    it('does not wait for a pipe', async () => {
      if (windows) return;
      execFileSync('mkfifo', [folder.at('root', 'incident.md')]);
      await rejectsWith('failed', files.read('incident.md'));
      assert.equal((await files.stat('incident.md'))?.kind, 'other');
      assert.deepEqual(await files.list(''), [{ name: 'incident.md', kind: 'other' }]);
    });

    it('finds nothing where the root is missing, and makes it with the first file', async () => {
      const missing = new NodeFiles(folder.at('not', 'yet'));
      assert.equal(await missing.stat('a.md'), undefined);
      assert.deepEqual(await missing.list(''), []);
      await rejectsWith('notFound', missing.read('a.md'));
      await missing.delete('a.md');
      await missing.write('below/a.md', 'a');
      assert.equal(await readFile(folder.at('not', 'yet', 'below', 'a.md'), 'utf8'), 'a');
      assert.equal(text(await missing.read('below/a.md')), 'a');
    });

    it('follows its root when that is moved and made anew', async () => {
      await files.write('a.md', 'old');
      await rename(folder.at('root'), folder.at('away'));
      await mkdir(folder.at('root'));
      await writeFile(folder.at('root', 'b.md'), 'new');
      assert.equal(text(await files.read('b.md')), 'new');
      assert.equal(await files.stat('a.md'), undefined);
    });
  });

  describe('writing', () => {
    it('makes the folders above and leaves nothing else behind', async () => {
      await files.write('incidents/i/timeline/e.md', 'one');
      await files.write('incidents/i/timeline/e.md', 'two\r\n');
      assert.equal(await readFile(folder.at('root', 'incidents', 'i', 'timeline', 'e.md'), 'utf8'), 'two\r\n');
      assert.deepEqual(await names('incidents', 'i', 'timeline'), ['e.md']);
    });

    it('takes any name that is one', async () => {
      const odd = ['-rf', '--', 'with space', 'ümläut 火', '%2e%2e', '...', 'a'.repeat(250)];
      if (!windows) odd.push('new\nline', 'back\\slash', 'C:');
      for (const name of odd) {
        await files.create(`backlog/${name}`, name);
        assert.equal(text(await files.read(`backlog/${name}`)), name);
      }
      assert.equal((await files.list('backlog')).length, odd.length);
    });

    it('keeps the mode of a file that is there', async () => {
      if (windows) return;
      await files.write('run.sh', 'a');
      await chmod(folder.at('root', 'run.sh'), 0o751);
      await files.write('run.sh', 'b');
      assert.equal((await stat(folder.at('root', 'run.sh'))).mode & 0o777, 0o751);
    });

    it('keeps the owner of a file when root writes it', async () => {
      if (process.geteuid?.() !== 0) return;
      await files.write('a.md', 'a');
      await chown(folder.at('root', 'a.md'), 1234, 4321);
      await files.write('a.md', 'b');
      const { uid, gid } = await stat(folder.at('root', 'a.md'));
      assert.deepEqual([uid, gid], [1234, 4321]);
    });

    it('makes private files and folders for nobody else', async () => {
      if (windows) return;
      const own = new NodeFiles(folder.at('root'), { mode: 0o600 });
      const umask = process.umask(0);
      try {
        await own.write('journal/incidents/a.md', 'a');
        await own.create('journal/b.md', 'b');
      } finally {
        process.umask(umask);
      }
      const modeOf = async (...below: string[]) => (await stat(folder.at('root', ...below))).mode & 0o777;
      assert.equal(await modeOf('journal'), 0o700);
      assert.equal(await modeOf('journal', 'incidents'), 0o700);
      assert.equal(await modeOf('journal', 'incidents', 'a.md'), 0o600);
      assert.equal(await modeOf('journal', 'b.md'), 0o600);
    });

    it('shows a reader the old text or the new one, never a part', async () => {
      const versions = ['a'.repeat(300_000), 'b'.repeat(200_000)];
      await files.write('big.md', versions[0] ?? '');
      let writing = true;
      const writer = (async () => {
        for (let round = 0; round < 30; round++) await files.write('big.md', versions[round % 2] ?? '');
        writing = false;
      })();
      while (writing) assert.ok(versions.includes(text(await files.read('big.md'))));
      await writer;
      assert.deepEqual(await names(), ['big.md']);
    });

    it('says why not, and leaves what was there as it was', async () => {
      await files.write('backlog/a.md', 'a');
      await rejectsWith('isFolder', files.write('backlog', 'x'));
      await rejectsWith('notFolder', files.write('backlog/a.md/b.md', 'x'));
      await rejectsWith('notFolder', files.create('backlog/a.md/deep/b.md', 'x'));
      await rejectsWith('failed', files.write(`backlog/${'n'.repeat(300)}`, 'x'));
      assert.deepEqual(await names('backlog'), ['a.md']);
      assert.equal(text(await files.read('backlog/a.md')), 'a');
    });

    it('refuses a folder that may not be written, and loses nothing', async () => {
      if (windows) return;
      await files.write('locked/a.md', 'a');
      await chmod(folder.at('root', 'locked'), 0o555);
      await chmod(folder.path, 0o755);
      await asOrdinaryUser(async () => {
        await rejectsWith('denied', files.write('locked/a.md', 'b'));
        await rejectsWith('denied', files.create('locked/b.md', 'b'));
        await rejectsWith('denied', files.write('locked/deep/c.md', 'b'));
        await rejectsWith('denied', files.delete('locked/a.md'));
        await rejectsWith('denied', files.move('locked/a.md', 'locked/c.md'));
        assert.equal(text(await files.read('locked/a.md')), 'a');
      });
      await chmod(folder.at('root', 'locked'), 0o755);
      assert.deepEqual(await names('locked'), ['a.md']);
    });

    it('refuses a read-only file in a folder that may be written', async () => {
      if (windows) return;
      await files.write('a.md', 'a');
      await chmod(folder.at('root', 'a.md'), 0o444);
      for (const open of [folder.path, folder.at('root')]) await chmod(open, 0o777);
      await asOrdinaryUser(async () => {
        await rejectsWith('denied', files.write('a.md', 'b'));
        await files.write('b.md', 'b');
      });
      assert.equal(text(await files.read('a.md')), 'a');
    });
  });

  // A disk of its own, 64 kB large: real where this user may mount one in a name space of their own.
  if (spawnSync('unshare', ['-rm', 'true']).status === 0) {
    describe('on a disk that is full or read-only', () => {
      it('says so and keeps the old file whole', () => {
        const child = fileURLToPath(new URL('tinyDisk.child.mts', import.meta.url));
        const mount = 'mount -t tmpfs -o size=64k none "$1" && exec "$2" --import=tsx "$3" "$1"';
        const args = ['-rm', 'sh', '-c', mount, 'sh', folder.at('root'), process.execPath, child];
        const said = JSON.parse(execFileSync('unshare', args, { encoding: 'utf8' }));
        assert.deepEqual(said, {
          tooMuch: 'full',
          newTooMuch: 'full',
          listed: ['a.md'],
          kept: 'old',
          readOnly: 'readOnly',
          createReadOnly: 'readOnly',
        });
      });
    });
  }

  describe('creating', () => {
    it('refuses a name that is taken, by a file, a folder or a link', async () => {
      await files.write('a.md', 'a');
      await mkdir(folder.at('root', 'folder'));
      await rejectsWith('exists', files.create('a.md', 'b'));
      await rejectsWith('exists', files.create('folder', 'b'));
      if (!windows) {
        await symlink('a.md', folder.at('root', 'link.md'));
        await rejectsWith('exists', files.create('link.md', 'b'));
      }
      assert.equal(text(await files.read('a.md')), 'a');
    });

    it('lets one of many win, and shows nobody a part', async () => {
      const long = (index: number) => `${index} `.repeat(50_000);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12 }, (_, index) => files.create('new/one.md', long(index))),
      );
      const won = outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [index] : []));
      assert.equal(won.length, 1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') assert.ok(FileError.is(outcome.reason, 'exists'), String(outcome.reason));
      }
      assert.equal(text(await files.read('new/one.md')), long(won[0] ?? -1));
      assert.deepEqual(await names('new'), ['one.md']);
    });
  });

  describe('moving', () => {
    it('moves a file into folders that it makes', async () => {
      await files.write('backlog/BUG.md', 'bug');
      await files.move('backlog/BUG.md', 'incidents/BUG/incident.md');
      assert.equal(text(await files.read('incidents/BUG/incident.md')), 'bug');
      assert.deepEqual(await names('backlog'), []);
    });

    it('never replaces what is there', async () => {
      await files.write('a.md', 'a');
      await files.write('b.md', 'b');
      await mkdir(folder.at('root', 'empty'));
      await rejectsWith('exists', files.move('a.md', 'b.md'));
      await rejectsWith('exists', files.move('a.md', 'empty'));
      await rejectsWith('exists', files.move('a.md', 'a.md'));
      assert.equal(text(await files.read('a.md')), 'a');
      assert.equal(text(await files.read('b.md')), 'b');
    });

    it('moves a folder with what is in it, and not onto an empty one', async () => {
      await files.write('old/deep/a.md', 'a');
      await mkdir(folder.at('root', 'taken'));
      await rejectsWith('exists', files.move('old', 'taken'));
      await files.move('old', 'new/place');
      assert.equal(text(await files.read('new/place/deep/a.md')), 'a');
    });

    it('says what is missing', async () => {
      await files.write('a.md', 'a');
      await rejectsWith('notFound', files.move('none.md', 'b.md'));
      await rejectsWith('notFound', files.move('none/none.md', 'b.md'));
      await rejectsWith('notFolder', files.move('a.md', 'a.md/b.md'));
      assert.deepEqual(await names(), ['a.md']);
    });
  });

  describe('deleting', () => {
    it('deletes a file, and nothing when there is nothing', async () => {
      await files.write('a.md', 'a');
      await files.delete('a.md');
      await files.delete('a.md');
      await files.delete('nowhere/a.md');
      assert.deepEqual(await names(), []);
    });

    it('leaves a folder, even an empty one', async () => {
      await mkdir(folder.at('root', 'folder'));
      await rejectsWith('isFolder', files.delete('folder'));
      assert.deepEqual(await names(), ['folder']);
    });
  });

  describe('staying below its root', () => {
    const outside = ['..', '../x', 'a/../../x', 'a/../b', '/etc/passwd', './a', 'a/.', 'a//b', 'a/', '/', 'a\0b'];
    for (const bad of outside) {
      it(`refuses the path ${JSON.stringify(bad)}`, async () => {
        await files.write('a/here.md', 'a');
        for (const act of [
          () => files.stat(bad),
          () => files.list(bad),
          () => files.read(bad),
          () => files.write(bad, 'x'),
          () => files.create(bad, 'x'),
          () => files.delete(bad),
          () => files.move(bad, 'a/b.md'),
          () => files.move('a/here.md', bad),
        ]) {
          await rejectsWith('outside', act());
        }
        assert.deepEqual(await readdir(folder.path), ['root']);
        assert.deepEqual(await names('a'), ['here.md']);
      });
    }

    it('refuses an empty path for everything but looking', async () => {
      await rejectsWith('outside', files.read(''));
      await rejectsWith('outside', files.write('', 'x'));
      await rejectsWith('outside', files.create('', 'x'));
      await rejectsWith('outside', files.delete(''));
    });

    // On Windows making a link needs a right that few have.
    if (windows) return;
    describe('with links', () => {
      beforeEach(async () => {
        await mkdir(folder.at('secret'));
        await writeFile(folder.at('secret', 'key'), 'secret');
        await symlink(folder.at('secret'), folder.at('root', 'out'));
        await symlink('../secret/key', folder.at('root', 'key.md'));
        await files.write('a.md', 'a');
      });

      it('follows none that leads out', async () => {
        for (const act of [
          () => files.stat('out'),
          () => files.stat('out/key'),
          () => files.list('out'),
          () => files.read('out/key'),
          () => files.read('key.md'),
          () => files.write('key.md', 'x'),
          () => files.write('out/key', 'x'),
          () => files.write('out/new/x.md', 'x'),
          () => files.create('out/new.md', 'x'),
          () => files.delete('out/key'),
          () => files.move('out/key', 'b.md'),
          () => files.move('a.md', 'out/a.md'),
        ]) {
          await rejectsWith('outside', act());
        }
        assert.deepEqual(await readdir(folder.at('secret')), ['key']);
        assert.equal(await readFile(folder.at('secret', 'key'), 'utf8'), 'secret');
      });

      it('is not fooled by a sibling whose name begins like the root', async () => {
        await mkdir(folder.at('root-2'));
        await writeFile(folder.at('root-2', 'x.md'), 'x');
        await symlink(folder.at('root-2'), folder.at('root', 'two'));
        await rejectsWith('outside', files.read('two/x.md'));
      });

      it('lists such links as neither file nor folder', async () => {
        await symlink('loop', folder.at('root', 'loop'));
        await symlink('nowhere', folder.at('root', 'dead'));
        const kinds = Object.fromEntries((await files.list('')).map((entry) => [entry.name, entry.kind]));
        assert.deepEqual(kinds, { 'a.md': 'file', out: 'other', 'key.md': 'other', loop: 'other', dead: 'other' });
      });

      it('writes nothing through a link to nowhere', async () => {
        await symlink(folder.at('secret', 'new'), folder.at('root', 'dead.md'));
        await symlink(folder.at('later'), folder.at('root', 'dead'));
        await rejectsWith('outside', files.write('dead.md', 'x'));
        await rejectsWith('outside', files.create('dead.md', 'x'));
        await rejectsWith('outside', files.write('dead/x.md', 'x'));
        assert.deepEqual((await readdir(folder.path)).sort(), ['root', 'secret']);
        assert.deepEqual(await readdir(folder.at('secret')), ['key']);
      });

      it('follows one that stays inside, and keeps it a link', async () => {
        await symlink('a.md', folder.at('root', 'alias.md'));
        assert.equal(text(await files.read('alias.md')), 'a');
        await files.write('alias.md', 'b');
        assert.equal(await readlink(folder.at('root', 'alias.md')), 'a.md');
        assert.equal(text(await files.read('a.md')), 'b');
      });

      it('deletes and moves a link, not what it leads to', async () => {
        await files.delete('out');
        await files.move('key.md', 'moved.md');
        assert.ok((await lstat(folder.at('root', 'moved.md'))).isSymbolicLink());
        assert.equal(await readFile(folder.at('secret', 'key'), 'utf8'), 'secret');
      });

      it('may itself be reached through a link', async () => {
        await symlink(folder.at('root'), folder.at('here'));
        const linked = new NodeFiles(folder.at('here'));
        await linked.write('deep/b.md', 'b');
        assert.equal(text(await linked.read('deep/b.md')), 'b');
        assert.equal(await readFile(folder.at('root', 'deep', 'b.md'), 'utf8'), 'b');
      });

      it('refuses a folder that becomes a link while it is used', async () => {
        await files.write('timeline/e.md', 'e');
        await rm(path.join(files.root, 'timeline'), { recursive: true });
        await symlink(folder.at('secret'), folder.at('root', 'timeline'));
        await rejectsWith('outside', files.read('timeline/key'));
        await rejectsWith('outside', files.write('timeline/e.md', 'e'));
      });
    });
  });
});
