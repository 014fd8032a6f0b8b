import assert from 'node:assert/strict';
import { Alertmanager } from '../../../../src/adapters/alerts/alertmanager.ts';
import type { Alert } from '../../../../src/core/alert.ts';
import { FirebreakError } from '../../../../src/core/errors.ts';
import { isIncident } from '../../../../src/core/item.ts';
import type { AlertSource } from '../../../../src/core/ports/alerts.ts';
import { hour, minute, second } from '../../../../src/core/time.ts';
import { AlertDesk } from '../../../../src/services/alerts/alertDesk.ts';
import { proposalOf, takenFromAlert } from '../../../../src/services/alerts/declarationOfAlert.ts';
import { cancelIncident } from '../../../../src/services/closeWrongIncident.ts';
import { declareIncident } from '../../../../src/services/declareIncident.ts';
import { retractEvent } from '../../../../src/services/replaceEvent.ts';
import { RealAlertmanager } from '../../../alertmanager/realAlertmanager.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { bob, type Clone, openClone } from '../clone.ts';

const url = 'http://127.0.0.1:9093';
const noMask = async (text: string) => text;

const apiDown: Alert = {
  fingerprint: 'fd87ecd0b9ef4465',
  name: 'ApiDown',
  labels: new Map([
    ['alertname', 'ApiDown'],
    ['service', 'checkout'],
    ['severity', 'critical'],
  ]),
  annotations: new Map([
    ['runbook_url', 'https://wiki.example.com/api'],
    ['summary', 'Checkout answers 500'],
  ]),
  // Two minutes before the clone's first instant.
  startsAt: Date.UTC(2025, 8, 23, 14, 28),
  silenced: false,
  inhibited: false,
  generatorUrl: 'http://prometheus.example.com/graph',
};

