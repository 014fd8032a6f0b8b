import assert from 'node:assert/strict';
import { createSecretMask } from '../../../../src/adapters/secrets/createSecretMask.ts';
import { FirebreakError } from '../../../../src/core/errors.ts';
import { isIncident } from '../../../../src/core/item.ts';
import type { Observation, RecordedKind } from '../../../../src/core/recording.ts';
import { minute } from '../../../../src/core/time.ts';
import { declareIncident } from '../../../../src/services/declareIncident.ts';
import { RecordingDesk } from '../../../../src/services/recording/recordingDesk.ts';
import { testToken } from '../../../support/testTokens.ts';
import { alice, type Clone, openClone, start } from '../clone.ts';

/** Windows on one clone hold each other off by a lock; a test never waits for one. */
function lockable() {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const before = last;
    let release = () => {};
    last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return { dispose: async () => release() };
  };
}

interface DeskOptions {
  readonly keep?: readonly RecordedKind[];
  readonly lock?: ReturnType<typeof lockable>;
  readonly mask?: (text: string) => Promise<string>;
}

function deskOf(clone: Clone, { keep = [], lock = lockable(), mask = createSecretMask() }: DeskOptions = {}) {
  assert.ok(clone.privateFiles);
  return new RecordingDesk({
    context: clone.context,
    privateFiles: clone.privateFiles,
    mask,
    lock,
    keptByItself: () => keep,
  });
}

async function declared(isPrivate = false) {
  const clone = await openClone({ who: alice });
  const incident = await declareIncident(clone.context, {
    title: 'Production API Down',
    severity: 'P0',
    criteria: isPrivate ? ['security-breach'] : [],
  });
  clone.pass(minute);
  return { clone, incident };
}

const at = start + minute;
const rollback: Observation = {
  kind: 'command',
  at,
  text: 'make deploy-rollback version=1.4.1',
  exit: 2,
  duration: 41.2,
  cwd: 'services/api',
  output: 'rolling back\nmake: *** [deploy-rollback] Error 2\n',
};
const commit: Observation = {
  kind: 'commit',
  at,
  key: '9f24c3d5a1b7e0c4d2f8a6b3c1e5d7f9a0b2c4e6',
  text: 'Give the pool its timeout back',
  ref: '9f24c3d5a',
};

async function written(clone: Clone, uid: string, kinds: readonly string[]) {
  const files = await Promise.all(
    (await clone.index.events(uid))
      .filter(({ event }) => kinds.includes(event.kind))
      .map(async ({ path }) => new TextDecoder().decode(await clone.tree.read(path))),
  );
  return files.join('');
}

/** Everything that is on the disk of a clone. */
async function everything(clone: Clone): Promise<string> {
  const texts: string[] = [];
  for (const files of [clone.tree, clone.privateFiles]) {
    const folders = [''];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const { name, kind } of (await files?.list(folder)) ?? []) {
        const path = folder === '' ? name : `${folder}/${name}`;
        if (kind === 'folder') folders.push(path);
        else texts.push(path, new TextDecoder().decode(await files?.read(path)));
      }
    }
  }
  return texts.join('\n');
}

