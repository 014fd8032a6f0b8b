import assert from 'node:assert/strict';
import { silentLog } from '../../../src/core/ports/environment.ts';
import type { Git } from '../../../src/core/ports/git.ts';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import { openSession } from '../../../src/services/session.ts';
import { commitWorkspace, sharedPaths, shareWorkspace } from '../../../src/services/shareWorkspace.ts';
import { type MemoryFiles, memoryFiles } from '../support/memoryFiles.ts';
import { openClone, seededRandom, start } from './clone.ts';

function session(git: () => Promise<Git | undefined>, files: MemoryFiles = memoryFiles()) {
  return openSession({
    files,
    privateFiles: memoryFiles(),
    origin: 'a11ce0',
    now: () => start,
    random: seededRandom(1),
    log: silentLog,
    git,
    fallbackAuthor: 'root',
  });
}

const policy = 'people:\n  - name: Carol\n    email: Carol@Example.com\n    github: carol-c\n';

describe('who works here', () => {
  it('is named by the policy, by a GitHub address, by git, by the system: in this order', async () => {
    for (const [name, email, written] of [
      ['Carol', 'carol@example.com', '@carol-c'],
      ['Dave', '12+dave@users.noreply.github.com', '@dave'],
      ['Erin', 'erin@example.com', 'Erin'],
      [undefined, undefined, 'root'],
    ] as const) {
      const clone = await openClone({ tree: memoryFiles({ 'incident-policy.yml': policy }), who: { name, email } });
      assert.equal(await clone.context.author(), name === undefined ? 'somebody' : written);
    }
  });

  it('is the system’s user where there is no repository, or git is broken', async () => {
    for (const git of [async () => undefined, () => Promise.reject(new Error('no git'))]) {
      const opened = session(git);
      await opened.index.load();
      assert.equal(await opened.context.author(), 'root');
      const incident = await declareIncident(opened.context, { title: 'Down', severity: 'P0', criteria: [] });
      assert.equal((await opened.index.events(incident.uid))[0]?.event.by, 'root');
    }
  });

  it('is asked of git once', async () => {
    let asked = 0;
    const opened = session(async () => {
      asked++;
      return undefined;
    });
    await Promise.all([opened.context.author(), opened.context.author()]);
    await opened.context.author();
    assert.equal(asked, 1);
  });
});

describe('ids of one session', () => {
  it('grow, even when the clock goes back', async () => {
    const clone = await openClone();
    const ids = [0, 0, -1000, -100_000, 5].map((passed) => clone.context.newId(clone.pass(passed).now));
    assert.deepEqual(ids, [...ids].sort());
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe('what is committed and shared', () => {
  it('is Firebreak’s own paths, with a message that says what', async () => {
    const calls: unknown[] = [];
    const git = {
      commit: async (...words: unknown[]) => calls.push(['commit', ...words]),
      share: async (...words: unknown[]) => {
        calls.push(['share', ...words]);
        return { committed: 1, received: 0, pushed: true, dropped: [] };
      },
    } as unknown as Git;
    await commitWorkspace(git, 'API down');
    await shareWorkspace(git, 'API down');
    assert.deepEqual(calls, [
      ['commit', sharedPaths, 'Firebreak: API down'],
      ['share', sharedPaths, 'Firebreak: API down'],
    ]);
    assert.ok(!(sharedPaths as readonly string[]).some((path) => path === '' || path === '.'));
  });
});
