import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  defaultUserStateFolder,
  hasPrivateState,
  openPrivateState,
  originOf,
} from '../../../../src/adapters/node/privateState.ts';
import { FirebreakError } from '../../../../src/core/errors.ts';
import { asOrdinaryUser } from './ordinaryUser.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const windows = process.platform === 'win32';
const run = promisify(execFile);

describe('private state', function () {
  // The disk of a busy machine takes its time.
  this.timeout(20_000);
  const folder = temporaryFolder();
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd, stdio: 'pipe' });
  const open = (...root: string[]) => openPrivateState(folder.at(...root), folder.at('state'));
  const modeOf = async (file: string) => (await stat(file)).mode & 0o777;
  beforeEach(() => {
    git(folder.path, 'init', '-q', '-b', 'main', 'repo');
  });

  it('lies in the git folder, for this user alone, and out of git’s sight', async () => {
    const state = await open('repo');
    assert.equal(state.folder, folder.at('repo', '.git', 'firebreak'));
    assert.equal(state.shared, true);
    await state.files.write('journal/incidents/i/incident.md', 'x');
    if (!windows) {
      assert.equal(await modeOf(state.folder), 0o700);
      assert.equal(await modeOf(folder.at('repo', '.git', 'firebreak', 'journal', 'incidents')), 0o700);
      assert.equal(
        await modeOf(folder.at('repo', '.git', 'firebreak', 'journal', 'incidents', 'i', 'incident.md')),
        0o600,
      );
    }
    assert.equal(git(folder.at('repo'), 'status', '--porcelain', '--ignored').toString(), '');
    git(folder.at('repo'), 'fsck');
  });

  it('is there from the first use on, wherever it lies, and looking for it makes nothing', async () => {
    await mkdir(folder.at('plain'));
    for (const root of ['repo', 'plain']) {
      assert.equal(await hasPrivateState(folder.at(root), folder.at('state')), false);
      assert.equal((await readdir(folder.at('repo', '.git'))).includes('firebreak'), root === 'plain');
      await originOf(await open(root));
      assert.equal(await hasPrivateState(folder.at(root), folder.at('state')), true);
    }
    assert.equal(await hasPrivateState(folder.at('gone'), folder.at('state')), false);
  });

  it('closes folders that were open to others', async () => {
    if (windows) return;
    await mkdir(folder.at('repo', '.git', 'firebreak'));
    await chmod(folder.at('repo', '.git', 'firebreak'), 0o755);
    await open('repo');
    assert.equal(await modeOf(folder.at('repo', '.git', 'firebreak')), 0o700);
  });

  it('is one for all work trees of a clone, and lost by none', async () => {
    git(folder.at('repo'), 'commit', '-q', '--allow-empty', '-m', 'first');
    git(folder.at('repo'), 'worktree', 'add', '-q', '-b', 'fix', '../fix');
    assert.equal((await open('fix')).folder, (await open('repo')).folder);
  });

  it('is another for each root in one repository', async () => {
    await mkdir(folder.at('repo', 'shop', 'ops'), { recursive: true });
    await mkdir(folder.at('repo', 'bank', 'ops'), { recursive: true });
    const states = await Promise.all([open('repo'), open('repo', 'shop', 'ops'), open('repo', 'bank', 'ops')]);
    assert.equal(new Set(states.map((state) => state.folder)).size, 3);
    for (const state of states.slice(1)) {
      assert.match(state.folder.slice(folder.at('repo', '.git').length), /^[\\/]firebreak[\\/]root-[0-9a-f]{8}$/);
      assert.equal(state.shared, true);
    }
    assert.equal((await open('repo', 'shop', 'ops')).folder, states[1]?.folder);
  });

  it('is in the user’s state folder where there is no repository, by the real path of the root', async () => {
    await mkdir(folder.at('plain'));
    const state = await open('plain');
    assert.match(state.folder.slice(folder.at('state').length), /^[\\/][0-9a-f]{16}$/);
    assert.equal(state.shared, false);
    if (windows) return;
    assert.equal(await modeOf(state.folder), 0o700);
    await symlink(folder.at('plain'), folder.at('linked'));
    assert.equal((await open('linked')).folder, state.folder);
    await mkdir(folder.at('other'));
    assert.notEqual((await open('other')).folder, state.folder);
  });

  it('is in the user’s state folder where the git folder can’t be written', async () => {
    if (windows) return;
    await mkdir(folder.at('state'));
    await chmod(folder.at('state'), 0o777);
    await chmod(folder.path, 0o755);
    await chmod(folder.at('repo', '.git'), 0o555);
    const state = await asOrdinaryUser(() => open('repo'));
    assert.equal(state.shared, false);
    assert.ok(state.folder.startsWith(folder.at('state')));
  });

  it('never goes through a link that stands in its place', async () => {
    if (windows) return;
    await mkdir(folder.at('elsewhere'));
    await symlink(folder.at('elsewhere'), folder.at('repo', '.git', 'firebreak'));
    assert.equal((await open('repo')).shared, false);
    assert.deepEqual(await readdir(folder.at('elsewhere')), []);
  });

  it('says so when it can be kept nowhere', async () => {
    await writeFile(folder.at('state'), 'a file');
    await mkdir(folder.at('plain'));
    await assert.rejects(open('plain'), (error) => FirebreakError.is(error, 'readOnly'));
  });

  describe('the id of the clone', () => {
    it('is six hexadecimal digits, kept', async () => {
      const state = await open('repo');
      const origin = await originOf(state);
      assert.match(origin, /^[0-9a-f]{6}$/);
      assert.equal(await originOf(await open('repo')), origin);
      assert.equal((await readFile(folder.at('repo', '.git', 'firebreak', 'origin'), 'utf8')).trim(), origin);
    });

    it('is chosen anew where what was kept is no id', async () => {
      const state = await open('repo');
      for (const bad of ['', 'zzz', '4f9a2c extra']) {
        await state.files.write('origin', bad);
        const origin = await originOf(state);
        assert.match(origin, /^[0-9a-f]{6}$/);
        assert.equal(await originOf(state), origin);
      }
    });

    it('is one, however many ask at first', async () => {
      const state = await open('repo');
      const origins = await Promise.all(Array.from({ length: 8 }, () => originOf(state)));
      assert.equal(new Set(origins).size, 1);
    });

    it('is one, whichever processes ask at first', async () => {
      const child = fileURLToPath(new URL('origin.child.mts', import.meta.url));
      const go = folder.at('go');
      const asking = Array.from({ length: 4 }, () =>
        run(process.execPath, ['--import=tsx', child, folder.at('repo'), folder.at('state'), go]),
      );
      await writeFile(go, '');
      const origins = (await Promise.all(asking)).map(({ stdout }) => stdout);
      assert.equal(new Set(origins).size, 1, origins.join());
      assert.equal(origins[0], await originOf(await open('repo')));
    }).timeout(30_000);
  });

  describe('the user’s state folder', () => {
    it('is where each system wants it', () => {
      const linux = (env: NodeJS.ProcessEnv) => defaultUserStateFolder(env, 'linux', '/home/a');
      assert.equal(linux({}), '/home/a/.local/state/firebreak');
      assert.equal(linux({ XDG_STATE_HOME: '/var/a' }), '/var/a/firebreak');
      assert.equal(linux({ XDG_STATE_HOME: 'relative' }), '/home/a/.local/state/firebreak');
      assert.equal(linux({ XDG_STATE_HOME: '' }), '/home/a/.local/state/firebreak');
      assert.equal(defaultUserStateFolder({}, 'darwin', '/Users/a'), '/Users/a/Library/Application Support/Firebreak');
      assert.equal(
        defaultUserStateFolder({ LOCALAPPDATA: 'D:\\Local' }, 'win32', 'C:\\Users\\a'),
        'D:\\Local\\Firebreak\\State',
      );
      assert.equal(
        defaultUserStateFolder({}, 'win32', 'C:\\Users\\a'),
        'C:\\Users\\a\\AppData\\Local\\Firebreak\\State',
      );
    });
  });
});
