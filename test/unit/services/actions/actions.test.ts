import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NodeEvidence } from '../../../../src/adapters/node/evidence.ts';
import { NodeProcesses } from '../../../../src/adapters/node/processes.ts';
import { createSecretMask } from '../../../../src/adapters/secrets/createSecretMask.ts';
import { FirebreakError } from '../../../../src/core/errors.ts';
import type { Incident } from '../../../../src/core/item.ts';
import type { RunnableAction } from '../../../../src/core/runnableAction.ts';
import type { RunEvent } from '../../../../src/core/timelineEvent.ts';
import { approve, isApproved } from '../../../../src/services/actions/approvals.ts';
import { findActions } from '../../../../src/services/actions/findActions.ts';
import { freezeOf } from '../../../../src/services/actions/freeze.ts';
import { type ActionPorts, commandOf, settleRuns, startAction } from '../../../../src/services/actions/runAction.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { recoveryChecklist, tickBox, uncheckedBoxes } from '../../../../src/services/checklist.ts';
import { requireIncident } from '../../../../src/services/context.ts';
import { declareIncident } from '../../../../src/services/declareIncident.ts';
import { retractEvent } from '../../../../src/services/replaceEvent.ts';
import { testToken } from '../../../support/testTokens.ts';
import { type Clone, openClone } from '../clone.ts';

const policy = `
actions:
  - { id: say, title: Say something, kind: check, command: "echo \${what}", parameters: [{ name: what, title: What }] }
  - { id: logs, title: Keep the logs, kind: evidence, collect: ["logs/*.log", "dump.bin"] }
checklist:
  - { id: smoke, title: Smoke tests pass, action: say }
  - { id: support, title: Support has no new tickets }
`;

