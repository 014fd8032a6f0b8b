// The closed past incident of the demo: a P0 nine days ago, from the first alert to the reviewed RCA.
import { compact, day, daysBefore, instant, itemId, ulid, week } from './dates.mjs';
import { document } from './document.mjs';
import { people } from './people.mjs';

const { maria, jonas, lena } = people;
const daysAgo = 9;
const title = 'Checkout answers every order with an error';

/** When the incident was declared, and so its id. */
export function incidentId(now) {
  return itemId('bug', 'P0', daysBefore(now, daysAgo, '14:05'));
}

const update = (state, impact, cause, actions, next, eta) =>
  [
    `- **Current State**: ${state}`,
    `- **Impact**: ${impact}`,
    `- **Root Cause**: ${cause}`,
    `- **Actions Taken**: ${actions}`,
    `- **Next Steps**: ${next}`,
    `- **ETA**: ${eta}`,
  ].join('\n');

/**
 * The timeline. `at` is when it happened, `written` when it was written down (else at once), `after` the day of the
 * incident; `to` makes it the next state of its kind.
 */
const timeline = [
  {
    at: '14:02:00',
    written: '14:05:00',
    by: lena,
    kind: 'phase',
    to: 'detected',
    body: 'First customer writes: “Payment failed, try again later”, three times in a row.',
  },
  { at: '14:05:00', by: lena, kind: 'phase', to: 'declared', body: title },
  { at: '14:05:00', by: lena, kind: 'severity', to: 'P0', body: '' },
  { at: '14:05:00', by: lena, kind: 'role', role: 'commander', to: maria.handle, body: '' },
  {
    at: '14:05:00',
    by: lena,
    kind: 'impact',
    body: 'No order can be paid, in any country. About 40 orders a minute at this time of day.',
  },
  { at: '14:05:00', by: lena, kind: 'decision', sprint: true },
  { at: '14:07:12', by: maria, kind: 'acknowledge', body: '' },
  { at: '14:08:02', by: maria, kind: 'role', role: 'communications', to: lena.handle, body: '' },
  { at: '14:08:20', by: maria, kind: 'role', role: 'operations', to: jonas.handle, body: '' },
  { at: '14:10:00', by: maria, kind: 'phase', to: 'triage', body: '' },
  {
    at: '13:58:30',
    written: '14:10:40',
    by: jonas,
    kind: 'alert',
    body: '`PaymentsErrorRate` fired: 100% of charges fail. It went to the channel that nobody reads.',
  },
  {
    at: '14:12:05',
    by: jonas,
    kind: 'hypothesis',
    body: 'The deployment of checkout 4.18 at 13:55 is the only change of the day.',
  },
  {
    at: '14:14:30',
    by: jonas,
    kind: 'check',
    exit: 2,
    duration: 3.1,
    cwd: '.',
    body: '`make health-check`\n\n```\nstorefront: ok\ncheckout: ok\npayments: 50 of 50 connections in use, 212 waiting\n```',
  },
  {
    at: '14:15:10',
    by: lena,
    kind: 'status',
    body: update(
      'down: no order can be paid',
      '100% of checkouts, all regions, since 13:57',
      'under investigation; checkout 4.18 went out at 13:55',
      'incident declared, team assembled',
      'roll back to 4.17',
      'TBD',
    ),
  },
  { at: '14:16:00', by: maria, kind: 'phase', to: 'respond', body: '' },
  { at: '14:18:00', by: maria, kind: 'phase', to: 'mitigate', body: '' },
  {
    at: '14:18:40',
    by: maria,
    kind: 'decision',
    body: 'Roll back now, understand later. The heap and the pool statistics of one instance are kept first.',
  },
  {
    at: '14:20:00',
    by: jonas,
    kind: 'action',
    exit: 0,
    duration: 96,
    cwd: '.',
    body: '`make deploy-rollback version=previous`',
  },
  { at: '14:24:00', by: jonas, kind: 'note', name: 'error-rate', body: 'Error rate falls: 48% of charges fail.' },
  {
    at: '14:24:00',
    written: '14:31:20',
    by: jonas,
    kind: 'correction',
    replaces: 'error-rate',
    body: 'Error rate falls: 14% of charges fail. (48% was the five-minute average.)',
  },
  {
    at: '14:27:00',
    by: lena,
    kind: 'message',
    body: 'To the status page: “Payments failed between 13:57 and 14:26 UTC. They work again. Orders that showed an error were not charged.”',
  },
  {
    at: '14:29:00',
    by: jonas,
    kind: 'check',
    exit: 0,
    duration: 2.4,
    cwd: '.',
    body: '`make customer-impact-check`: 0 of 1,204 sessions in the last 5 minutes saw an error.',
  },
  { at: '14:30:15', by: maria, kind: 'phase', to: 'investigate', body: '' },
  {
    at: '14:44:50',
    by: lena,
    kind: 'status',
    body: update(
      'up, on 4.17',
      'none since 14:26; about 1,150 orders were lost',
      'the connection pool of payments is exhausted by 4.18, why is open',
      'rolled back, customers told',
      'find what 4.18 does with connections',
      '16:00 UTC for the cause',
    ),
  },
  {
    at: '14:52:10',
    by: jonas,
    kind: 'hypothesis',
    body: '4.18 retries a refused card three times. Each try takes a connection, and a refused one never gives it back.',
  },
  {
    at: '15:03:30',
    by: jonas,
    kind: 'pin',
    body: 'Confirmed in a test: 50 refused cards, and the pool is empty. The `return` for a refusal comes before the `release`.',
  },
  { at: '15:20:00', by: jonas, kind: 'phase', to: 'fix', body: '' },
  { at: '15:22:40', by: jonas, kind: 'commit', body: '`f3c1a9e` Give the connection back when a charge is refused' },
  { at: '15:48:00', by: maria, kind: 'phase', to: 'verify', body: '' },
  {
    at: '15:52:30',
    by: jonas,
    kind: 'check',
    exit: 0,
    duration: 41,
    cwd: '.',
    body: '`make test-smoke`: storefront, cart, checkout and receipt ok.',
  },
  {
    at: '16:01:00',
    by: lena,
    kind: 'status',
    body: update(
      'up, with the fix (4.18.1)',
      'none',
      'a refused card kept its connection; retries made it worse',
      'fix deployed and verified, 4.18.1 at 15:41',
      'RCA tomorrow at 10:00 UTC',
      'done',
    ),
  },
  { at: '16:02:30', by: maria, kind: 'phase', to: 'rca', body: '' },
  {
    after: 1,
    at: '11:15:00',
    by: maria,
    kind: 'note',
    body: 'RCA written together: [rca.md](../rca.md). Maria, Jonas and Lena were there.',
  },
  {
    after: 2,
    at: '10:18:00',
    by: maria,
    kind: 'decision',
    body: 'RCA reviewed. The two preventions below are in the backlog.',
  },
  { after: 2, at: '10:19:00', by: maria, kind: 'phase', to: 'closed', body: '' },
];

