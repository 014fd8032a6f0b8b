import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { RealAlertmanager } from '../../alertmanager/realAlertmanager.ts';
import { builtCli, CliWorkspace } from './builtCli.ts';
import type { ItemJson, ShowJson } from './shapes.ts';

interface AlertsJson {
  readonly alerts: readonly {
    readonly fingerprint: string;
    readonly name: string;
    readonly title: string;
    readonly severity: string;
    readonly silenced: boolean;
    readonly labels: Readonly<Record<string, string>>;
    readonly incident: string | null;
  }[];
}

interface AttachedJson {
  readonly item: ItemJson;
  readonly event: {
    readonly kind: string;
    readonly alert: string;
    readonly state: string;
    readonly at: string;
    readonly body: string;
  };
}

describe('alerts in the terminal', function () {
  this.timeout(120_000);
  let real: RealAlertmanager;
  let workspace: CliWorkspace;
  let environment: Record<string, string>;
  const labels = { alertname: 'ApiDown', service: 'checkout', severity: 'warning' };

  before(async () => {
    await builtCli();
    real = await RealAlertmanager.start();
    environment = { FIREBREAK_ALERTS_URL: real.url };
    workspace = await CliWorkspace.make();
    await real.post(
      { labels: { alertname: 'Evil\u001b[2J', severity: 'critical' }, startsAt: '2025-09-23T14:00:00Z' },
      {
        labels,
        annotations: { summary: 'Checkout answers 500', runbook_url: 'https://wiki.example.com/checkout' },
        startsAt: '2025-09-23T14:28:00Z',
      },
    );
  });
  after(async () => {
    await workspace?.remove();
    await real?.dispose();
  });

  const json = async <T>(...args: string[]): Promise<T> => {
    const run = await workspace.runWith({ environment }, '--json', ...args);
    assert.equal(run.code, 0, run.stderr);
    return JSON.parse(run.stdout);
  };

  it('are listed, what is worst first, and repaint no terminal', async () => {
    const run = await workspace.runWith({ environment }, 'alerts');
    assert.equal(run.code, 0, run.stderr);
    const [heading, first, second] = run.stdout.split('\n');
    assert.match(heading ?? '', /^FINGERPRINT +SEVERITY +ALERT +FOR +SUMMARY/);
    assert.match(first ?? '', /critical +Evil/);
    assert.match(second ?? '', /warning +ApiDown .* Checkout answers 500$/);
    assert.ok(!run.stdout.includes('\u001b'));
  });

  it('are declared with what they say, and what is said on the command line counts first', async () => {
    const fingerprint = await real.fingerprint(labels);
    const { item } = await json<{ item: ItemJson }>('declare', '--alert', fingerprint.slice(0, 8));
    assert.equal(item.title, 'Checkout answers 500');
    assert.equal(item.severity, 'P2');
    assert.equal(item.incident?.service, 'checkout');
    assert.equal(item.incident?.started, '2025-09-23T14:28:00Z');
    const { alerts } = await json<AlertsJson>('alerts');
    assert.deepEqual(
      alerts.map(({ name, severity, incident }) => [name, severity, incident]),
      [
        ['Evil\u001b[2J', 'P0', null],
        ['ApiDown', 'P2', item.id],
      ],
    );
    const shown = await json<ShowJson>('show', item.id);
    const first = shown.timeline.find(({ kind }) => kind === 'alert');
    assert.deepEqual([first?.at, first?.alert, first?.state], ['2025-09-23T14:28:00Z', fingerprint, 'firing']);

    const own = await json<{ item: ItemJson }>(
      'declare',
      'Mine',
      '--alert',
      fingerprint,
      '--severity',
      'P1',
      '--service',
      'pay',
    );
    assert.deepEqual([own.item.title, own.item.severity, own.item.incident?.service], ['Mine', 'P1', 'pay']);
  });

  it('propose the severity that the policy has for their labels, and the command line still decides', async () => {
    await workspace.put('incident-policy.yml', 'alerts: { team: { payments: P3 }, severity: { warning: P1 } }\n');
    try {
      const { alerts } = await json<AlertsJson>('alerts');
      assert.equal(alerts.find(({ name }) => name === 'ApiDown')?.severity, 'P1');
      const listed = await workspace.runWith({ environment }, 'alerts');
      assert.match(listed.stdout, /^\w+ +P1 +warning +ApiDown/m);
      const declare = (...more: string[]) =>
        json<{ item: ItemJson }>('declare', '--alert', alerts.at(-1)?.fingerprint ?? '', ...more);
      const { item } = await declare();
      assert.equal(item.severity, 'P1');
      const { item: own } = await declare('Mine alone', '--severity', 'P4');
      assert.equal(own.severity, 'P4');
      for (const { id } of [item, own]) await json('cancel', id, 'only a test of the policy');
    } finally {
      await rm(path.join(workspace.folder, 'incident-policy.yml'));
    }
  });

  it('are attached to an open incident, which is named where there are several', async () => {
    const database = { alertname: 'DatabaseSlow', service: 'db' };
    await real.post({ labels: database, startsAt: '2025-09-23T14:40:00Z' });
    const fingerprint = await real.fingerprint(database);
    const { alerts } = await json<AlertsJson>('alerts');
    const id = alerts.find(({ name }) => name === 'ApiDown')?.incident ?? '';
    const several = await workspace.runWith({ environment }, 'alerts', 'attach', fingerprint);
    assert.deepEqual([several.code, /2 incidents are open/.test(several.stderr)], [1, true], several.stderr);
    const { item, event } = await json<AttachedJson>('alerts', 'attach', fingerprint.slice(0, 9), id);
    assert.equal(item.id, id);
    assert.deepEqual(
      [event.kind, event.alert, event.state, event.at],
      ['alert', fingerprint, 'firing', '2025-09-23T14:40:00Z'],
    );
    assert.match(event.body, /^\*\*DatabaseSlow\*\* is firing\./);
    const after = await json<AlertsJson>('alerts');
    assert.equal(after.alerts.find(({ name }) => name === 'DatabaseSlow')?.incident, id);
    const twice = await workspace.runWith({ environment }, 'alerts', 'attach', fingerprint, id);
    assert.deepEqual([twice.code, twice.stderr], [2, `firebreak: ${id} follows this alert already.\n`]);
    const { timeline } = await json<ShowJson>('show', id);
    assert.equal(timeline.filter(({ kind }) => kind === 'alert').length, 2);
  });

  it('are attached neither to what is over, nor when they are gone', async () => {
    const fingerprint = await real.fingerprint(labels);
    const { item } = await json<{ item: ItemJson }>('declare', 'Over');
    await json('cancel', item.id, 'no trouble at all');
    const over = await workspace.runWith({ environment }, '--json', 'alerts', 'attach', fingerprint, item.id);
    assert.equal(JSON.parse(over.stderr).error.code, 'alreadyClosed');
    const gone = await workspace.runWith({ environment }, 'alerts', 'attach', 'ffff', item.id);
    assert.equal(gone.code, 1);
    const wrong = await workspace.runWith({ environment }, 'alerts', 'attach');
    assert.deepEqual([wrong.code, /missing required argument 'alert'/.test(wrong.stderr)], [2, true], wrong.stderr);
    const help = await workspace.run('alerts', 'attach', '--help');
    assert.match(help.stdout, /Usage: firebreak alerts attach \[options\] <alert> \[id\]/);
  });

  it('that can not be had say why', async () => {
    const failure = async (args: string[], more: Record<string, string>) => {
      const run = await workspace.runWith({ environment: more }, '--json', ...args);
      return (JSON.parse(run.stderr) as { error: { code: string } }).error;
    };
    assert.equal((await failure(['alerts'], {})).code, 'noAlertmanager');
    const plain = await failure(['alerts'], { FIREBREAK_ALERTS_URL: 'http://mon.example.com' });
    assert.equal(plain.code, 'unsafeAddress');
    const gone = await failure(['alerts'], { FIREBREAK_ALERTS_URL: 'http://127.0.0.1:1' });
    assert.equal(gone.code, 'alertsUnreachable');
    assert.equal((await failure(['declare', '--alert', 'ffff'], environment)).code, 'notFound');
    assert.equal((await failure(['declare', '--alert', 'ffff', '--item', 'x'], environment)).code, 'usage');
  });
});