describe('Actions', function () {
  this.timeout(60_000);
  let clone: Clone;
  let incident: Incident;
  let folder: string;
  let ports: ActionPorts;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fb-actions-'));
    clone = await openClone();
    clone.tree.put('incident-policy.yml', policy);
    await clone.index.refresh(['incident-policy.yml']);
    incident = await declareIncident(clone.context, { title: 'API down', severity: 'P0', criteria: [] });
    ports = {
      processes: new NodeProcesses(folder, process.env),
      evidence: new NodeEvidence(folder),
      mask: createSecretMask(),
      privateFiles: clone.privateFiles,
      keeper: process.pid,
    };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const action = (more: Partial<RunnableAction> = {}): RunnableAction => ({
    id: 'it',
    title: 'It',
    kind: 'mitigation',
    source: 'policy',
    phases: ['mitigate'],
    freeze: undefined,
    command: 'true',
    cwd: '',
    risk: 'low',
    confirm: undefined,
    parameters: [],
    collect: [],
    timeout: null,
    behind: '',
    ...more,
  });

  async function run(one: RunnableAction, watch: (text: string) => void = () => undefined): Promise<RunEvent> {
    const command = commandOf(one, {}, ports.processes);
    return (await startAction(clone.context, ports, { incident, action: one, values: {}, command }, watch)).recorded;
  }
  const events = async () => (await clone.index.events(incident.uid)).map(({ event }) => event);

  it('write into the timeline what was run, how it ended, how long it took, and what it said', async () => {
    let seen = '';
    const event = await run(action({ command: 'echo one; echo two >&2; exit 3', title: 'Roll *back*' }), (text) => {
      seen += text;
    });
    assert.deepEqual([event.kind, event.exit, event.action, event.by], ['action', 3, 'it', '@alice']);
    assert.match(
      event.body,
      /^\*\*Roll \\\*back\\\*\*\*: failed with exit code 3\.\n\n```sh\necho one; echo two >&2; exit 3\n```\n\n```text\n/,
    );
    assert.match(event.body, /one/);
    assert.match(event.body, /two/);
    assert.match(seen, /one\n/);
    assert.deepEqual(
      (await events()).find(({ id }) => id === event.id),
      event,
    );
    assert.deepEqual(
      clone.privateFiles?.paths().filter((name) => name.startsWith('runs/')),
      [],
    );
  });

  it('are checks where they only look', async () => {
    assert.equal((await run(action({ kind: 'check' }))).kind, 'check');
  });

  it('keep the end of what says much, without its colours and progress', async () => {
    const much = await run(action({ command: 'seq 1 200000; printf "\\033[31mred\\033[0m 10%%\\r20%%\\rdone\\n"' }));
    assert.match(much.body, /```text\n…\n199962\n[\s\S]*\n200000\ndone\n```$/);
    assert.ok(much.body.length < 5_000);
  });

  it('take binary output, and text that looks like the end of a block', async () => {
    const event = await run(
      action({ command: 'head -c 3000 /dev/urandom; printf "\\n~~~\\n\\140\\140\\140\\140\\n"' }),
    );
    assert.equal(event.exit, 0);
    assert.match(event.body, /`````text\n[\s\S]*\n````\n`````$/);
    assert.doesNotMatch(event.body, /[^\P{Cc}\n\t]/u);
  });

  it('do not fill the memory with a hundred megabytes', async () => {
    const before = process.memoryUsage().rss;
    const event = await run(action({ command: 'yes 0123456789 | head -c 100000000' }));
    assert.equal(event.exit, 0);
    assert.match(event.body, /```text\n…\n0123456789\n/);
    assert.ok(process.memoryUsage().rss - before < 300_000_000);
  });

  it('are stopped with all that they started', async () => {
    const started = await startAction(
      clone.context,
      ports,
      { incident, action: action(), values: {}, command: 'sleep 600 & echo $! ; sleep 600' },
      () => undefined,
    );
    let child = 0;
    const output = new Promise<void>((resolve) => {
      const timer = setInterval(async () => {
        const pids = await readFile(
          `/proc/${started.process?.pid}/task/${started.process?.pid}/children`,
          'utf8',
        ).catch(() => '');
        const [first] = pids.trim().split(' ');
        if (!first) return;
        child = Number(first);
        clearInterval(timer);
        resolve();
      }, 20);
    });
    await output;
    started.process?.stop();
    const event = await started.recorded;
    assert.equal(event.exit, undefined);
    assert.match(event.body, /\*\*It\*\*: stopped \(SIGTERM\)\./);
    // Nobody may have collected it yet.
    const state = await readFile(`/proc/${child}/stat`, 'utf8').catch(() => '');
    assert.match(state, /^$|\) Z /);
  });

  it('say why one could not be started', async () => {
    const event = await run(action({ cwd: 'no/such/folder' }));
    assert.match(event.body, /could not be started \(.*ENOENT/);
    assert.equal(event.exit, undefined);
  });

  it('let no secret onto the disk: neither of the command, nor of the output, nor while it runs', async () => {
    const token = testToken('alice');
    const started = await startAction(
      clone.context,
      ports,
      { incident, action: action(), values: {}, command: `sleep 0.3; echo Authorization: Bearer ${token}` },
      () => undefined,
    );
    assert.equal(JSON.stringify(clone.privateFiles?.snapshot()).includes(token), false);
    const event = await started.recorded;
    assert.match(event.body, /‹masked: /);
    for (const files of [clone.tree, clone.privateFiles])
      assert.equal(JSON.stringify(files?.snapshot()).includes(token), false);
  });

  it('that nobody saw end, since the window went away, are on record all the same', async () => {
    const started = await startAction(
      clone.context,
      { ...ports, keeper: 2 ** 30 },
      { incident, action: action({ title: 'Long one' }), values: {}, command: 'sleep 0.2' },
      () => undefined,
    );
    const left = clone.privateFiles?.snapshot() ?? {};
    const event = await started.recorded;
    // As if the window had gone before it wrote the event.
    for (const [name, text] of Object.entries(left)) if (name.startsWith('runs/')) clone.privateFiles?.put(name, text);
    assert.deepEqual(await settleRuns(clone.context, ports), []);
    assert.equal(
      (await events()).filter(({ id }) => id === event.id).length,
      1,
      'it was written; it is not written twice',
    );
    for (const [name, text] of Object.entries(left)) {
      if (name.startsWith('runs/'))
        clone.privateFiles?.put(
          name.replace(event.id, '01K5V7Z0000000000000000009'),
          text.replaceAll(event.id, '01K5V7Z0000000000000000009'),
        );
    }
    await settleRuns(clone.context, ports);
    const found = (await events()).find(({ id }) => id === '01K5V7Z0000000000000000009');
    assert.match(found?.body ?? '', /\*\*Long one\*\*: how it ended is not known/);
    assert.deepEqual(
      clone.privateFiles?.paths().filter((name) => name.startsWith('runs/')),
      [],
    );
  });

  it('tell what is running now', async () => {
    const started = await startAction(
      clone.context,
      ports,
      { incident, action: action({ timeout: 5_000 }), values: {}, command: 'sleep 5' },
      () => undefined,
    );
    const [running] = await settleRuns(clone.context, ports);
    assert.deepEqual([running?.id, running?.timeout, running?.incident], [started.run.id, 5_000, incident.uid]);
    started.process?.stop();
    await started.recorded;
    assert.deepEqual(await settleRuns(clone.context, ports), []);
  });

  it('keep evidence beside the incident: the very bytes, with hash and time, and say what was not kept', async () => {
    await mkdir(path.join(folder, 'logs/old'), { recursive: true });
    await writeFile(path.join(folder, 'logs/app (1) | x.log'), 'line\n');
    await writeFile(path.join(folder, 'logs/old/not.log'), 'deeper\n');
    await writeFile(path.join(folder, 'dump.bin'), Buffer.from([0, 255, 1, 13, 10]));
    await symlink('/etc/passwd', path.join(folder, 'logs/link.log'));
    const [, evidence] = await findActions(clone.tree, clone.index.policy());
    assert.ok(evidence);
    const event = await run(evidence);
    assert.match(event.body, /^\*\*Keep the logs\*\*: 2 of 2 files kept\./);
    const target = /attachments\/[^/]+$/.exec(`attachments/20250923T143000Z-logs`)?.[0];
    const kept = path.join(folder, incident.incident.folder, target ?? '');
    const copy = await readFile(path.join(kept, 'dump.bin'));
    assert.deepEqual([...copy], [0, 255, 1, 13, 10]);
    assert.ok(event.body.includes(createHash('sha256').update(copy).digest('hex')));
    assert.equal(await readFile(path.join(kept, 'logs/app (1) | x.log'), 'utf8'), 'line\n');
    assert.equal(event.exit, 0);
  });

  it('freeze deployments until the freeze is lifted; what failed changes nothing', async () => {
    const found = await findActions(clone.tree, clone.index.policy());
    const named = (id: string) => found.find((one) => one.id === id) ?? assert.fail(id);
    assert.equal(freezeOf(await events()), undefined);
    const set = await run(named('freeze-set'));
    assert.equal(freezeOf(await events())?.id, set.id);
    assert.match(set.body, /deployments are frozen\.$/);
    clone.pass(60_000);
    await run(action({ freeze: 'lift', command: 'false' }));
    assert.equal(freezeOf(await events())?.id, set.id);
    clone.pass(60_000);
    const lifted = await run(named('freeze-lift'));
    assert.equal(freezeOf(await events()), undefined);
    clone.pass(60_000);
    await retractEvent(clone.context, requireIncident(clone.index, incident.uid), lifted, 'not yet');
    assert.equal(freezeOf(await events())?.id, set.id);
  });

  it('run nothing that was not shown: what changed since counts as unseen', async () => {
    const one = action({ source: 'make', behind: 'deploy' });
    assert.equal(await isApproved(clone.privateFiles, one), false);
    await approve(clone.privateFiles, one);
    assert.equal(await isApproved(clone.privateFiles, one), true);
    for (const other of [{ behind: 'rm -rf' }, { command: 'x' }, { cwd: 'y' }, { id: 'z' }]) {
      assert.equal(await isApproved(clone.privateFiles, { ...one, ...other }), false);
    }
    clone.privateFiles?.put('approved-actions.json', '{"broken');
    assert.equal(await isApproved(clone.privateFiles, one), false);
    assert.equal(await isApproved(undefined, one), false);
  });

  it('need what they ask for', () => {
    const asks = action({
      parameters: [{ name: 'to', title: 'Where', default: undefined, options: ['a', 'b'], required: true }],
    });
    const refused = (error: unknown) => FirebreakError.is(error, 'invalidInput');
    assert.throws(() => commandOf(asks, {}, ports.processes), refused);
    assert.throws(() => commandOf(asks, { to: 'c' }, ports.processes), refused);
    assert.equal(commandOf(asks, { to: 'a' }, ports.processes), 'true');
  });

  it('are found in the policy, the Makefile, package.json and tasks.json, none twice, Firebreak’s own left out', async () => {
    clone.tree.put(
      'Makefile',
      'deploy-rollback: ## version=previous\n\t./deploy $(version)\nincident-update:\n\t@firebreak update\nempty:\n',
    );
    clone.tree.put('package.json', '{"scripts":{"smoke":"node smoke.js","bad name":"x"}}');
    clone.tree.put('.vscode/tasks.json', '{"tasks":[{"label":"Drain","type":"shell","command":"drain"}]}');
    const found = await findActions(clone.tree, clone.index.policy());
    assert.deepEqual(
      found.map(({ id, kind, risk }) => `${id} ${kind} ${risk}`),
      [
        'say check low',
        'logs evidence low',
        'make:deploy-rollback mitigation high',
        'npm:smoke check low',
        'task:Drain mitigation high',
        'freeze-set mitigation low',
        'freeze-lift mitigation low',
      ],
    );
    assert.equal(found[2]?.command, 'make deploy-rollback version=${version}');
    assert.equal(found[2]?.behind, './deploy $(version)');
  });

  describe('and the recovery checklist', () => {
    const standing = async () =>
      (await recoveryChecklist(clone.context, requireIncident(clone.index, incident.uid))).map(
        ({ entry, standing: how }) => `${entry.id} ${how}`,
      );

    it('is ticked by runs and by hand, counts what happened since the last fix, and is asked for at the end', async () => {
      const [say] = await findActions(clone.tree, clone.index.policy());
      assert.ok(say);
      const smoke = { ...say, command: 'true', parameters: [] };
      assert.deepEqual(await standing(), ['smoke open', 'support open']);
      clone.pass(1_000);
      incident = await changePhase(clone.context, incident, 'fix');
      clone.pass(1_000);
      await run(smoke);
      assert.deepEqual(await standing(), ['smoke done', 'support open']);
      clone.pass(1_000);
      incident = await changePhase(clone.context, incident, 'verify');
      assert.deepEqual(await standing(), ['smoke done', 'support open'], 'a run just before the step counts');
      const [, support] = clone.index.policy().checklist;
      assert.ok(support);
      clone.pass(1_000);
      await tickBox(clone.context, incident, support, false, 'two new ones');
      assert.deepEqual(await standing(), ['smoke done', 'support failed']);
      assert.deepEqual(
        (await uncheckedBoxes(clone.context, incident, 'rca')).map(({ entry }) => entry.id),
        ['support'],
      );
      assert.deepEqual(await uncheckedBoxes(clone.context, incident, 'fix'), []);
      clone.pass(1_000);
      await tickBox(clone.context, incident, support, true);
      assert.deepEqual(await uncheckedBoxes(clone.context, incident, 'closed'), []);
      clone.pass(1_000);
      incident = await changePhase(clone.context, incident, 'fix');
      assert.deepEqual(await standing(), ['smoke open', 'support open'], 'another fix has to be verified anew');
    });
  });
});
