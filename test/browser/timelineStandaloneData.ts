import type { EventView, TimelineView } from '../../src/protocol/timelineView.ts';
import { declaredAt, eventView, timelineView } from '../unit/protocol/builders.ts';

export { declaredAt, eventView, timelineView };

const minute = 60_000;
const people = ['@alice', '@bob', '@chen-wei', '@dana'];

export const statusBody = `- **Current State**: API degraded, reads work, writes fail with 500
- **Impact**: about 60% of users in EU and US; checkout is affected
- **Root Cause**: Under investigation
- **Actions Taken**: rolled back \`api@4.18.2\`, doubled the connection pool
- **Next Steps**: promote the read replica
- **ETA**: TBD`;

const bodies: Partial<Record<EventView['kind'], string>> = {
  status: statusBody,
  note: 'Connection pool is **exhausted** on `db-primary`. See https://grafana.example.com/d/abc and the slow query log.',
  decision: 'Roll back to `4.18.1` instead of fixing forward: the fix needs a migration.',
  hypothesis: 'The new retry loop in `checkout` multiplies the load.',
  check: '```\n$ make health-check\napi      FAIL  p99 30.0 s\nsearch   ok\n```',
  action: 'make deploy-rollback version=previous',
  command: 'make infra-scale service=api replicas=10',
  impact: '60% of users, EU and US, checkout and login',
  alert: 'HighErrorRate: 42% of requests to api fail',
  message: 'We are looking into failing checkouts. Next update in 30 minutes.',
  commit: '`3f9c2e1` Revert "Retry failed writes"',
  task: 'Write a runbook for pool exhaustion',
  pin: 'https://zoom.example.com/j/123 is the war room',
};

const quiet: EventView['kind'][] = ['acknowledge', 'phase', 'role', 'severity'];
const cycle: EventView['kind'][] = [
  ...(['note', 'hypothesis', 'check', 'note', 'action', 'command', 'status', 'decision', 'impact', 'alert'] as const),
  ...(['message', 'commit', 'task', 'pin', 'note', 'role', 'phase', 'note'] as const),
];

export const event = (index: number, parts: Partial<EventView>): EventView =>
  eventView({ id: `E${String(index).padStart(5, '0')}`, by: people[index % people.length] ?? '@alice', ...parts });

/** Any number of entries, one each two minutes, of every kind. */
export function manyEvents(count: number): EventView[] {
  const phases = ['Triage', 'Respond', 'Mitigate', 'Investigate'];
  return Array.from({ length: count }, (_, index) => {
    const kind = cycle[index % cycle.length] ?? 'note';
    const at = declaredAt + index * 2 * minute;
    return event(index, {
      kind,
      at,
      recorded: at + 20_000,
      body: quiet.includes(kind) ? '' : (bodies[kind] ?? 'A note.'),
      change:
        kind === 'phase'
          ? { field: 'phase', role: null, from: phases[index % 3] ?? null, to: phases[(index % 3) + 1] ?? '' }
          : kind === 'role'
            ? { field: 'role', role: 'communications', from: null, to: '@dana' }
            : null,
      ...(kind === 'command' ? { exit: index % 2, duration: 83 } : {}),
    });
  });
}

/** The first half hour of a P0, with one of everything that a row can show. */
export function busyIncident(parts: Partial<TimelineView> = {}): TimelineView {
  const at = (minutes: number) => ({ at: declaredAt + minutes * minute, recorded: declaredAt + minutes * minute });
  const events: EventView[] = [
    event(0, { ...at(-7), kind: 'alert', body: bodies.alert ?? '', by: 'alertmanager' }),
    event(1, {
      ...at(0),
      kind: 'phase',
      body: '',
      change: { field: 'phase', role: null, from: null, to: 'Declared' },
    }),
    event(2, {
      ...at(1),
      kind: 'role',
      body: '',
      change: { field: 'role', role: 'commander', from: null, to: '@alice' },
    }),
    event(3, { ...at(2), kind: 'acknowledge', body: '' }),
    event(4, {
      ...at(3),
      kind: 'phase',
      body: 'Scope is clear enough to look for causes.',
      change: { field: 'phase', role: null, from: 'Declared', to: 'Triage' },
    }),
    event(5, { ...at(4), kind: 'note', body: bodies.note ?? '' }),
    event(6, { ...at(5), kind: 'hypothesis', body: bodies.hypothesis ?? '' }),
    event(7, { ...at(6), kind: 'note', body: 'The database is out of disk.', by: '@bob' }),
    event(8, { ...at(8), kind: 'check', body: bodies.check ?? '', exit: 1, duration: 12 }),
    event(9, { ...at(10), kind: 'status', body: statusBody }),
    event(10, {
      ...at(11),
      kind: 'correction',
      body: 'The database is out of **connections**, not disk.',
      replaces: 'E00007',
    }),
    event(11, { ...at(12), kind: 'note', body: 'Seems to be DNS.', by: '@dana' }),
    event(12, { ...at(13), kind: 'retraction', body: 'It was not DNS, for once.', replaces: 'E00011', by: '@dana' }),
    event(13, {
      ...at(14),
      kind: 'severity',
      body: '',
      change: { field: 'severity', role: null, from: 'P1', to: 'P0' },
    }),
    event(14, {
      ...at(16),
      kind: 'note',
      body: 'Customers write in about *failed payments*.\n\n1. order 4711\n2. order 4712',
      fromGitHub: true,
      by: '@support-lead',
    }),
    event(15, { ...at(17), kind: 'decision', body: bodies.decision ?? '' }),
    event(16, {
      ...at(18),
      kind: 'phase',
      body: '',
      change: { field: 'phase', role: null, from: 'Triage', to: 'Mitigate' },
    }),
    event(17, { ...at(19), kind: 'command', body: '`make deploy-rollback version=previous`', exit: 0, duration: 95 }),
    event(18, { ...at(21), kind: 'note', body: 'Seen from the second report.', fromIncident: 'Checkout fails in EU' }),
    event(19, { ...at(22), kind: 'unknown', writtenKind: 'weather', body: 'Sunny.' }),
    event(20, { ...at(24), kind: 'note', body: 'Error rate falls.', missing: true, hasFile: false }),
    event(21, { ...at(25), kind: 'message', body: bodies.message ?? '' }),
  ];
  return timelineView({
    title: 'Production API Down',
    phase: 'mitigate',
    phaseTitle: 'Mitigate',
    criteria: ['Production Down', 'User Impact'],
    roles: [
      { role: 'commander', who: '@alice' },
      { role: 'communications', who: '@dana' },
    ],
    clocks: [
      clock('acknowledge', 'Acknowledge', 0, 15, 2),
      clock('update', 'Status update', 10, 40, null),
      clock('mitigate', 'Mitigate', 0, 30, null),
      clock('resolve', 'Resolve', 0, 240, null),
    ],
    phases: [
      { phase: 'declared', title: 'Declared', from: declaredAt, to: declaredAt + 3 * minute },
      { phase: 'triage', title: 'Triage', from: declaredAt + 3 * minute, to: declaredAt + 18 * minute },
      { phase: 'mitigate', title: 'Mitigate', from: declaredAt + 18 * minute, to: null },
    ],
    problems: 1,
    events,
    ...parts,
  });
}

