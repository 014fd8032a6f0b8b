import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Alertmanager } from '../../../../src/adapters/alerts/alertmanager.ts';
import { alertLinks, alertTitle, byUrgency, severityOfAlert } from '../../../../src/core/alert.ts';
import { safeAlertmanagerUrl } from '../../../../src/core/apiAddress.ts';
import { type ErrorCode, FirebreakError } from '../../../../src/core/errors.ts';
import { RealAlertmanager } from '../../../alertmanager/realAlertmanager.ts';
import { testToken } from '../../../support/testTokens.ts';

const token = testToken('alerts');

function alertmanager(url: string, more: { token?: string; timeout?: number; lines?: string[] } = {}): Alertmanager {
  const { lines = [], timeout } = more;
  return new Alertmanager({
    url,
    token: more.token,
    fetch: globalThis.fetch,
    log: (line) => lines.push(line),
    ...(timeout === undefined ? {} : { timeout }),
  });
}

async function refused(work: Promise<unknown>, code: ErrorCode): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.ok(FirebreakError.is(error, code), String(error));
    assert.ok(!error.message.includes(token));
    return error.message;
  }
  return assert.fail('was not refused');
}

describe('an Alertmanager', function () {
  this.timeout(120_000);
  let real: RealAlertmanager;
  before(async () => {
    real = await RealAlertmanager.start();
  });
  after(() => real?.dispose());

  it('tells what is active, with labels, links, and what is silenced or inhibited', async () => {
    const down = {
      labels: { alertname: 'ApiDown', severity: 'critical', service: 'checkout' },
      annotations: {
        summary: 'Checkout answers 500',
        runbook_url: 'https://wiki.example.com/checkout',
        dashboard: 'https://grafana.example.com/d/1',
      },
      generatorURL: 'http://prometheus.example.com/graph?g0.expr=up',
      startsAt: '2025-09-23T14:30:00.123456789Z',
    };
    await real.post(
      down,
      { labels: { alertname: 'Planned', severity: 'info' } },
      { labels: { alertname: 'ClusterDown', severity: 'critical', cluster: 'eu' } },
      { labels: { alertname: 'Slow', severity: 'warning', cluster: 'eu' } },
    );
    await real.silence('Planned');
    const source = alertmanager(real.url);
    const reading = async () => new Map((await source.active()).alerts.map((alert) => [alert.name, alert]));
    let alerts = await reading();
    // Alertmanager marks what is suppressed a moment after it was told.
    for (let look = 0; look < 200 && !(alerts.get('Planned')?.silenced && alerts.get('Slow')?.inhibited); look++) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      alerts = await reading();
    }
    const api = alerts.get('ApiDown');
    assert.ok(api);
    assert.equal(api.fingerprint, await real.fingerprint(down.labels));
    assert.equal(new Date(api.startsAt).toISOString(), '2025-09-23T14:30:00.123Z');
    assert.equal(alertTitle(api), 'Checkout answers 500');
    assert.equal(severityOfAlert(api, []), 'P0');
    assert.deepEqual(
      alertLinks(api).map(({ kind, url }) => [kind, url]),
      [
        ['runbook', 'https://wiki.example.com/checkout'],
        ['dashboard', 'https://grafana.example.com/d/1'],
        ['source', 'http://prometheus.example.com/graph?g0.expr=up'],
      ],
    );
    const state = (name: string) => [alerts.get(name)?.silenced, alerts.get(name)?.inhibited];
    assert.deepEqual(state('ApiDown'), [false, false]);
    assert.deepEqual(state('Planned'), [true, false]);
    assert.deepEqual(state('Slow'), [false, true]);
    assert.deepEqual(
      byUrgency([...alerts.values()], []).map(({ name }) => name),
      ['ClusterDown', 'ApiDown', 'Slow', 'Planned'],
    );
  });

  it('asks for named alerts alone, and says its time', async () => {
    const source = alertmanager(real.url);
    await real.post({ labels: { alertname: 'Disk full (db)', severity: 'warning' } });
    const named = await source.active(['ApiDown', 'Slow']);
    assert.deepEqual(named.alerts.map(({ name }) => name).sort(), ['ApiDown', 'Slow']);
    assert.ok(named.at !== undefined && Math.abs(named.at - Date.now()) < 60_000);
    const since = await source.upSince();
    assert.ok(since !== undefined && since <= named.at + 1_000);
    // A name that could be read as a pattern is not made into one.
    const all = await source.active(['Disk full (db)']);
    assert.ok(all.alerts.some(({ name }) => name === 'Disk full (db)') && all.alerts.length > 1);
  });

  it('keeps labels as they are, whatever they say', async () => {
    const hostile = {
      alertname: '"} or 1==1 {"',
      __proto__label: 'x',
      html: '<img src=x onerror=alert(1)>',
      long: 'x'.repeat(10_000),
      lines: 'a\n\u001b[31mb\u202e```\n# heading',
    };
    const labels = JSON.parse(`{"__proto__":"polluted",${JSON.stringify(hostile).slice(1)}`);
    await real.post({
      labels,
      annotations: {
        runbook_url: 'javascript:alert(1)',
        dashboard: 'https://user:pass@example.com/',
        summary: '\u0007 ',
      },
    });
    const { alerts } = await alertmanager(real.url).active();
    const found = alerts.find(({ name }) => name === hostile.alertname);
    assert.ok(found);
    assert.equal(found.labels.get('__proto__'), 'polluted');
    assert.equal(found.labels.get('lines'), hostile.lines);
    assert.deepEqual(alertLinks(found), []);
    assert.equal(alertTitle(found), hostile.alertname);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });

  it('reads ten thousand', async () => {
    const many = Array.from({ length: 10_000 }, (_, number) => ({
      labels: { alertname: 'Many', number: String(number), severity: 'warning', service: `service-${number % 50}` },
      annotations: { summary: `Instance ${number} is slow` },
    }));
    await real.post(...many);
    const { alerts } = await alertmanager(real.url).active();
    assert.equal(alerts.filter(({ name }) => name === 'Many').length, 10_000);
    assert.equal((await alertmanager(real.url).active(['ApiDown'])).alerts.length, 1);
  });

  it('that is gone is told, and is there again when it is', async () => {
    const source = alertmanager(real.url);
    await real.stop();
    assert.match(await refused(source.active(), 'alertsUnreachable'), /can't be reached \(ECONNREFUSED\)/);
    await real.resume();
    assert.deepEqual((await source.active()).alerts, []);
  });
});