/** The incident's files, in the two commits that brought them: on the day, and after the review. */
export function incident(now) {
  const id = incidentId(now);
  const instantOf = (time, after = 0) => daysBefore(now, daysAgo - after, time);
  const declared = instantOf('14:05');
  const uid = ulid(declared, 'incident');
  const folder = `incidents/${id}`;
  const head = new Map();
  const named = new Map();
  const files = { day: {}, review: {} };
  for (const [index, entry] of timeline.entries()) {
    const at = instantOf(entry.at, entry.after);
    const recorded = instantOf(entry.written ?? entry.at, entry.after);
    const eventId = ulid(recorded + index, `event ${index}`);
    // The state that this one follows: of its kind, and for roles of the same role.
    const state = `${entry.kind} ${entry.role ?? ''}`;
    const text = document(
      {
        id: eventId,
        incident: uid,
        kind: entry.kind,
        at: instant(at),
        recorded: instant(recorded),
        by: entry.by.handle,
        origin: entry.by.origin,
        role: entry.role,
        to: entry.to,
        prev: entry.to ? head.get(state) : undefined,
        replaces: entry.replaces && named.get(entry.replaces),
        exit: entry.exit,
        duration: entry.duration,
        cwd: entry.cwd,
      },
      body(entry.sprint ? `Sprint ${week(declared)} is interrupted for this incident.` : entry.body),
    );
    if (entry.to) head.set(state, eventId);
    if (entry.name) named.set(entry.name, eventId);
    const name = `${compact(at)}-${entry.kind}-${eventId.slice(-4).toLowerCase()}.md`;
    files[entry.after ? 'review' : 'day'][`${folder}/timeline/${name}`] = text;
  }
  const incidentText = (phase, status) =>
    document(
      {
        title,
        type: 'bug',
        date: day(declared),
        tags: ['checkout', 'payments'],
        links: [],
        id,
        uid,
        severity: 'P0',
        status,
        owner: maria.handle,
        sprint: week(declared),
        phase,
        started: instant(instantOf('13:57')),
        detected: instant(instantOf('14:02')),
        service: 'checkout',
        criteria: ['production-down', 'revenue-impact'],
        roles: { commander: maria.handle, communications: lena.handle, operations: jonas.handle },
      },
      'Every order ends with “Payment failed, try again later”, in all countries, with all cards.\n',
    );
  files.day[`${folder}/incident.md`] = incidentText('rca', 'doing');
  files.day[`${folder}/attachments/payments-pool.csv`] = pool;
  files.day[`${folder}/triage.md`] = triage(id, instantOf('14:11'));
  files.review[`${folder}/incident.md`] = incidentText('closed', 'done');
  return { id, files, declared, dayDone: instantOf('16:05'), reviewed: instantOf('10:30', 2) };
}

