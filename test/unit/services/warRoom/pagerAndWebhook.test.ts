import assert from 'node:assert/strict';
import type { Incident } from '../../../../src/core/item.ts';
import type { AnnounceTarget } from '../../../../src/core/policy.ts';
import { minute, second } from '../../../../src/core/time.ts';
import { emptyStatusUpdate } from '../../../../src/documents/statusUpdate.ts';
import { changePhase } from '../../../../src/services/changePhase.ts';
import { cancelIncident } from '../../../../src/services/closeWrongIncident.ts';
import { postStatusUpdate } from '../../../../src/services/postStatusUpdate.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { retractEvent } from '../../../../src/services/replaceEvent.ts';
import { type RoomClone, RoomWorld } from './roomWorld.ts';

describe('The war room and PagerDuty', () => {
  let world: RoomWorld;
  let clone: RoomClone;

  beforeEach(async () => {
    world = await RoomWorld.start();
    clone = await world.clone();
  });
  afterEach(() => world.stop());

  const declare = () => clone.declare({ commander: '', service: 'auth' });
  const open = async ({ uid }: Incident, targets: readonly AnnounceTarget[] = ['pagerduty']) => {
    await clone.room.open(clone.incident(uid), targets);
    return clone.round();
  };
  const actions = () => world.pager.events.map(({ event_action }) => event_action);

  it('pages, acknowledges and resolves one alert', async () => {
    const incident = await declare();
    await open(incident);
    await clone.round();
    assert.deepEqual(actions(), ['trigger']);
    assert.deepEqual(world.pager.events[0]?.payload, {
      summary: 'P0 Login is down',
      source: 'auth',
      severity: 'critical',
      timestamp: '2025-09-23T14:30:00Z',
      custom_details: { incident: incident.id, impact: 'Nobody can log in' },
    });
    await recordEvent(clone.context, incident, 'acknowledge', '');
    await clone.round();
    assert.equal(world.pager.alerts.get(incident.uid), 'acknowledged');
    await changePhase(clone.context, clone.incident(incident.uid), 'rca');
    const report = await clone.round();
    assert.equal(world.pager.alerts.get(incident.uid), 'resolved');
    assert.equal(report.standings[0]?.waiting, 0);
    assert.deepEqual(await clone.bodies(incident.uid, 'note'), ['Paged through PagerDuty.']);
  });

  it('calls nobody a second time when the incident goes back to work', async () => {
    const incident = await declare();
    await open(incident);
    await changePhase(clone.context, clone.incident(incident.uid), 'rca');
    await clone.round();
    await changePhase(clone.context, clone.incident(incident.uid), 'fix');
    await clone.round();
    assert.equal(world.pager.calls, 1);
    assert.equal(world.pager.alerts.get(incident.uid), 'resolved');
  });

  it('calls nobody for what was over before anybody could be called, and resolves a false alarm', async () => {
    const early = await declare();
    world.pager.next({ kind: 'answer', status: 500 });
    await open(early);
    await cancelIncident(clone.context, clone.incident(early.uid), 'A test');
    clone.pass(minute);
    await clone.round();
    assert.equal(world.pager.calls, 0);
    const alarm = await declare();
    await open(alarm);
    await cancelIncident(clone.context, clone.incident(alarm.uid), 'A test');
    await clone.round();
    assert.equal(world.pager.alerts.get(alarm.uid), 'resolved');
  });

  it('calls once when the answer gets lost', async () => {
    const incident = await declare();
    world.pager.next({ kind: 'dropAfter' });
    await open(incident);
    clone.pass(minute);
    await clone.round();
    assert.deepEqual(actions(), ['trigger', 'trigger']);
    assert.equal(world.pager.calls, 1);
  });

  it('says what PagerDuty does not take, waits where it asks for a pause, and holds up nothing else', async () => {
    const incident = await declare();
    world.pager.keys.clear();
    const refused = await open(incident, ['pagerduty', 'webhook']);
    const [failure] = refused.standings[0]?.failures ?? [];
    assert.equal(failure?.reason, 'refused');
    assert.match(failure?.message ?? '', /PagerDuty refused it \(400: .*routing_key/);
    assert.equal(world.webhook.messages.length, 1);
    world.pager.next({ kind: 'answer', status: 429, headers: { 'retry-after': '20' } });
    await clone.room.retry();
    const limited = await clone.round();
    assert.equal(limited.standings[0]?.failures[0]?.reason, 'limited');
    assert.equal(limited.next, clone.now + 20 * second);
  });

  it('calls for a P0 before anything of a P1', async () => {
    const later = await clone.declare({ severity: 'P1', commander: '' });
    await clone.room.open(later, ['pagerduty']);
    clone.pass(minute);
    const worse = await declare();
    await clone.room.open(worse, ['pagerduty']);
    await clone.round();
    assert.deepEqual(
      world.pager.events.map(({ dedup_key }) => dedup_key),
      [worse.uid, later.uid],
    );
  });

  it('follows no redirect with the key in hand', async () => {
    const incident = await declare();
    const { address } = world.webhook;
    world.pager.next({ kind: 'answer', status: 307, headers: { location: address } });
    const report = await open(incident);
    assert.equal(report.standings[0]?.failures[0]?.reason, 'refused');
    assert.deepEqual(world.webhook.messages, []);
  });

  it('waits for a target that is switched off on this machine, and says so', async () => {
    const incident = await declare();
    await clone.room.open(incident, ['pagerduty']);
    const report = await clone.round(['pagerduty']);
    assert.deepEqual(
      report.standings[0]?.failures.map(({ reason, target }) => [target, reason]),
      [['pagerduty', 'switchedOff']],
    );
    assert.equal(report.next, undefined);
    await clone.round();
    assert.equal(world.pager.calls, 1);
  });
});

describe('The war room and a webhook', () => {
  let world: RoomWorld;
  let clone: RoomClone;
  let incident: Incident;

  beforeEach(async () => {
    world = await RoomWorld.start();
    clone = await world.clone();
    incident = await clone.declare();
    await clone.room.open(incident, ['webhook']);
  });
  afterEach(() => world.stop());

  const post = (at: RoomClone, currentState: string) =>
    postStatusUpdate(at.context, at.incident(incident.uid), { ...emptyStatusUpdate, currentState });

  it('is told of the declaration, updates and the end, each once, with a key', async () => {
    await clone.round();
    const update = await post(clone, 'Rolling back');
    await clone.round();
    await changePhase(clone.context, clone.incident(incident.uid), 'rca');
    await clone.round();
    await clone.round();
    assert.deepEqual(
      world.webhook.messages.map(({ key, kind }) => [key, kind]),
      [
        [`opened-${incident.uid}`, 'opened'],
        [update.id, 'status'],
        [`resolved-${incident.uid}`, 'resolved'],
      ],
    );
    assert.deepEqual(world.webhook.messages[0]?.incident, {
      id: incident.id,
      title: 'Login is down',
      severity: 'P0',
      phase: 'declared',
    });
  });

  it('is not told what was taken back before it was sent, nor what another clone tells it', async () => {
    const wrong = await post(clone, 'All good');
    await retractEvent(clone.context, incident, wrong, 'Wrong window');
    const other = await world.secondClone(clone);
    await post(other, 'Seen by Bob');
    await clone.index.refresh(['incidents']);
    await clone.round();
    assert.deepEqual(
      world.webhook.messages.map(({ kind }) => kind),
      ['opened'],
    );
  });

  it('is tried again after it was down', async () => {
    world.webhook.next({ kind: 'answer', status: 502 });
    const report = await clone.round();
    assert.equal(report.standings[0]?.failures[0]?.message, 'The webhook has trouble (502)');
    clone.pass(5 * second);
    await clone.round();
    assert.equal(world.webhook.messages.length, 1);
  });

  it('has its address in no message, log or file', async () => {
    world.webhook.next({ kind: 'answer', status: 404 });
    const report = await clone.round();
    assert.equal(report.standings[0]?.failures[0]?.reason, 'badToken');
    assert.ok(!JSON.stringify(report).includes('secret'));
    for (const path of clone.privateFiles?.paths() ?? []) {
      assert.ok(!clone.privateFiles?.text(path)?.includes('hook/secret'), path);
    }
  });
});
