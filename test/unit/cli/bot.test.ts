import assert from 'node:assert/strict';
import { formatInstant, minute } from '../../../src/core/time.ts';
import { anEvent, eventText, incidentText, outage } from '../support/documents.ts';
import { builtCli, CliWorkspace } from './builtCli.ts';

interface ReminderJson {
  readonly incident: string;
  readonly kind: string;
  readonly stage: string | null;
  readonly escalate: { readonly to: string; readonly who: readonly string[] } | null;
  readonly dueAt: string;
  readonly since: string;
  readonly text: string;
}

describe('firebreak bot', function () {
  this.timeout(60_000);
  let workspace: CliWorkspace;

  before(() => builtCli());
  beforeEach(async () => {
    workspace = await CliWorkspace.make();
  });
  afterEach(() => workspace.remove());

  /** A P0 that was declared 32 minutes ago, by another clone. */
  async function declaredLongAgo(policy = ''): Promise<void> {
    const at = formatInstant(Date.now() - 32 * minute);
    await workspace.put('incident-policy.yml', policy);
    await workspace.put(outage.path, incidentText());
    await workspace.put(
      `${outage.folder}/timeline/declared.md`,
      eventText(anEvent({ kind: 'phase', to: 'declared', prev: null, at, recorded: at })),
    );
  }

  async function until(what: string, look: () => boolean): Promise<void> {
    for (let waited = 0; !look(); waited += 50) {
      assert.ok(waited < 30_000, what);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('says which action runs too long, for as long as somebody waits for it', async () => {
    await declaredLongAgo('reminders: { before: none, role: none, quiet: none }\n');
    const run = {
      id: '01K5V7ZRVN0000000000000000',
      incident: outage.uid,
      action: 'drain',
      title: 'Drain the queue',
      kind: 'action',
      command: 'drain',
      cwd: '',
      by: '@alice',
      startedAt: Date.now() - 20 * minute,
      timeout: null,
      keeper: process.pid,
    };
    const bot = async (): Promise<readonly (ReminderJson & { readonly action: string | null })[]> =>
      (await workspace.json<{ reminders: (ReminderJson & { action: string | null })[] }>('bot')).reminders;
    await workspace.put(`.git/firebreak/runs/${run.id}.json`, JSON.stringify(run));
    const said = (await bot()).find(({ kind }) => kind === 'action');
    assert.deepEqual([said?.action, said?.text], ['Drain the queue', 'Drain the queue has run for 20m']);
    await workspace.put(`.git/firebreak/runs/${run.id}.json`, JSON.stringify({ ...run, timeout: 40 * minute }));
    assert.ok((await bot()).every(({ kind }) => kind !== 'action'));
    // Of a process that is gone.
    await workspace.put(`.git/firebreak/runs/${run.id}.json`, JSON.stringify({ ...run, keeper: 2 ** 22 + 1 }));
    assert.ok((await bot()).every(({ kind }) => kind !== 'action'));
  });

  it('says what is due, whoever commands, and when the next is', async () => {
    await declaredLongAgo();
    const { reminders, next } = await workspace.json<{ reminders: ReminderJson[]; next: string }>('bot');
    assert.deepEqual(
      reminders.map(({ kind, stage }) => [kind, stage]),
      [
        ['escalation', null],
        ['update', 'due'],
        ['mitigate', 'due'],
        ['role', null],
        ['quiet', null],
      ],
    );
    assert.deepEqual(reminders[0]?.escalate, { to: 'Incident Commander Pool', who: ['@incident-commanders'] });
    assert.ok(reminders.every(({ incident }) => incident === outage.id));
    assert.ok(Date.parse(next) > Date.now());
    const { code, stdout } = await workspace.run('bot', '--once', outage.id);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^BUG-P0-20250923-1430 {2}Production API Down: nobody has acknowledged for 30m: escalate to Incident Commander Pool \(@incident-commanders\)\nBUG-\S+ {2}Production API Down: the next status update is overdue by 2m/,
    );
  });

  it('has nothing to say where nothing is due', async () => {
    assert.deepEqual(await workspace.json('bot'), { reminders: [], next: null });
    assert.equal((await workspace.run('bot')).stdout, 'Nothing is due.\n');
    assert.equal((await workspace.run('bot', '--once', '--watch')).code, 2);
  });

  it('says that it watches, since a quiet hour looks like a program that hangs', async () => {
    await declaredLongAgo('escalation: []\n');
    const watch = workspace.start({}, 'bot', '--watch');
    try {
      await until('what is due to be said', () => watch.printed() !== '');
      watch.kill('SIGINT');
      const { code, stderr } = await watch.ended;
      assert.deepEqual([code, stderr], [0, 'Watching: what becomes due is said here. Ctrl+C ends it.\n']);
    } finally {
      watch.kill('SIGKILL');
    }
  });

  it('watches: says each thing once until its time, takes in what others do, and ends when interrupted', async () => {
    await declaredLongAgo('reminders: { repeat: 1s }\nescalation: []\n');
    const watch = workspace.start({}, 'bot', '--watch', '--json');
    const said = (): ReminderJson[] =>
      watch
        .printed()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    const count = (kind: string) => said().filter((reminder) => reminder.kind === kind).length;
    try {
      await until('the update to be said three times', () => count('update') >= 3);
      assert.ok(count('acknowledge') >= 2 && count('role') >= 2);
      await workspace.run('ack', outage.id);
      for (const role of ['commander', 'communications']) await workspace.run('role', outage.id, role, 'me');
      const updates = count('update');
      await until('the files to be looked at', () => count('update') >= updates + 3);
      // Of what is done nothing is said any more.
      const settled = [count('acknowledge'), count('role')];
      await until('more to be said', () => count('update') >= updates + 6);
      assert.deepEqual([count('acknowledge'), count('role')], settled);
      watch.kill('SIGINT');
      const { code, stderr } = await watch.ended;
      assert.deepEqual([code, stderr], [0, '']);
    } finally {
      watch.kill('SIGKILL');
    }
  });
});
