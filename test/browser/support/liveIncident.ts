import type { Files } from '../../host/harness/repository.ts';
import { itemText } from './documents.ts';

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
const uid = '01K5V7Z0000000000000000000';

/** Crockford's digits without the time part: ids that sort in the order of `index`. */
const eventId = (index: number) => `01K5V8A1B2C3D4E5F6G7H8J${String(index).padStart(3, '0')}`;

type Step = readonly [minutesAgo: number, kind: string, by: string, body: string, fields?: string];

const phase = (to: string, prev: number | null) => `to: ${to}\nprev: ${prev === null ? 'null' : eventId(prev)}\n`;

const steps: readonly Step[] = [
  [24, 'phase', '@ada', 'Checkout API returns 500', phase('declared', null)],
  [24, 'severity', '@ada', '', 'to: P0\nprev: null\n'],
  [24, 'role', '@ada', '', 'role: commander\nto: "@ada"\nprev: null\n'],
  [24, 'impact', '@ada', 'No order can be paid, in any country'],
  [22, 'phase', '@ada', '', phase('triage', 0)],
  [21, 'hypothesis', '@lena', 'The deploy of **build 812** at 14:26 changed the payment client'],
  [19, 'role', '@ada', '', 'role: communications\nto: "@sam"\nprev: null\n'],
  [17, 'phase', '@ada', '', phase('mitigate', 4)],
  [16, 'decision', '@ada', 'Roll back to build 811. Orders of the last hour are replayed afterwards.'],
  [
    11,
    'status',
    '@sam',
    '- **Current State**: degraded, card payments are back for 60% of requests\n- **Impact**: all countries, web and app\n- **Root Cause**: under investigation, `payments@4.2` is the suspect\n- **Next Steps**: finish the roll-back, then drain the queue\n- **ETA**: 15:10 UTC',
  ],
  [
    6,
    'note',
    '@lena',
    'Error rate is below 1% in `eu-west`. See the [dashboard](https://grafana.example.com/d/checkout).',
  ],
];

/** The id that an item made then has. */
function idOf(prefix: string, epochMs: number): string {
  const digits = new Date(epochMs).toISOString().replace(/\D/g, '');
  return `${prefix}-${digits.slice(0, 8)}-${digits.slice(8, 12)}`;
}

/** A P0 that a team has worked on for 24 minutes, beside a backlog: what a screen shows at such a time. */
export function liveIncident(now: number): Files {
  const id = idOf('BUG-P0', now - 24 * minuteMs);
  const files: Record<string, string> = {
    [`incidents/${id}/incident.md`]: itemText(
      {
        title: 'Checkout API returns 500',
        id,
        uid,
        severity: 'P0',
        status: 'doing',
        owner: '"@ada"',
        github: 'acme/shop#41',
        phase: 'mitigate',
        service: 'checkout',
        criteria: '[production-down, revenue-impact]',
        roles: '{ commander: "@ada", communications: "@sam" }',
      },
      'No order can be paid, in any country.',
    ),
    [`backlog/${idOf('BUG-P1', now - dayMs)}.md`]: itemText(
      { title: 'Pressing Pay twice charges the card twice', severity: 'P1', status: 'doing', owner: '"@lena"' },
      'Seen by support.',
    ),
    [`backlog/${idOf('BUG-P2', now - 3 * dayMs)}.md`]: itemText({
      title: 'Login times out for SSO users',
      status: 'ready',
    }),
    [`backlog/${idOf('FEATURE-P3', now - 11 * dayMs)}.md`]: itemText({
      title: 'Invoices as PDF',
      type: 'feature',
      severity: 'P3',
    }),
    [`backlog/${idOf('TASK-P4', now - 20 * dayMs)}.md`]: itemText({
      title: 'The footer shows last year',
      type: 'task',
      severity: 'P4',
    }),
    'backlog/BUG-P2-20250901-0800.md': '---\ntitle: [never closed\n---\nBroken by hand.\n',
  };
  for (const [index, [minutesAgo, kind, by, body, fields = '']] of steps.entries()) {
    const at = `${new Date(now - minutesAgo * minuteMs).toISOString().slice(0, 19)}Z`;
    const stamp = at.replace(/[-:]/g, '');
    files[`incidents/${id}/timeline/${stamp}-${kind}-${String(index).padStart(4, '0')}.md`] =
      `---\nid: ${eventId(index)}\nincident: ${uid}\nkind: ${kind}\nat: ${at}\nrecorded: ${at}\nby: "${by}"\norigin: 4f9a2c\n${fields}---\n${body}\n`;
  }
  return files;
}
