import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureAlertmanager } from '../../scripts/alertmanager/install.mjs';
import { GuardedProcess } from '../../scripts/lib/guardedProcess.ts';

/** An alert as Prometheus sends it. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly generatorURL?: string;
}

export interface ListedAlert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly state: string };
}

const config = `route: { receiver: none }
receivers: [{ name: none }]
inhibit_rules:
  - { source_matchers: [alertname="ClusterDown"], target_matchers: [severity="warning"], equal: [cluster] }
`;

/** A Prometheus Alertmanager on loopback, on a port of its own, that nothing outlives. */
export class RealAlertmanager {
  readonly #folder: string;
  #process: GuardedProcess;
  #port: string;

  private constructor(folder: string, started: GuardedProcess, port: string) {
    this.#folder = folder;
    this.#process = started;
    this.#port = port;
  }

  /** @throws ToolMissing where there is none to be had */
  static async start(): Promise<RealAlertmanager> {
    const folder = await mkdtemp(path.join(tmpdir(), 'fb-alertmanager-'));
    await writeFile(path.join(folder, 'config.yml'), config);
    return new RealAlertmanager(folder, ...(await launch(folder, '0')));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Posts alerts, and waits until they are listed, or, with an end, are not any more. */
  async post(...alerts: PostedAlert[]): Promise<void> {
    for (let from = 0; from < alerts.length; from += 1_000) {
      const response = await fetch(`${this.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts.slice(from, from + 1_000)),
      });
      assert.equal(response.status, 200, await response.text());
    }
    for (const alert of alerts.slice(-1)) await this.#until(alert, alert.endsAt === undefined);
  }

  async fingerprint(labels: PostedAlert['labels']): Promise<string> {
    const found = await this.#find(labels);
    assert.ok(found, 'the alert is listed');
    return found.fingerprint;
  }

  /** Silences every alert of a name for an hour. */
  async silence(alertname: string): Promise<void> {
    const response = await fetch(`${this.url}/api/v2/silences`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        matchers: [{ name: 'alertname', value: alertname, isRegex: false, isEqual: true }],
        startsAt: new Date(Date.now() - 1_000).toISOString(),
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
        createdBy: 'test',
        comment: 'planned',
      }),
    });
    assert.equal(response.status, 200, await response.text());
  }

  /** Ends it; {@link resume} starts it again at the same address, with nothing in it. */
  async stop(): Promise<void> {
    await this.#process.stop();
  }

  async resume(): Promise<void> {
    [this.#process, this.#port] = await launch(this.#folder, this.#port);
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #until(alert: PostedAlert, isThere: boolean): Promise<void> {
    for (let look = 0; look < 200; look++) {
      if (((await this.#find(alert.labels)) !== undefined) === isThere) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assert.fail(`Alertmanager did not ${isThere ? 'take' : 'end'} ${JSON.stringify(alert.labels)}`);
  }

  async #find(labels: PostedAlert['labels']): Promise<ListedAlert | undefined> {
    const response = await fetch(`${this.url}/api/v2/alerts`);
    const listed = (await response.json()) as ListedAlert[];
    return listed.find((one) => JSON.stringify(sorted(one.labels)) === JSON.stringify(sorted(labels)));
  }
}

function sorted(labels: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1));
}

async function launch(folder: string, port: string): Promise<[GuardedProcess, string]> {
  const program = await ensureAlertmanager();
  const started = await GuardedProcess.start(
    'Alertmanager',
    program,
    [
      `--config.file=${path.join(folder, 'config.yml')}`,
      `--storage.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { cwd: folder, env: { PATH: process.env.PATH } },
  );
  const [, listens = ''] = await started.waitForOutput(/Listening on"? address=127\.0\.0\.1:(\d+)/, 30_000);
  return [started, listens];
}