describe('what is no good Alertmanager', () => {
  const servers: Server[] = [];
  const serve = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer).listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  const answer =
    (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
    (_request, response) =>
      response.writeHead(status, headers).end(body);

  it('refuses a token, or wants one', async () => {
    const url = await serve(answer(401, 'no'));
    assert.match(await refused(alertmanager(url).active(), 'alertsRefused'), /wants a token/);
    assert.match(await refused(alertmanager(url, { token }).active(), 'alertsRefused'), /refuses the token/);
  });

  it('gets the token as a bearer, or as user and password, and no other address gets it', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = await serve((request, response) => {
      seen.push(`elsewhere ${request.headers.authorization}`);
      response.end('[]');
    });
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization);
      if (seen.length < 3) response.end('[]');
      else response.writeHead(302, { location: `${elsewhere}/api/v2/alerts` }).end();
    });
    const lines: string[] = [];
    await alertmanager(url, { token, lines }).active();
    await alertmanager(url, { token: 'ada:pässword', lines }).active();
    assert.match(await refused(alertmanager(url, { token, lines }).active(), 'alertsUnusable'), /another address/);
    const basic = `Basic ${Buffer.from('ada:pässword').toString('base64')}`;
    assert.deepEqual(seen, [`Bearer ${token}`, basic, `Bearer ${token}`]);
    assert.ok(lines.length === 3 && !lines.join().includes(token));
  });

  it('answers a page, half an answer, an error, something else, nothing', async () => {
    const page = answer(200, '<html>Sign in</html>', { 'content-type': 'text/html' });
    assert.match(await refused(alertmanager(await serve(page)).active(), 'alertsUnusable'), /page to sign in/);
    assert.match(await refused(alertmanager(await serve(answer(404, 'no'))).active(), 'alertsUnusable'), /404/);
    assert.match(await refused(alertmanager(await serve(answer(200, '{}'))).active(), 'alertsUnusable'), /no list/);
    const strange = answer(200, '[{"fingerprint":"x"},3,null]');
    assert.match(await refused(alertmanager(await serve(strange)).active(), 'alertsUnusable'), /none of its alerts/);
    assert.match(await refused(alertmanager(await serve(answer(503, ''))).active(), 'alertsUnreachable'), /503/);
    const half: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('[{"fing');
      setImmediate(() => response.destroy());
    };
    await refused(alertmanager(await serve(half)).active(), 'alertsUnreachable');
    const silent: RequestListener = () => undefined;
    const waiting = alertmanager(await serve(silent), { timeout: 50 }).active();
    assert.match(await refused(waiting, 'alertsUnreachable'), /no answer in time/);
  });

  it('has one alert that can be read among others that can not', async () => {
    const good = { fingerprint: 'AB12', labels: { alertname: 'A' }, startsAt: '2025-09-23T14:30:00Z' };
    const url = await serve(answer(200, JSON.stringify([good, { ...good, startsAt: 'soon' }, { labels: {} }])));
    const lines: string[] = [];
    const { alerts } = await alertmanager(url, { lines }).active();
    assert.deepEqual(
      alerts.map(({ fingerprint, name }) => [fingerprint, name]),
      [['ab12', 'A']],
    );
    assert.match(lines.join(), /2 alerts could not be read/);
  });
});

describe('the address of an Alertmanager', () => {
  it('may have a path, and may end in its API', () => {
    assert.equal(safeAlertmanagerUrl(' http://localhost:9093/ '), 'http://localhost:9093');
    assert.equal(safeAlertmanagerUrl('https://mon.example.com/am/api/v2/'), 'https://mon.example.com/am');
  });

  it('is https, or this machine', () => {
    for (const bad of [
      'http://mon.example.com',
      'ftp://localhost',
      'localhost:9093',
      'https://a:b@x',
      '',
      'https://x/#/alerts',
    ]) {
      assert.throws(
        () => safeAlertmanagerUrl(bad),
        (error) => FirebreakError.is(error, 'unsafeAddress') && /^The Alertmanager address /.test(error.message),
        bad,
      );
    }
  });
});
