import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defaultPolicy } from '../../../src/core/policy.ts';
import { day, hour, minute } from '../../../src/core/time.ts';
import { parseDuration } from '../../../src/documents/duration.ts';
import { readPolicy } from '../../../src/documents/policyDocument.ts';

const path = 'incident-policy.yml';
const read = (source: string) => readPolicy(path, source).policy;
const found = (source: string) => readPolicy(path, source).problems.map(({ code, level, line }) => [code, level, line]);

describe('readPolicy', function () {
  this.timeout(20_000);

  it("is the guide's own tables where the file says nothing", () => {
    for (const source of ['', '# nothing yet\n', 'severities:\n', '{}', '\ufeff']) {
      assert.deepEqual(readPolicy(path, source), { policy: defaultPolicy, problems: [] });
    }
  });

  it('takes limits, words, people and contacts', () => {
    const policy = read(`
severities:
  P0: { acknowledge: 5m, update: 15m, mitigate: none, resolve: 1h 30m, rca: 2d, communication: Everybody }
  p4:
    acknowledge: 2w
    name: Someday
    rca-required: optional
    sprint: Parking lot
people:
  - name: Alice
    email: alice@example.org
    github: "@alice"
    chat: U123
  - github: bob
contacts:
  on-call: ["@alice", "+49 30 1234"]
  Executive: "@cto"
`);
    assert.deepEqual(policy.severities.P0, {
      ...defaultPolicy.severities.P0,
      acknowledge: 5 * minute,
      update: 15 * minute,
      mitigate: null,
      resolve: 90 * minute,
      rca: 2 * day,
      communication: 'Everybody',
    });
    assert.deepEqual(
      [
        policy.severities.P4.acknowledge,
        policy.severities.P4.name,
        policy.severities.P4.rcaRequired,
        policy.severities.P4.sprintImpact,
      ],
      [14 * day, 'Someday', 'optional', 'Parking lot'],
    );
    assert.deepEqual(policy.severities.P1, defaultPolicy.severities.P1);
    assert.deepEqual(policy.people, [
      { name: 'Alice', email: 'alice@example.org', github: 'alice', chat: 'U123' },
      { name: undefined, email: undefined, github: 'bob', chat: undefined },
    ]);
    assert.deepEqual(policy.contacts, [
      { title: 'on-call', who: ['@alice', '+49 30 1234'] },
      { title: 'Executive', who: ['@cto'] },
    ]);
  });

  it('takes contacts as a list, too', () => {
    assert.deepEqual(
      read('contacts:\n  - title: On call\n    who: ["@a", "@b"]\n  - { title: Boss, who: "@c" }\n').contacts,
      [
        { title: 'On call', who: ['@a', '@b'] },
        { title: 'Boss', who: ['@c'] },
      ],
    );
  });

  it('makes one problem of one mistake, with its line, and counts the rest', () => {
    const source = `severities:
  P0:
    acknowledge: soon
    update: 10
    resolve: 2h
    colour: red
    rca-required: maybe
    name: [a]
  P9: {}
  P1: fast
people:
  - alice
  - name: Bob
    age: 5
contacts:
  nobody: []
`;
    const { policy, problems } = readPolicy(path, source);
    assert.deepEqual(
      problems.map(({ line }) => line).sort((left, right) => (left ?? 0) - (right ?? 0)),
      [2, 3, 5, 6, 7, 8, 9, 11, 13, 15],
    );
    for (const problem of problems) {
      assert.deepEqual([problem.path, problem.code, problem.level], [path, 'unknownValue', 'warning']);
      assert.match(problem.message, /\.$/);
    }
    assert.equal(policy.severities.P0.resolve, 2 * hour);
    assert.deepEqual([policy.severities.P0.acknowledge, policy.severities.P0.update], [15 * minute, 30 * minute]);
    assert.deepEqual(
      policy.people.map(({ name }) => name),
      ['Bob'],
    );
  });

  it('says which keys there are', () => {
    const [problem] = readPolicy(path, 'severites: {}\n').problems;
    assert.match(problem?.message ?? '', /`severites` is not known here: use severities, people, contacts/);
  });

  it("falls back to the guide's tables when it is no YAML, and says where", () => {
    assert.deepEqual(readPolicy(path, 'people: []\nseverities: a: b\n').policy, defaultPolicy);
    assert.deepEqual(found('people: []\nseverities: a: b\n'), [['brokenFrontMatter', 'error', 1]]);
    assert.deepEqual(found('- a\n'), [['brokenFrontMatter', 'error', 0]]);
    assert.deepEqual(found('people:\n  - github: @alice\n'), [['brokenFrontMatter', 'warning', 1]]);
    assert.deepEqual(
      read('people:\n  - github: @alice\n').people.map(({ github }) => github),
      ['alice'],
    );
  });

  it('never throws, and every severity has a policy, whatever the file says', () => {
    const values = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(
        fc.record(
          {
            severities: fc.oneof(values, fc.dictionary(fc.constantFrom('P0', 'p1', 'P2', 'x'), values)),
            people: values,
            contacts: values,
          },
          { requiredKeys: [] },
        ),
        (value) => {
          const policy = read(JSON.stringify(value));
          assert.deepEqual(Object.keys(policy.severities), ['P0', 'P1', 'P2', 'P3', 'P4']);
          for (const one of Object.values(policy.severities)) {
            for (const limit of [one.acknowledge, one.update, one.mitigate, one.resolve, one.rca])
              assert.ok(limit === null || limit > 0);
          }
        },
      ),
    );
  });
});

describe('parseDuration', function () {
  this.timeout(20_000);

  it('reads what policies write', () => {
    for (const [text, milliseconds] of [
      ['15m', 15 * minute],
      ['4h', 4 * hour],
      ['2d', 2 * day],
      ['1w', 7 * day],
      ['90s', 90_000],
      ['1h 30m', 90 * minute],
      [' 1H30M ', 90 * minute],
      ['none', null],
      ['None', null],
    ] as const) {
      assert.equal(parseDuration(text), milliseconds, text);
    }
  });

  it('refuses everything else', () => {
    for (const text of ['', '15', 'm', '0m', '-5m', '1.5h', '5 minutes', '15m!', 'best effort', '99999999999m']) {
      assert.equal(parseDuration(text), undefined, text);
    }
  });
});