describe('recording', () => {
  it('is off until somebody switches it on, and then from that moment on', async () => {
    const { clone, incident } = await declared();
    const desk = deskOf(clone);
    assert.equal((await desk.state()).incident, undefined);
    await desk.observe(rollback);
    assert.deepEqual(await desk.proposals(), []);
    await desk.start(incident);
    assert.deepEqual(await desk.state(), { incident: incident.uid, since: at, asked: [incident.uid] });
    await desk.observe({ ...commit, at: at - minute });
    assert.deepEqual(await desk.proposals(), []);
    await desk.observe(rollback);
    await desk.stop();
    await desk.observe({ ...rollback, text: 'make deploy' });
    assert.deepEqual(
      (await desk.proposals()).map(({ text }) => text),
      ['make deploy-rollback version=1.4.1'],
    );
  });

  it('asks once for each incident, whoever asks', async () => {
    const { clone, incident } = await declared();
    const lock = lockable();
    const asked = await Promise.all([deskOf(clone, { lock }).ask(incident), deskOf(clone, { lock }).ask(incident)]);
    assert.deepEqual(asked.sort(), [false, true]);
    assert.equal(await deskOf(clone).ask(incident), false);
  });

  it('keeps a command as an event: when it began, its exit code, duration and folder; no output unless chosen', async () => {
    const { clone, incident } = await declared();
    const desk = deskOf(clone);
    await desk.start(incident);
    await desk.observe(rollback);
    const [proposal] = await desk.proposals();
    assert.ok(proposal);
    clone.pass(3 * minute);
    const event = await desk.keep(proposal.id);
    assert.deepEqual(event, {
      id: proposal.id,
      incident: incident.uid,
      kind: 'command',
      at: '2025-09-23T14:31:00Z',
      recorded: '2025-09-23T14:34:00Z',
      by: '@alice',
      origin: 'a11ce0',
      exit: 2,
      duration: 41.2,
      cwd: 'services/api',
      body: '```console\n$ make deploy-rollback version=1.4.1\n```',
    });
    assert.match(
      await written(clone, incident.uid, ['command']),
      /exit: 2\nduration: 41.2\ncwd: services\/api\n---\n```console/,
    );
    assert.deepEqual(await desk.proposals(), []);
    assert.equal(await desk.keep(proposal.id), undefined, 'once is enough');
  });

  it('keeps the end of the output where it is chosen, in a block that it can not leave', async () => {
    const { clone, incident } = await declared();
    const desk = deskOf(clone);
    await desk.start(incident);
    await desk.observe({ ...rollback, output: 'text\n```\n# not a heading\n' });
    const [proposal] = await desk.proposals();
    const event = await desk.keep(proposal?.id ?? '', { output: true, text: 'make rollback' });
    assert.equal(event?.body, '````console\n$ make rollback\ntext\n```\n# not a heading\n````');
  });

  it('keeps commits as commits, and what else was done with the repository as notes', async () => {
    const { clone, incident } = await declared();
    const desk = deskOf(clone, { keep: ['commit', 'branch', 'push', 'tag', 'task', 'debug'] });
    await desk.start(incident);
    await desk.observe(commit);
    await desk.observe({ kind: 'branch', at, key: 'a', text: 'Switched from main to fix/pool', ref: '9f24c3d5a' });
    await desk.observe({ kind: 'task', at, text: 'Task build', exit: 0, duration: 3, output: 'built' });
    await desk.observe({ kind: 'debug', at, text: 'Debugged Launch', duration: 60 });
    assert.deepEqual(await desk.proposals(), []);
    const events = (await clone.index.events(incident.uid)).map(({ event }) => [event.kind, event.body]);
    for (const expected of [
      ['commit', '`9f24c3d5a` Give the pool its timeout back'],
      ['note', 'Switched from main to fix/pool (`9f24c3d5a`)'],
      ['command', 'Task build'],
      ['note', 'Debugged Launch'],
    ]) {
      assert.ok(
        events.some((event) => String(event) === String(expected)),
        `${expected} in ${JSON.stringify(events)}`,
      );
    }
  });

  it('is one list for all windows, and what both see is one', async () => {
    const { clone, incident } = await declared();
    const lock = lockable();
    const [one, other] = [deskOf(clone, { lock }), deskOf(clone, { lock })];
    await one.start(incident);
    await Promise.all([one.observe(commit), other.observe(commit), one.observe(rollback), other.observe(rollback)]);
    const proposals = await other.proposals();
    assert.deepEqual(proposals.map(({ kind }) => kind).sort(), ['command', 'command', 'commit']);
    const seen = proposals.find(({ kind }) => kind === 'commit');
    const kept = await Promise.all([one.keep(seen?.id ?? ''), other.keep(seen?.id ?? '')]);
    assert.equal(kept.filter(Boolean).length, 1);
    await one.observe(commit);
    await other.observe(commit);
    assert.deepEqual(
      (await one.proposals()).map(({ kind }) => kind),
      ['command', 'command'],
    );
    const commits = (await clone.index.events(incident.uid)).filter(({ event }) => event.kind === 'commit');
    assert.equal(commits.length, 1);
  });

  it('drops for good', async () => {
    const { clone, incident } = await declared();
    const desk = deskOf(clone);
    await desk.start(incident);
    await desk.observe(commit);
    await desk.observe(rollback);
    await desk.drop((await desk.proposals()).map(({ id }) => id));
    await desk.observe(commit);
    await desk.start(incident);
    await desk.observe(commit);
    assert.deepEqual(await desk.proposals(), []);
  });

  it('loses nothing with the window: not before it is decided, nor in the middle of keeping', async () => {
    const { clone, incident } = await declared();
    const desk = deskOf(clone);
    await desk.start(incident);
    await desk.observe(commit);
    await desk.observe(rollback);
    await clone.reopen(2);
    const next = deskOf(clone);
    assert.equal((await next.proposals()).length, 2);
    // The window goes after the event is written, and before the proposal says so.
    const [first] = await next.proposals();
    assert.ok(first && clone.privateFiles);
    const text = new TextDecoder().decode(await clone.privateFiles.read(`recording/proposals/${first.id}.json`));
    await next.keep(first.id);
    await clone.privateFiles.write(`recording/proposals/${first.id}.json`, text);
    await clone.reopen(3);
    const last = deskOf(clone);
    assert.equal(await last.keepAll(incident.uid), 2);
    const events = (await clone.index.events(incident.uid)).filter(({ event }) => event.id === first.id);
    assert.equal(events.length, 1);
    assert.deepEqual(await last.proposals(), []);
  });

  it('masks before anything is written: the line, the output, the folder, and what somebody types', async () => {
    const { clone, incident } = await declared();
    const desk = deskOf(clone);
    await desk.start(incident);
    const secret = testToken('deploy');
    await desk.observe({
      kind: 'command',
      at,
      text: `curl -H "Authorization: Bearer ${secret}" https://api.example.com`,
      cwd: `clones/${secret}`,
      output: `first\ntoken is ${secret}\n`,
    });
    const [proposal] = await desk.proposals();
    assert.equal(proposal?.output, 'first\ntoken is ‹masked: GitHub token›');
    await desk.keep(proposal?.id ?? '', { output: true, text: `curl with ${secret}` });
    const all = await everything(clone);
    assert.ok(all.includes('$ curl with ‹masked: GitHub token›'));
    assert.ok(!all.includes(secret));
  });

  it('masks a secret that the screen broke in two, and leaves the lines of a loop as they are', async () => {
    const { clone, incident } = await declared();
    const desk = deskOf(clone);
    await desk.start(incident);
    const token = testToken('broken');
    const [half, rest] = [token.slice(0, 20), token.slice(20)];
    const loop = 'for pod in a b\nkubectl delete $pod\nend';
    const texts = [`API_TOKEN=${half}\n${rest} make deploy`, `curl -d ${half}\n${rest} -v`, loop];
    for (const text of texts) await desk.observe({ kind: 'command', at, text, offScreen: true });
    assert.deepEqual(
      (await desk.proposals()).map((proposal) => proposal.text),
      ['API_TOKEN=‹masked: GitHub token› make deploy', 'curl -d ‹masked: GitHub token› -v', loop],
    );
    const all = await everything(clone);
    assert.ok(!all.includes(half) && !all.includes(rest));
  });

  it('writes nothing where masking does not work', async () => {
    const { clone, incident } = await declared();
    const failing = async () => {
      throw new Error('no list');
    };
    const desk = deskOf(clone, { mask: failing });
    await desk.start(incident);
    await assert.rejects(desk.observe(rollback), /no list/);
    assert.ok(!(await everything(clone)).includes('deploy-rollback'));
  });

  it('is a part of a private incident as of any other', async () => {
    const { clone, incident } = await declared(true);
    assert.equal(incident.private, true);
    const desk = deskOf(clone, { keep: ['commit'] });
    await desk.start(incident);
    await desk.observe(commit);
    assert.match(await written(clone, incident.uid, ['commit']), /timeout back/);
    const item = clone.index.item(incident.uid);
    assert.ok(item && isIncident(item) && item.private);
  });

  it('says so when an incident is not there any more, and leaves what waits to be dropped', async () => {
    const { clone, incident } = await declared();
    const desk = deskOf(clone);
    await desk.start(incident);
    await desk.observe(commit);
    const [proposal] = await desk.proposals();
    for (const files of [clone.tree, clone.privateFiles]) {
      for (const folder of [incident.incident.folder, `journal/${incident.incident.folder}`]) {
        for (const below of ['', '/timeline']) {
          for (const { name, kind } of (await files?.list(folder + below)) ?? []) {
            if (kind === 'file') await files?.delete(`${folder}${below}/${name}`);
          }
        }
      }
    }
    await clone.reopen(2);
    const next = deskOf(clone);
    await assert.rejects(next.keep(proposal?.id ?? ''), (error) => FirebreakError.is(error, 'notFound'));
    assert.equal((await next.proposals()).length, 1);
    await next.drop([proposal?.id ?? '']);
    assert.deepEqual(await next.proposals(), []);
  });

  it('goes on beside files that are cut off or not its own', async () => {
    const { clone, incident } = await declared();
    const desk = deskOf(clone);
    await desk.start(incident);
    await desk.observe(commit);
    assert.ok(clone.privateFiles);
    for (const [name, text] of [
      ['a.json', '{"id":"x'],
      ['b.json', 'null'],
      ['c.json', '{"id":"c","incident":"i","kind":"selfie","at":"2025-09-23T14:30:00Z","text":""}'],
      ['d.json', '{"id":"d","incident":"i","kind":"command","at":"soon","text":""}'],
    ] as const) {
      await clone.privateFiles.write(`recording/proposals/${name}`, text);
    }
    assert.equal((await desk.proposals()).length, 1);
    await clone.privateFiles.write('recording/state.json', '{"incident": 7');
    assert.equal((await desk.state()).incident, undefined);
  });
});