function body(text) {
  return text === '' ? '' : `${text}\n`;
}

const pool =
  'time,in_use,waiting\n13:55,9,0\n13:57,50,31\n14:00,50,118\n14:14,50,212\n14:20,50,240\n14:22,31,0\n14:26,8,0\n';

function triage(id, at) {
  return document(
    { title: `Triage of ${id}`, type: 'triage', date: day(at) },
    `# Triage

**Probable root causes**, most likely first

1. Checkout 4.18 (13:55) exhausts the connections of payments: the only change, three minutes before.
2. The card processor is down: its status page is green.
3. The payments database is slow: its own times are normal.

**Investigation steps**

1. Pool usage before and after 13:55 ([payments-pool.csv](attachments/payments-pool.csv))
2. What 4.18 changed around charging
3. One charge by hand, with a test card

**Recommended**: @jonas-weber (wrote 4.18), @maria-santos (payments)

**Mitigation**: roll back; see [Database Outage](../../runbooks/database-outage.md), step 1
`,
  );
}

/**
 * The reviewed root cause analysis, by the guide's eight sections.
 * @param task finds the id of a backlog item by its name
 */
export function rca(now, id, task) {
  const written = daysBefore(now, daysAgo - 1, '11:15');
  return document(
    { title: `RCA of ${id}`, type: 'rca', date: day(written), tags: ['rca'], links: ['./incident.md'] },
    `# ${title}

## Executive Summary
For 29 minutes no order could be paid. Version 4.18 of checkout did not give a database connection back when a card was
refused, and tried each refused card three times; within two minutes payments had none left. Rolling back ended it; 4.18.1
fixed it the same afternoon.

## Impact Assessment
- **Users**: everyone who paid between 13:57 and 14:26 UTC, all regions
- **Duration**: 29 minutes down, detected after 5, mitigated after 21 from the declaration
- **Revenue**: about 1,150 orders; a third came back the same day

## Timeline of Events
The events are in \`timeline/\`. In short (UTC):

| time | what |
|---|---|
| 13:55 | checkout 4.18 is deployed |
| 13:57 | charges begin to fail |
| 13:58 | the alert fires, in a channel that nobody reads |
| 14:02 | a customer writes to support |
| 14:05 | P0 declared |
| 14:20 | rolled back; works again at 14:26 |
| 15:22 | fix committed, deployed at 15:41, verified by 16:01 |

## Root Cause Analysis
1. **Why** could nobody pay? Payments had no free database connection.
2. **Why** had it none? Each refused card kept its connection for good.
3. **Why** did it keep it? The \`return\` for a refusal was written before the \`release\`.
4. **Why** did no test see it? The tests of charging have a pool that never runs out.
5. **Why** has that pool no limit? It was written before payments had one, and nothing compares the two.

## Contributing Factors
- Checkout tried each refused card three times without a pause.
- The alert existed, but went to a channel that is muted.

## What Went Well
- Declared three minutes after the first customer wrote.
- Rolled back before the cause was known.
- One person spoke to customers, and only one.

## What Went Poorly
- Seven minutes from alert to declaration: a customer was faster than the alert.
- The deployment was at the busiest hour.

## Action Items
**P0 Actions**: must fix before next release

| action | owner | item |
|---|---|---|
| Alert when 80% of the payment connections are in use | @jonas-weber | ${task('pool-alert')} |

**P1 Actions**: should fix within sprint

| action | owner | item |
|---|---|---|
| Cap the retries from checkout to payments | @maria-santos | ${task('retry-cap')} |

**P2 Actions**: backlog for consideration

| action | owner | item |
|---|---|---|
| No deployments between 13:00 and 15:00 UTC | @maria-santos | |
`,
  );
}