/** What a monitoring system says, as a test has it. Its clock is the clone's, or off by `skew`. */
class Monitoring implements AlertSource {
  alerts: readonly Alert[] = [apiDown];
  failure: Error | undefined;
  startedAt: number | undefined = Date.UTC(2025, 8, 1);
  skew = 0;
  saysTime = true;
  readonly asked: (readonly string[] | undefined)[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async active(names?: readonly string[]) {
    this.asked.push(names);
    if (this.failure) throw this.failure;
    return { alerts: this.alerts, at: this.saysTime ? this.#now() + this.skew : undefined };
  }

  async upSince() {
    return this.startedAt;
  }
}

function lockable() {
  let held = false;
  return async () => {
    if (held) return undefined;
    held = true;
    return {
      async dispose() {
        held = false;
      },
    };
  };
}

function deskOf(clone: Clone, lock = lockable(), mask = noMask): AlertDesk {
  assert.ok(clone.privateFiles);
  return new AlertDesk({ context: clone.context, privateFiles: clone.privateFiles, mask, lock });
}

async function declareFrom(clone: Clone, desk: AlertDesk, alert = apiDown) {
  const incident = await declareIncident(clone.context, {
    title: (await proposalOf(alert, [], noMask)).title,
    severity: 'P0',
    criteria: [],
    ...(await takenFromAlert(alert, noMask, clone.now)),
  });
  await desk.saw(alert, url, clone.now);
  return incident;
}

async function world() {
  const clone = await openClone();
  const desk = deskOf(clone);
  const monitoring = new Monitoring(() => clone.now);
  const incident = await declareFrom(clone, desk);
  const look = () => desk.look(monitoring, url);
  /** Lets time pass as a window does: with a look each half minute. */
  const watch = async (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += 30 * second) {
      clone.pass(30 * second);
      await look();
    }
  };
  const told = () => alertLines(clone, incident.uid);
  return { clone, desk, monitoring, incident, look, watch, told };
}

function alertLines(clone: Clone, uid: string): string[] {
  return (clone.index.loadedEvents(uid) ?? []).flatMap(({ event }) =>
    event.kind === 'alert' ? [`${event.at.slice(11, 19)} ${event.state}`] : [],
  );
}

describe('declaring from an alert', () => {
  it('takes over when it began, its words, its labels and its links', async () => {
    const { clone, incident } = await world();
    assert.equal(incident.title, 'Checkout answers 500');
    const text = clone.tree.text(incident.path) ?? '';
    assert.match(text, /^started: "?2025-09-23T14:28:00Z/m);
    assert.match(text, /^detected: "?2025-09-23T14:28:00Z/m);
    assert.match(text, /https:\/\/wiki\.example\.com\/api/);
    assert.match(incident.body, /service="checkout"/);
    assert.match(incident.body, /- \[Runbook\]\(<https:\/\/wiki\.example\.com\/api>\)/);
    const [first] = clone.index.loadedEvents(incident.uid) ?? [];
    assert.ok(first?.event.kind === 'alert');
    assert.deepEqual([first.event.alert, first.event.state, first.event.by], [apiDown.fingerprint, 'firing', '@alice']);
  });

  it('lets no clock that is ahead put the beginning after the declaration', async () => {
    const clone = await openClone();
    const taken = await takenFromAlert({ ...apiDown, startsAt: clone.now + hour }, noMask, clone.now);
    assert.equal(taken.started, '2025-09-23T14:30:00Z');
  });

  it('takes hostile words for words, and keeps secrets off the disk', async () => {
    const hostile: Alert = {
      ...apiDown,
      labels: new Map([
        ['alertname', '](https://evil.example.com) <script>'],
        ['fence', '```\n# not a heading\n```'],
        ['key', 'SECRET'],
      ]),
      annotations: new Map([
        ['summary', '<img src=x onerror=alert(1)> @everyone [x](javascript:alert(1))'],
        ['dashboard', 'https://example.com/SECRET'],
        ['runbook', 'javascript:alert(1)'],
      ]),
      generatorUrl: 'data:text/html,x',
    };
    const mask = async (text: string) => text.replaceAll('SECRET', '‹masked›');
    const clone = await openClone();
    const incident = await declareIncident(clone.context, {
      title: (await proposalOf(hostile, [], mask)).title,
      severity: 'P1',
      criteria: [],
      ...(await takenFromAlert(hostile, mask, clone.now)),
    });
    const files = JSON.stringify(clone.tree.snapshot());
    assert.ok(!files.includes('SECRET'));
    assert.ok(!/^# not/m.test(incident.body));
    assert.match(incident.body, /\\<img src=x/);
    assert.ok(!incident.body.includes('javascript:alert(1)>') && !incident.body.includes('data:'));
    assert.ok(!/@everyone/.test(incident.body));
  });
});

describe('the alerts of an open incident', () => {
  it('resolve and fire again as events, the first time they are seen to', async () => {
    const { clone, monitoring, watch, told, incident } = await world();
    await watch(5 * minute);
    assert.deepEqual(told(), ['14:28:00 firing']);
    monitoring.alerts = [];
    await watch(2 * minute);
    assert.deepEqual(told(), ['14:28:00 firing', '14:35:30 resolved']);
    await watch(20 * minute);
    monitoring.alerts = [{ ...apiDown, startsAt: clone.now + 10 * second }];
    await watch(5 * minute);
    assert.deepEqual(told(), ['14:28:00 firing', '14:35:30 resolved', '14:57:10 firing']);
    const last = (clone.index.loadedEvents(incident.uid) ?? []).at(-1)?.event;
    assert.match(last?.body ?? '', /^\*\*ApiDown\*\* is firing again\.\n\n```text\nalertname="ApiDown"/);
    assert.equal(last?.by, 'Alertmanager');
  });

  it('are asked for by name, and nothing is written while nothing changes', async () => {
    const { clone, monitoring, watch } = await world();
    await watch(minute);
    assert.deepEqual(monitoring.asked.at(-1), ['ApiDown']);
    clone.tree.forgetCounts();
    clone.privateFiles?.forgetCounts();
    await watch(hour);
    assert.deepEqual([clone.tree.writes, clone.privateFiles?.writes], [[], []]);
  });

  it('that flap fill no timeline', async () => {
    const { clone, monitoring, look, told } = await world();
    // Away for less than a minute, over and over.
    for (let number = 0; number < 120; number++) {
      clone.pass(30 * second);
      monitoring.alerts = number % 2 === 0 ? [] : [{ ...apiDown, startsAt: clone.now }];
      await look();
    }
    assert.deepEqual(told(), ['14:28:00 firing']);
    // Away for two minutes and back for two, for four hours.
    for (let number = 0; number < 480; number++) {
      clone.pass(30 * second);
      const isAway = number % 8 < 4;
      if (isAway) monitoring.alerts = [];
      else if (number % 8 === 4) monitoring.alerts = [{ ...apiDown, startsAt: clone.now }];
      await look();
    }
    assert.ok(told().length > 2 && told().length <= 22, told().join('\n'));
  });

  it('are not resolved by an Alertmanager that was just started, that is another, or that is gone', async () => {
    const { clone, monitoring, watch, told, desk } = await world();
    monitoring.failure = new FirebreakError('alertsUnreachable', 'gone');
    for (let number = 0; number < 10; number++) {
      await assert.rejects(watch(30 * second), (error) => FirebreakError.is(error, 'alertsUnreachable'));
    }
    monitoring.failure = undefined;
    monitoring.alerts = [];
    monitoring.startedAt = clone.now;
    await watch(4 * minute);
    assert.deepEqual(told(), ['14:28:00 firing']);
    monitoring.alerts = [apiDown];
    await watch(minute);
    monitoring.alerts = [];
    for (let number = 0; number < 10; number++) {
      clone.pass(minute);
      await desk.look(monitoring, 'https://staging.example.com');
    }
    assert.deepEqual(told(), ['14:28:00 firing']);
    await watch(2 * minute);
    assert.equal(told().length, 2);
  });

  it('have the times of the monitoring system, however wrong this clock is', async () => {
    const { monitoring, watch, told } = await world();
    monitoring.skew = -3 * hour;
    monitoring.alerts = [{ ...apiDown, startsAt: apiDown.startsAt - 3 * hour }];
    await watch(5 * minute);
    monitoring.alerts = [];
    await watch(2 * minute);
    // Before it began by the clock that declared it: then it can't have ended earlier than that.
    assert.deepEqual(told(), ['14:28:00 firing', '14:28:01 resolved']);
    monitoring.skew = 0;
    monitoring.saysTime = false;
    await watch(30 * minute);
    assert.equal(told().length, 2);
  });

  it('are told once by two windows, and once by two clones', async () => {
    const { clone, monitoring, incident } = await world();
    const lock = lockable();
    const [one, two] = [deskOf(clone, lock), deskOf(clone, lock)];
    const other = await openClone({ tree: memoryFiles(clone.tree.snapshot()), who: bob, origin: 'b0b000', seed: 7 });
    const others = deskOf(other);
    const step = async (ms: number) => {
      clone.pass(ms);
      other.pass(ms);
      await Promise.all([one.look(monitoring, url), two.look(monitoring, url), others.look(monitoring, url)]);
    };
    await step(30 * second);
    monitoring.alerts = [];
    for (let number = 0; number < 4; number++) await step(30 * second);
    other.pass(7 * second);
    monitoring.alerts = [{ ...apiDown, startsAt: Date.UTC(2025, 8, 23, 14, 40) }];
    for (let number = 0; number < 4; number++) await step(minute);

    const ids = (of: Clone) =>
      (of.index.loadedEvents(incident.uid) ?? []).flatMap(({ event }) => (event.kind === 'alert' ? [event.id] : []));
    assert.equal(ids(clone).length, 3);
    assert.deepEqual(ids(other), ids(clone));
    // What git brings together is the same file, or the same event twice: shown once.
    for (const [path, text] of Object.entries(other.tree.snapshot())) {
      if (clone.tree.text(path) !== undefined) assert.equal(clone.tree.text(path), text, path);
      else clone.tree.put(path, text);
    }
    await clone.index.load();
    assert.deepEqual(ids(clone), ids(other));
  });

  it('are followed no more once the incident is closed, or their events are taken back', async () => {
    const first = await world();
    const [attached] = first.clone.index.loadedEvents(first.incident.uid) ?? [];
    assert.ok(attached && first.desk.isNeeded());
    await retractEvent(first.clone.context, first.incident, attached.event, 'another alert');
    assert.equal(first.desk.isNeeded(), false);
    const asked = first.monitoring.asked.length;
    await first.watch(5 * minute);
    assert.equal(first.monitoring.asked.length, asked);

    const second = await world();
    await cancelIncident(second.clone.context, second.incident, 'false alarm');
    assert.equal(second.desk.isNeeded(), false);
  });

  it('can be attached later, and survive a lost memory and events written by hand', async () => {
    const clone = await openClone();
    const plain = await declareIncident(clone.context, { title: 'Down', severity: 'P0', criteria: [] });
    const desk = deskOf(clone);
    const monitoring = new Monitoring(() => clone.now);
    assert.equal(desk.isNeeded(), false);
    await desk.attach(plain, apiDown, url, clone.now);
    assert.equal(desk.isNeeded(), true);
    for (const broken of ['', '[]', '{"', `{"${url}":{"fd87ecd0b9ef4465":{"name":3}}}`]) {
      clone.privateFiles?.put('alerts.json', broken);
      await desk.look(monitoring, url);
    }
    const item = clone.index.item(plain.uid);
    assert.ok(item && isIncident(item));
    for (const [number, name] of ['__proto__', '"../x"', 'constructor', ''].entries()) {
      clone.tree.put(
        `${item.incident.folder}/timeline/20250923T15000${number}Z-alert-aaaa.md`,
        `---\nkind: alert\nalert: ${name}\nstate: firing\n---\nby hand\n`,
      );
    }
    await clone.index.load();
    monitoring.alerts = [];
    for (let number = 0; number < 4; number++) {
      clone.pass(minute);
      await desk.look(monitoring, url);
    }
    assert.deepEqual(
      alertLines(clone, plain.uid).filter((line) => line.endsWith('resolved')),
      ['14:31:00 resolved'],
    );
  });
});

describe('with a real Alertmanager', function () {
  this.timeout(60_000);
  let real: RealAlertmanager;
  before(async () => {
    real = await RealAlertmanager.start();
  });
  after(() => real?.dispose());

  it('an alert is declared, resolves and fires again', async () => {
    const labels = { alertname: 'ApiDown', service: 'checkout', severity: 'critical' };
    const post = (startsAt: string, endsAt?: string) => real.post({ labels, startsAt, ...(endsAt ? { endsAt } : {}) });
    await post('2025-09-23T14:28:00Z');
    const clone = await openClone();
    const alertmanager = new Alertmanager({ url: real.url, token: undefined, fetch: globalThis.fetch, log: () => {} });
    // Its answers, at the instants of the test.
    const source: AlertSource = {
      active: async (names) => ({ ...(await alertmanager.active(names)), at: clone.now }),
      upSince: () => alertmanager.upSince(),
    };
    const desk = deskOf(clone);
    const [alert] = (await source.active()).alerts;
    assert.ok(alert);
    const incident = await declareFrom(clone, desk, alert);
    await desk.saw(alert, real.url, Date.now());
    const look = async () => {
      clone.pass(minute);
      await desk.look(source, real.url);
    };
    await look();
    await post('2025-09-23T14:28:00Z', '2025-09-23T14:31:30Z');
    await look();
    await look();
    assert.deepEqual(alertLines(clone, incident.uid), ['14:28:00 firing', '14:32:00 resolved']);
    await post('2025-09-23T14:34:00Z');
    await look();
    assert.deepEqual(alertLines(clone, incident.uid), ['14:28:00 firing', '14:32:00 resolved', '14:34:00 firing']);
  });
});
