import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ItemFields, newIncident, newItem, readItem } from '../../../src/documents/itemDocument.ts';
import { bug, documentText, incidentText, itemText, outage } from '../support/documents.ts';
import { hardText } from './yamlDocuments.ts';

function read(source: string, path = bug.path): ItemFields {
  const { fields } = readItem(path, source);
  assert.ok(fields);
  return fields;
}

function problems(source: string, path = bug.path) {
  return readItem(path, source).problems.map(({ code, level, line, message }) => ({ code, level, line, message }));
}

/** The one problem of a document. */
function problem(source: string) {
  const [only, ...others] = problems(source);
  assert.deepEqual(others, []);
  assert.ok(only);
  return only;
}

describe('readItem', function () {
  this.timeout(20_000);

  it("reads the design's item", () => {
    const fields = read(itemText({ github: 'acme/shop#41', sprint: '2025-W39' }));
    assert.deepEqual(problems(itemText()), []);
    const { lines, conflicted, ...values } = fields;
    assert.deepEqual(values, {
      id: bug.id,
      uid: bug.uid,
      title: 'Login times out for SSO users',
      type: 'bug',
      date: Date.UTC(2025, 8, 23),
      tags: ['auth', 'sso'],
      severity: 'P2',
      status: 'ready',
      owner: '@alice',
      sprint: '2025-W39',
      github: { owner: 'acme', repo: 'shop', number: 41 },
      aliases: [],
      duplicateOf: undefined,
      actionOf: undefined,
      phase: undefined,
      started: undefined,
      detected: undefined,
      service: undefined,
      criteria: [],
      roles: {},
      private: false,
      body: 'What happens, what should happen…',
    });
    assert.equal(lines.severity, 8);
    assert.equal(conflicted.size, 0);
  });

  it('reads an incident', () => {
    const fields = read(
      incidentText({
        phase: 'mitigate',
        started: '2025-09-23T14:00+02:00',
        detected: '2025-09-23 14:29',
        service: 'api',
        criteria: ['production-down', 'user-impact'],
        roles: { commander: '@alice', scribe: 'bob' },
        private: true,
      }),
      outage.path,
    );
    assert.deepEqual(
      [fields.phase, fields.started, fields.detected, fields.service, fields.criteria, fields.roles, fields.private],
      [
        'mitigate',
        '2025-09-23T12:00:00Z',
        '2025-09-23T14:29:00Z',
        'api',
        ['production-down', 'user-impact'],
        { commander: '@alice', scribe: 'bob' },
        true,
      ],
    );
  });

  it('does not mind the case of words', () => {
    const fields = read(
      itemText({
        severity: 'p0',
        status: 'Doing',
        type: 'FEATURE',
        phase: 'RCA',
        criteria: 'Security Breach',
        roles: { Commander: 'x' },
      }),
    );
    assert.deepEqual(
      [fields.severity, fields.status, fields.type, fields.phase, fields.criteria, fields.roles],
      ['P0', 'doing', 'feature', 'rca', ['security-breach'], { commander: 'x' }],
    );
  });

  for (const [key, allowed] of [
    ['severity', 'P0, P1, P2, P3, P4'],
    ['status', 'inbox, ready, doing, review, done, declined, duplicate'],
    ['type', 'bug, feature, task'],
    ['phase', 'detected, declared, triage'],
  ] as const) {
    it(`says which words a ${key} can be, and where the wrong one stands`, () => {
      const source = itemText({ [key]: 'P9' });
      const { code, level, line, message } = problem(source);
      assert.deepEqual([code, level, source.split('\n')[line ?? 0]], ['unknownValue', 'warning', `${key}: P9`]);
      assert.ok(message.includes(allowed) && message.includes('"P9"'), message);
      assert.equal(read(source)[key], undefined);
    });
  }

  it('takes numbers, truth values and lists for the text that they are written as', () => {
    const source =
      '---\ntitle: 404\nid: 007\nuid: 1e5\nowner: [bob, "@alice"]\nsprint: True\nservice: 1.10\naliases: 12\ntags: [1.10, 007, x]\n---\n';
    const fields = read(source);
    assert.deepEqual(
      [fields.title, fields.id, fields.uid, fields.owner, fields.sprint, fields.service, fields.aliases, fields.tags],
      ['404', '007', '1e5', 'bob', 'True', '1.10', ['12'], ['1.10', '007', 'x']],
    );
    assert.deepEqual(problems(source), []);
  });

  it('reads tags with commas, and nothing from empty values', () => {
    assert.deepEqual(read(itemText({ tags: 'auth, sso,' })).tags, ['auth', 'sso']);
    const fields = read('---\ntitle: x\nowner:\nseverity: ~\nsprint: ""\ntags:\nowners: []\nroles:\n---\n');
    assert.deepEqual(
      [fields.owner, fields.severity, fields.sprint, fields.tags, fields.roles],
      [undefined, undefined, '', [], {}],
    );
  });

  it('says what is wrong with values of another shape', () => {
    for (const source of [
      '---\ntitle: {a: b}\n---\n',
      '---\ntitle: x\nowner: {a: b}\n---\n',
      '---\ntitle: x\ntags: {a: b}\n---\n',
      '---\ntitle: x\nroles: alice\n---\n',
      '---\ntitle: x\nroles: {chef: alice}\n---\n',
      '---\ntitle: x\nroles: {commander: {a: b}}\n---\n',
      '---\ntitle: x\ncriteria: [lunch]\n---\n',
      '---\ntitle: x\ngithub: 41\n---\n',
      '---\ntitle: x\ndate: yesterday\n---\n',
      '---\ntitle: x\nstarted: 2025-02-31\n---\n',
      '---\ntitle: x\nuid: ../../etc\n---\n',
      '---\ntitle: x\nid: a/b\n---\n',
    ]) {
      const found = problems(source).find(({ code }) => code === 'unknownValue');
      assert.ok(found && found.level === 'warning' && found.line !== undefined, source);
      assert.match(found.message, /correct it\.$/);
      assert.ok(readItem(bug.path, source).fields, 'the item is there all the same');
    }
  });

  it('misses a title', () => {
    assert.deepEqual(problem('# A heading\n').code, 'missingField');
    assert.equal(problem(itemText({ title: undefined })).level, 'warning');
    assert.equal(problem(itemText({ title: '   ' })).code, 'missingField');
  });

  it('puts a title of several lines on one', () => {
    assert.equal(read('---\ntitle: |\n  One\n    two\n---\n').title, 'One two');
    assert.equal(read(itemText({ title: ' a \r\n b ' })).title, 'a b');
  });

  it('takes no time that grows with the square of a length', () => {
    const blanks = ' '.repeat(400_000);
    assert.equal(read(`---\ntitle: "a${blanks}b\\nc"\n---\n`).title, `a${blanks}b c`);
    assert.equal(read(`---\ntitle: x\ntags: "a${blanks}b"\n---\n`).tags.length, 1);
  });

  it('takes what is unclear about `private` for true', () => {
    const isPrivate = (value: string) => read(`---\ntitle: x\nprivate: ${value}\n---\n`).private;
    assert.deepEqual(['true', 'false', '', 'yes', '"false"', '1', '[]', 'no'].map(isPrivate), [
      true,
      false,
      false,
      true,
      true,
      true,
      true,
      true,
    ]);
    assert.equal(problem('---\ntitle: x\nprivate: yes\n---\n').code, 'unknownValue');
    const conflict = '---\ntitle: x\n<<<<<<< HEAD\n=======\nprivate: true\n>>>>>>> theirs\n---\n';
    assert.equal(read(conflict).private, true);
  });

  it('lists an item in conflict, with the problem', () => {
    const source = '---\ntitle: x\n<<<<<<< HEAD\nstatus: doing\n=======\nstatus: ready\n>>>>>>> theirs\n---\n';
    assert.deepEqual([read(source).title, [...read(source).conflicted]], ['x', ['status']]);
    assert.deepEqual(
      [problem(source).code, problem(source).level, problem(source).line],
      ['conflictMarkers', 'error', 2],
    );
  });

  it('has no fields, and one problem, for front matter that can not be read', () => {
    for (const [source, code, line] of [
      ['---\ntitle: a: b\n---\n', 'brokenFrontMatter', 1],
      ['---js\nx\n---\n', 'unsafeFrontMatter', 0],
      ['---\ntitle: a\n', 'brokenFrontMatter', 0],
    ] as const) {
      const { fields, problems: found } = readItem(bug.path, source);
      assert.equal(fields, undefined);
      assert.deepEqual(
        found.map((one) => [one.path, one.code, one.level, one.line]),
        [[bug.path, code, 'error', line]],
      );
    }
  });

  it('never throws, whatever is in the file', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'-\n:ab #[]{}"\'&*!|>@`?,.\r\t<=>\\0~') }), (text) => {
        for (const source of [text, `---\n${text}\n---\n`, `---\ntitle: ${text}\nroles: ${text}\n---\n`])
          readItem(bug.path, source);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('newItem', function () {
  this.timeout(20_000);

  it("writes the design's example, key by key", () => {
    assert.equal(
      newItem({
        id: bug.id,
        uid: bug.uid,
        title: 'Login times out for SSO users',
        type: 'bug',
        date: '2025-09-23',
        tags: ['auth', 'sso'],
        severity: 'P2',
        status: 'ready',
        owner: '@alice',
        github: 'acme/shop#41',
        body: 'What happens, what should happen…',
      }),
      `---
title: Login times out for SSO users
type: bug
date: 2025-09-23
tags: [auth, sso]
links: []
id: BUG-P2-20250923-1015
uid: 01K5V7M3QZ8W4T2N6R0HXJ9DCA
severity: P2
status: ready
owner: "@alice"
github: acme/shop#41
---
What happens, what should happen…
`,
    );
  });

  it('writes an incident with what it adds', () => {
    const source = newIncident({
      id: outage.id,
      uid: outage.uid,
      title: '[P0] Production API Down',
      type: 'bug',
      date: '2025-09-23',
      tags: [],
      severity: 'P0',
      status: 'doing',
      sprint: '2025-W39',
      phase: 'declared',
      detected: '2025-09-23T14:29:00Z',
      service: 'api',
      criteria: ['production-down'],
      roles: { scribe: 'bob', commander: '@alice' },
      private: true,
      body: '',
    });
    assert.equal(
      source,
      `---
title: "[P0] Production API Down"
type: bug
date: 2025-09-23
tags: []
links: []
id: BUG-P0-20250923-1430
uid: 01K5V7Z0000000000000000000
severity: P0
status: doing
sprint: 2025-W39
phase: declared
detected: 2025-09-23T14:29:00Z
service: api
criteria: [production-down]
roles:
  commander: "@alice"
  scribe: bob
private: true
---
`,
    );
  });

  it('reads back as it was, whatever its texts', () => {
    const line = hardText.map((text) => text.replace(/\s+/g, ' ').trim()).filter((text) => text !== '');
    fc.assert(
      fc.property(line, line, fc.array(line, { maxLength: 3 }), hardText, (title, owner, tags, body) => {
        const texts = { title, owner, tags, body: body.replaceAll('\r', '') };
        const source = newItem({
          ...texts,
          id: bug.id,
          uid: bug.uid,
          type: 'task',
          date: '2025-09-23',
          severity: 'P4',
          status: 'inbox',
        });
        const fields = read(source);
        assert.deepEqual([fields.title, fields.owner, fields.tags], [title, owner, tags]);
        assert.equal(fields.body, texts.body.replace(/\n$/, ''));
        assert.deepEqual(problems(source), []);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is what a hand-written document with the same values reads as', () => {
    const source = documentText({ title: 'A', roles: { commander: '@a' }, severity: 'P1' }, 'x\n');
    assert.deepEqual([read(source).title, read(source).severity, read(source).roles], ['A', 'P1', { commander: '@a' }]);
  });
});
