import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ActionPolicy, defaultPolicy } from '../../../../src/core/policy.ts';
import { hour, minute } from '../../../../src/core/time.ts';
import { readPolicy } from '../../../../src/documents/policyDocument.ts';

const path = 'incident-policy.yml';

/** What a policy without a mistake says. */
function read(source: string) {
  const { policy, problems } = readPolicy(path, source);
  assert.deepEqual(problems, []);
  return policy;
}

/** What the one mistake of a policy is about, by the words that are marked, and what the rest says. */
function mistaken(source: string) {
  const { policy, problems } = readPolicy(path, source);
  assert.equal(problems.length, 1, JSON.stringify(problems));
  const [problem] = problems;
  const line = source.split('\n')[problem?.line ?? 0] ?? '';
  return { policy, marked: line.slice(problem?.columns?.from, problem?.columns?.to), message: problem?.message ?? '' };
}

const rollback = `actions:
  - id: rollback
    title: Roll back the deployment
    kind: mitigation
    freeze: set
    phases: [respond, mitigate]
    command: make deploy-rollback version=\${version}
    cwd: ./services/api/
    risk: high
    confirm: Traffic is served by the previous version from then on.
    parameters:
      - { name: version, title: Version to go back to, default: previous, options: [previous, "1.4.1"], required: false }
    timeout: 10m
`;