/** A clock in minutes after the declaration. */
export function clock(
  kind: TimelineView['clocks'][number]['kind'],
  label: string,
  started: number,
  due: number | null,
  stopped: number | null,
): TimelineView['clocks'][number] {
  return {
    kind,
    label,
    startedAt: declaredAt + started * minute,
    dueAt: due === null ? null : declaredAt + due * minute,
    stoppedAt: stopped === null ? null : declaredAt + stopped * minute,
  };
}

/** Texts that break layouts. */
export function awkwardIncident(): TimelineView {
  const long = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
  const at = (minutes: number) => ({
    at: declaredAt + minutes * minute,
    recorded: declaredAt + (minutes + 40) * minute,
  });
  return busyIncident({
    title: `All tenants in EU-West lose their ${long} while the checkout, the login and the search answer with errors, and nobody can say since when: ${long}${long}`,
    private: true,
    service: 'checkout-and-payment-orchestration-service-eu-west-1',
    criteria: ['Production Down', 'Data Loss', 'Security Breach', 'Revenue Impact', 'User Impact'],
    roles: [
      { role: 'commander', who: '@a-very-long-login-name-of-39-characters-x' },
      { role: 'communications', who: 'Dana Scully-Mulder von und zu Hohenstein' },
      { role: 'operations', who: '@op' },
      { role: 'scribe', who: 'عمر' },
    ],
    github: {
      text: 'a-long-organisation-name/a-longer-repository-name#123456',
      url: 'https://github.com/a/b/issues/1',
    },
    severity: 'P1',
    phase: 'rca',
    phaseTitle: 'RCA',
    problems: 12,
    phases: [
      { phase: 'detected', title: 'Detected', from: declaredAt - 600 * minute, to: declaredAt },
      { phase: 'declared', title: 'Declared', from: declaredAt, to: declaredAt + 1 * minute },
      { phase: 'triage', title: 'Triage', from: declaredAt + 1 * minute, to: declaredAt + 3 * minute },
      { phase: 'respond', title: 'Respond', from: declaredAt + 3 * minute, to: declaredAt + 4 * minute },
      { phase: 'mitigate', title: 'Mitigate', from: declaredAt + 4 * minute, to: declaredAt + 90 * minute },
      { phase: 'investigate', title: 'Investigate', from: declaredAt + 90 * minute, to: declaredAt + 200 * minute },
      { phase: 'mitigate', title: 'Mitigate', from: declaredAt + 200 * minute, to: declaredAt + 201 * minute },
      { phase: 'fix', title: 'Fix', from: declaredAt + 201 * minute, to: declaredAt + 260 * minute },
      { phase: 'verify', title: 'Verify', from: declaredAt + 260 * minute, to: declaredAt + 270 * minute },
      { phase: 'rca', title: 'RCA', from: declaredAt + 270 * minute, to: null },
    ],
    events: [
      event(0, { ...at(0), body: `${long}${long} ${long}` }),
      event(1, { ...at(1), body: 'هذه ملاحظة طويلة عن **انقطاع** الخدمة في الساعة 14:30.', by: 'عمر' }),
      event(2, { ...at(2), kind: 'status', body: `- **Current State**: ${long}${long}\n- **ETA**: TBD` }),
      event(3, { ...at(3), body: Array.from({ length: 400 }, (_, line) => `Line ${line} of a long log`).join('\n') }),
      event(4, {
        ...at(4),
        body: `\`\`\`\n${'x'.repeat(400)}\nshort\n\`\`\`\n\n| host | p99 |\n|:---|---:|\n| db-primary-eu-west-1a.internal.example.com | 30 s |\n| db-2 | 1 s |`,
      }),
      event(5, {
        ...at(60 * 26),
        body: `# Next day\n\n> quoted\n\nText with \`inline code that is rather long and should wrap nicely at some point\` and [a link](https://example.com/${'a'.repeat(120)}).`,
      }),
      event(6, { ...at(60 * 26 + 1), body: 'word '.repeat(900) }),
      event(7, {
        ...at(60 * 26 + 2),
        kind: 'role',
        body: '',
        change: { field: 'role', role: 'commander', from: 'Dana Scully-Mulder von und zu Hohenstein', to: '' },
      }),
    ],
  });
}