describe('The ladder and the reminders of a policy', () => {
  it('are read', () => {
    const policy = read(`
contacts: { On-Call Engineer: ["@ann"], Bosses: ["@cto"] }
people: [{ name: Bea Long }]
escalation:
  - { after: 15m, to: on call engineer }
  - { to: Bosses }
  - { after: 1h, to: ["@ann", Bea Long] }
  - { after: 2h, to: Bea Long }
  - { after: 3h, to: "@carl" }
reminders: { before: 2m, role: none, quiet: 1h }
required-roles: [commander, scribe]
`);
    assert.deepEqual(policy.escalation, [
      { after: 15 * minute, to: 'On-Call Engineer' },
      { after: null, to: 'Bosses' },
      { after: hour, to: ['@ann', 'Bea Long'] },
      { after: 2 * hour, to: ['Bea Long'] },
      { after: 3 * hour, to: ['@carl'] },
    ]);
    assert.deepEqual(policy.reminders, {
      before: 2 * minute,
      role: null,
      action: 15 * minute,
      quiet: hour,
      repeat: 10 * minute,
    });
    assert.deepEqual(policy.requiredRoles, ['commander', 'scribe']);
  });

  it("are the guide's without the steps whose contact is gone, and none where the file says so", () => {
    assert.deepEqual(read('contacts: { executive-escalation: "@cto" }').escalation, [
      { after: null, to: 'Executive Escalation' },
    ]);
    assert.deepEqual(read('escalation: []\nrequired-roles: []').escalation, []);
    assert.deepEqual(read('required-roles: []').requiredRoles, []);
  });

  it('call what nobody is by its name, and say so', () => {
    const { policy, marked, message } = mistaken('escalation:\n  - { after: 5m, to: On-Cal Engineer }\n');
    assert.equal(marked, 'On-Cal Engineer');
    assert.match(message, /no contact, and nobody's name: use On-Call Engineer, Incident Commander Pool/);
    assert.deepEqual(policy.escalation, [{ after: 5 * minute, to: ['On-Cal Engineer'] }]);
  });

  for (const [source, words] of [
    ['escalation:\n  - { after: none, to: Security Team }', 'none'],
    ['escalation:\n  - { after: 15m }', '{ after: 15m }'],
    ['escalation:\n  - { after: 15m, to: [] }', '[]'],
    ['escalation: soon', 'soon'],
    ['reminders: { quiet: 20 }', '20'],
    ['reminders: { quite: 20m }', 'quite'],
    ['required-roles: [commander, janitor]', 'janitor'],
  ] as const) {
    it(`mark the mistake in ${JSON.stringify(source)}`, () => assert.equal(mistaken(source).marked, words));
  }
});

describe('The actions of a policy', () => {
  it('are read, with what is not said by their kind', () => {
    const { actions } = read(`${rollback}  - { id: smoke, kind: check, command: make test-smoke }
  - { id: keep, kind: evidence, collect: logs/*.log }
  - { id: plain, command: make fix }
`);
    const expected: ActionPolicy[] = [
      {
        id: 'rollback',
        title: 'Roll back the deployment',
        kind: 'mitigation',
        freeze: 'set',
        phases: ['respond', 'mitigate'],
        // biome-ignore lint/suspicious/noTemplateCurlyInString: as the policy writes it
        command: 'make deploy-rollback version=${version}',
        cwd: 'services/api',
        risk: 'high',
        confirm: 'Traffic is served by the previous version from then on.',
        parameters: [
          {
            name: 'version',
            title: 'Version to go back to',
            default: 'previous',
            options: ['previous', '1.4.1'],
            required: false,
          },
        ],
        collect: [],
        timeout: 10 * minute,
      },
      {
        id: 'smoke',
        title: 'smoke',
        kind: 'check',
        freeze: undefined,
        phases: ['triage', 'investigate', 'verify'],
        command: 'make test-smoke',
        cwd: '',
        risk: 'low',
        confirm: undefined,
        parameters: [],
        collect: [],
        timeout: null,
      },
    ];
    assert.deepEqual(actions.slice(0, 2), expected);
    assert.deepEqual(
      actions.map(({ id, kind, risk, command, collect }) => [id, kind, risk, command, collect]).slice(2),
      [
        ['keep', 'evidence', 'low', undefined, ['logs/*.log']],
        ['plain', 'mitigation', 'high', 'make fix', []],
      ],
    );
  });

  it('are confirmed when what is said of their risk or kind is not understood', () => {
    for (const what of ['risk: none', 'kind: chek', 'kind: [check]']) {
      assert.equal(mistaken(`actions:\n  - { id: a, command: make a, ${what} }`).policy.actions[0]?.risk, 'high');
    }
  });

  // Whatever decides what would be run: without it the action would do what nobody wrote.
  for (const [line, words] of [
    ['    cwd: ../other', '../other'],
    ['    cwd: /etc', '/etc'],
    ['    cwd: C:\\temp', 'C:\\temp'],
    ['    cwd: [a]', '[a]'],
    ['    command: [make, a]', '[make, a]'],
    ['    parameters: version', 'version'],
    ['    parameters: [{ title: Which }]', '{ title: Which }'],
    ['    parameters: [{ name: "a b" }]', '"a b"'],
    ['    parameters: [{ name: x, default: c, options: [a, b] }]', 'c'],
    ['    parameters: [{ name: x }, { name: x }]', 'x'],
  ] as const) {
    it(`are left out with a mistake in ${line.trim()}`, () => {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as the policy writes it
      const command = line.includes('command:') ? '' : '    command: make a x=${x}\n';
      const { policy, marked } = mistaken(`actions:\n  - id: a\n${command}${line}\n  - { id: b, command: make b }\n`);
      assert.equal(marked, words);
      assert.deepEqual(
        policy.actions.map(({ id }) => id),
        ['b'],
      );
    });
  }

  for (const [entry, words] of [
    ['{ command: make a }', '{ command: make a }'],
    ['{ id: A b, command: make a }', 'A b'],
    ['{ id: a }', '{ id: a }'],
    ['{ id: a, kind: evidence }', '{ id: a, kind: evidence }'],
    ['{ id: a, kind: evidence, collect: ["../x"] }', '"../x"'],
    ['{ id: b, command: make twice }', 'b'],
  ] as const) {
    it(`are left out when they are ${entry}`, () => {
      const { policy, marked } = mistaken(`actions:\n  - { id: b, command: make b }\n  - ${entry}\n`);
      assert.equal(marked, words);
      assert.deepEqual(
        policy.actions.map(({ id, command }) => [id, command]),
        [['b', 'make b']],
      );
    });
  }

  for (const [fields, words] of [
    ['phases: [respond, sleep]', 'sleep'],
    ['freeze: on', 'on'],
    ['collect: [logs]', 'collect'],
    ['parameters: [{ name: versoin }]', 'versoin'],
    ['timeout: long', 'long'],
    ['colour: red', 'colour'],
  ] as const) {
    it(`stay with a mistake in ${fields}`, () => {
      const { policy, marked } = mistaken(`actions:\n  - { id: a, command: make a, ${fields} }\n`);
      assert.equal(marked, words);
      assert.equal(policy.actions.length, 1);
    });
  }
});

describe('The checklist of a policy', () => {
  it("takes the place of the guide's", () => {
    const { checklist } = read(`${rollback}checklist:
  - { id: back, title: It is back, action: rollback }
  - { id: smoke, action: "make:test-smoke" }
  - { id: look }
`);
    assert.deepEqual(checklist, [
      { id: 'back', title: 'It is back', action: 'rollback' },
      { id: 'smoke', title: 'smoke', action: 'make:test-smoke' },
      { id: 'look', title: 'look', action: undefined },
    ]);
    assert.deepEqual(read('checklist: []').checklist, []);
    assert.deepEqual(mistaken('checklist: all').policy.checklist, defaultPolicy.checklist);
  });

  it('keeps a box whose action is unknown, and says what is', () => {
    const { policy, marked, message } = mistaken('checklist:\n  - { id: a, action: test-smoke }\n');
    assert.equal(marked, 'test-smoke');
    assert.match(message, /make:test-smoke/);
    assert.equal(policy.checklist.length, 1);
  });
});

describe('The war room and the customers of a policy', () => {
  it('are read', () => {
    const policy = read(`
war-room:
  channel: "{severity}-{service}-{id}"
  invite: "@alice"
  video: "https://meet.example.com/{id}"
  announce: { slack: false, webhook: [P0, P2], pagerduty: P1 }
customers: { approval: communications, template: templates/customer.md }
`);
    assert.deepEqual(policy.warRoom, {
      channel: '{severity}-{service}-{id}',
      invite: ['@alice'],
      video: 'https://meet.example.com/{id}',
      announce: { slack: [], webhook: ['P0', 'P2'], pagerduty: ['P0', 'P1'] },
    });
    assert.deepEqual(policy.customers, { approval: 'communications', template: 'templates/customer.md' });
    assert.deepEqual(read('customers: { approval: none }').customers.approval, undefined);
    assert.deepEqual(read('war-room: { announce: { slack: true } }').warRoom, defaultPolicy.warRoom);
  });

  for (const [source, words] of [
    ['war-room: { channel: "inc-{number}" }', '"inc-{number}"'],
    ['war-room: { video: "http://meet.example.com/{id}" }', '"http://meet.example.com/{id}"'],
    ['war-room: { video: "https://{service}.example.com/" }', '"https://{service}.example.com/"'],
    ['war-room: { video: "https://me@meet.example.com/" }', '"https://me@meet.example.com/"'],
    ['war-room: { announce: { slack: maybe } }', 'maybe'],
    ['war-room: { announce: { slack: [P0, P9] } }', 'P9'],
    ['war-room: { announce: { smoke-signals: true } }', 'smoke-signals'],
    ['customers: { approval: boss }', 'boss'],
    ['customers: { template: ../other.md }', '../other.md'],
  ] as const) {
    it(`mark the mistake in ${source}`, () => assert.equal(mistaken(source).marked, words));
  }
});

describe('What a policy says of alerts', () => {
  it('is read by labels and their values, in large or small letters', () => {
    const { alerts } = read(
      'alerts:\n  severity: { critical: P0, "Disk Full": P2, 1: P3, nothing: null }\n  " team ": { web: P1 }\n  empty:\n',
    );
    assert.deepEqual(
      alerts.map(({ label, severities }) => [label, [...severities].sort()]),
      [
        [
          'severity',
          [
            ['1', 'P3'],
            ['critical', 'P0'],
            ['disk full', 'P2'],
          ],
        ],
        ['team', [['web', 'P1']]],
        ['empty', []],
      ],
    );
  });

  for (const [source, words] of [
    ['alerts: { severity: { critical: P9 } }', 'P9'],
    ['alerts: { severity: { critical: p0 } }', 'p0'],
    ['alerts: { critical: P0 }', 'P0'],
    ['alerts: { severity: { critical: P0, Critical: P1 } }', 'Critical'],
    ['alerts: [critical]', '[critical]'],
  ] as const) {
    it(`marks the mistake in ${source}`, () => assert.equal(mistaken(source).marked, words));
  }

  it('counts where it is right, beside a mistake', () => {
    const { policy } = readPolicy(path, 'alerts: { severity: { critical: P0, warning: P9 } }');
    assert.deepEqual([...(policy.alerts[0]?.severities ?? [])], [['critical', 'P0']]);
  });
});

describe('A policy with more than a few mistakes', function () {
  this.timeout(20_000);

  it('gives a hundred of them, and says that there are more', () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `key${index}: 1`).join('\n');
    const { policy, problems } = readPolicy(path, keys);
    assert.equal(problems.length, 101);
    assert.equal(problems.at(-1)?.message, 'There are more mistakes from here on.');
    assert.deepEqual(policy, defaultPolicy);
  });

  it('never throws, and each mistake stands within the text', () => {
    const values = fc.jsonValue({ maxDepth: 4 });
    const sections = [
      'escalation',
      'reminders',
      'required-roles',
      'actions',
      'checklist',
      'war-room',
      'customers',
      'alerts',
    ];
    const inner = fc.dictionary(
      fc.constantFrom('id', 'to', 'after', 'command', 'cwd', 'parameters', 'collect', 'video', 'announce', 'kind'),
      fc.oneof(values, fc.constantFrom('evidence', 'a', '15m', '..')),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...sections), fc.oneof(values, inner, fc.array(inner))),
        fc.constantFrom(0, 2),
        (value, indent) => {
          const source = JSON.stringify(value, null, indent);
          const lines = source.split('\n');
          const { policy, problems } = readPolicy(path, source);
          for (const { line, columns, message } of problems) {
            const text = lines[line ?? -1];
            assert.ok(text !== undefined, message);
            if (columns) assert.ok(columns.from < columns.to && columns.to <= text.length, message);
          }
          for (const { command, collect, kind, cwd } of policy.actions) {
            assert.ok(command !== undefined || (kind === 'evidence' && collect.length > 0));
            assert.ok(!cwd.split('/').includes('..'));
          }
        },
      ),
    );
  });
});
