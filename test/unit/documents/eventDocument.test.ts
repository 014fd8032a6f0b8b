import assert from 'node:assert/strict';
import fc from 'fast-check';
import { eventKinds } from '../../../src/core/eventKind.ts';
import { phases } from '../../../src/core/phase.ts';
import { roles } from '../../../src/core/role.ts';
import { severities } from '../../../src/core/severity.ts';
import { formatInstant } from '../../../src/core/time.ts';
import type { TimelineEvent } from '../../../src/core/timelineEvent.ts';
import { ulidTime } from '../../../src/core/ulids.ts';
import { eventFileName, formatEvent, kindInName, readEvent } from '../../../src/documents/eventDocument.ts';
import { anEvent, outage } from '../support/documents.ts';
import { hardText } from './yamlDocuments.ts';

const path = `${outage.folder}/timeline/20250923T143210Z-status-7k2q.md`;

function read(source: string, at = path): TimelineEvent {
  const { event } = readEvent(at, source, outage.uid);
  assert.ok(event, source);
  return event;
}

const problems = (source: string, at = path) => readEvent(at, source, outage.uid).problems;

/** Any event that Firebreak could write. */
const events: fc.Arbitrary<TimelineEvent> = fc
  .record({
    base: fc.record({
      id: fc.oneof(fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/), fc.constantFrom('gh-12-c34', 'gh-1-e5')),
      incident: fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      at: fc.integer({ min: 0, max: 4e12 }).map(formatInstant),
      recorded: fc.integer({ min: 0, max: 4e12 }).map(formatInstant),
      by: line(),
      origin: fc.oneof(fc.stringMatching(/^[0-9a-f]{6}$/), fc.constantFrom('4e9123', '012345', '000000', 'github')),
      body: hardText.map((text) => text.replaceAll('\r', '')),
    }),
    prev: fc.option(fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/)),
    kind: fc.constantFrom<TimelineEvent['kind']>(...eventKinds, 'unknown'),
    phase: fc.constantFrom(...phases),
    severity: fc.constantFrom(...severities),
    role: fc.constantFrom(...roles),
    person: fc.oneof(fc.constant(''), line()),
    hasWas: fc.boolean(),
    exit: fc.option(fc.integer({ min: -1, max: 255 }), { nil: undefined }),
    duration: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
    cwd: fc.option(line(), { nil: undefined }),
  })
  .map(({ base, kind, prev, phase, severity, role, person, hasWas, exit, duration, cwd }): TimelineEvent => {
    switch (kind) {
      case 'phase':
        return { ...base, kind, to: phase, prev, ...(hasWas ? { was: 'declared' } : {}) };
      case 'severity':
        return { ...base, kind, to: severity, prev, ...(hasWas ? { was: 'P1' } : {}) };
      case 'role':
        return { ...base, kind, role, to: person, prev, ...(hasWas ? { was: person } : {}) };
      case 'correction':
      case 'retraction':
        return { ...base, kind, replaces: base.id };
      case 'action':
      case 'command':
      case 'check':
        return {
          ...base,
          kind,
          ...(exit === undefined ? {} : { exit }),
          ...(duration === undefined ? {} : { duration: Object.is(duration, -0) ? 0 : duration }),
          ...(cwd === undefined ? {} : { cwd }),
        };
      case 'unknown':
        return { ...base, kind, writtenKind: 'page-sent' };
      default:
        return { ...base, kind };
    }
  });

function line(): fc.Arbitrary<string> {
  return hardText.map((text) => text.replace(/\s+/g, ' ').trim()).filter((text) => text !== '');
}

describe('an event', function () {
  this.timeout(20_000);

  it("is written as in the design's example", () => {
    const event = anEvent({
      id: '01K5V8A1B2C3D4E5F6G7H8J9KM',
      kind: 'status',
      at: '2025-09-23T14:32:10Z',
      recorded: '2025-09-23T14:33:02Z',
      body: '- **Current State**: degraded …',
    });
    assert.equal(
      formatEvent(event),
      `---
id: 01K5V8A1B2C3D4E5F6G7H8J9KM
incident: 01K5V7Z0000000000000000000
kind: status
at: 2025-09-23T14:32:10Z
recorded: 2025-09-23T14:33:02Z
by: "@alice"
origin: 4f9a2c
---
- **Current State**: degraded …
`,
    );
    assert.equal(eventFileName(event), '20250923T143210Z-status-j9km.md');
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(events, (event) => {
        const source = formatEvent(event);
        const place = `${outage.folder}/timeline/${eventFileName(event)}`;
        assert.deepEqual(readEvent(place, source, 'another'), { event, problems: [] });
        assert.equal(formatEvent(read(source, place)), source);
        assert.deepEqual(read(source.replaceAll('\n', '\r\n'), place), event, 'with CRLF, as git may check it out');
        assert.deepEqual(read(`\ufeff${source}`, place), event);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has a file name that every file system takes, and that tells its kind', () => {
    fc.assert(
      fc.property(events, (event) => {
        const name = eventFileName(event);
        assert.match(name, /^\d{8}T\d{6}Z-[a-z]+-[a-z0-9]{1,4}\.md$/);
        if (event.kind !== 'unknown') assert.equal(kindInName(`x/timeline/${name}`), event.kind);
      }),
    );
    assert.equal(
      eventFileName(anEvent({ id: 'gh-12-c3456789', at: '2025-09-23T14:32:10Z' })),
      '20250923T143210Z-note-6789.md',
    );
  });
});

describe('readEvent of what somebody wrote by hand', function () {
  this.timeout(20_000);

  it('takes a note without front matter, and what is missing from its name and place', () => {
    const source = 'The database is slow.\n';
    const event = read(source);
    assert.deepEqual(
      { ...event, id: '' },
      {
        id: '',
        incident: outage.uid,
        at: '2025-09-23T14:32:10Z',
        recorded: '2025-09-23T14:32:10Z',
        by: 'unknown',
        origin: '',
        body: 'The database is slow.',
        kind: 'status',
      },
    );
    assert.equal(ulidTime(event.id), Date.UTC(2025, 8, 23, 14, 32, 10));
  });

  it('derives an id that is the same in every clone, and another for another file', () => {
    const at = (place: string, uid = outage.uid) =>
      readEvent(place, '---\nat: 2025-09-23 14:32\n---\nx', uid).event?.id;
    assert.equal(at('incidents/A/timeline/a.md'), at('incidents/A/timeline/a.md'));
    // A folder that is renamed, because two clones had made the same id, changes no identity.
    assert.equal(at('incidents/A/timeline/a.md'), at('incidents/A-2/timeline/a.md'));
    assert.notEqual(at('incidents/A/timeline/a.md'), at('incidents/A/timeline/b.md'));
    assert.notEqual(at('incidents/A/timeline/a.md'), at('incidents/A/timeline/a.md', '01K5V7Z0000000000000000001'));
  });

  it('takes a time from `at`, else from the name, else from `recorded`', () => {
    assert.equal(read('---\nat: 2025-09-23 16:00 +02:00\n---\n').at, '2025-09-23T14:00:00Z');
    assert.equal(read('---\nat: soon\n---\n').at, '2025-09-23T14:32:10Z');
    assert.equal(problems('---\nat: soon\n---\n')[0]?.code, 'unknownValue');
    assert.equal(read('---\nrecorded: 2025-09-24\n---\n', 'incidents/A/timeline/note.md').at, '2025-09-24T00:00:00Z');
    assert.equal(read('---\nat: 2025-09-23T14:00:00Z\n---\n').recorded, '2025-09-23T14:00:00Z');
    const { event, problems: found } = readEvent('incidents/A/timeline/note.md', 'When?', outage.uid);
    assert.equal(event, undefined);
    assert.deepEqual(
      found.map(({ code, level }) => [code, level]),
      [['missingField', 'error']],
    );
    assert.equal(read('x', 'incidents/A/timeline/20250923T143210Z.md').at, '2025-09-23T14:32:10Z');
    assert.equal(readEvent('incidents/A/timeline/20251399T143210Z-note-abcd.md', 'x', outage.uid).event, undefined);
  });

  it('keeps a kind that it does not know, without a fault', () => {
    const event = read('---\nkind: Page-Sent\n---\nx');
    assert.deepEqual([event.kind, 'writtenKind' in event && event.writtenKind], ['unknown', 'Page-Sent']);
    assert.deepEqual(problems('---\nkind: Page-Sent\n---\nx'), []);
    assert.equal(read('---\nkind: DECISION\n---\nx').kind, 'decision');
  });

  for (const [what, source, code] of [
    ['a phase without `to`', '---\nkind: phase\n---\n', 'missingField'],
    ['a phase that is none', '---\nkind: phase\nto: lunch\n---\n', 'unknownValue'],
    ['a severity that is none', '---\nkind: severity\nto: P9\n---\n', 'unknownValue'],
    ['a role that is none', '---\nkind: role\nrole: chef\nto: "@x"\n---\n', 'unknownValue'],
    ['a correction of nothing', '---\nkind: correction\n---\n', 'missingField'],
    ['a retraction of nothing', '---\nkind: retraction\n---\n', 'missingField'],
  ] as const) {
    it(`shows ${what} as a note, with the problem`, () => {
      assert.equal(read(source).kind, 'unknown');
      assert.deepEqual(
        problems(source).map((problem) => [problem.code, problem.level]),
        [[code, 'warning']],
      );
    });
  }

  it('reads state events of any case, and a role that is given back', () => {
    const phase = read('---\nkind: Phase\nto: Mitigate\nprev: X\nwas: Declared\n---\n');
    assert.deepEqual(phase.kind === 'phase' && [phase.to, phase.prev, phase.was], ['mitigate', 'X', 'declared']);
    const severity = read('---\nkind: severity\nto: p1\nwas: p0\n---\n');
    assert.deepEqual(severity.kind === 'severity' && [severity.to, severity.prev, severity.was], ['P1', null, 'P0']);
    const role = read('---\nkind: role\nrole: Commander\n---\n');
    assert.deepEqual(role.kind === 'role' && [role.role, role.to, role.prev], ['commander', '', null]);
  });

  it('says what is wrong with the numbers of a run', () => {
    const source = '---\nkind: command\nexit: soon\nduration: 2.5\ncwd: api\n---\nmake deploy-rollback';
    const run = read(source);
    assert.deepEqual(run.kind === 'command' && [run.exit, run.duration, run.cwd], [undefined, 2.5, 'api']);
    assert.equal(problems(source)[0]?.code, 'unknownValue');
  });

  it('is a problem, and no event, when its front matter can not be read', () => {
    for (const source of ['---\nkind: a: b\n---\n', '---js\nx\n---\n']) {
      const { event, problems: found } = readEvent(path, source, outage.uid);
      assert.equal(event, undefined);
      assert.deepEqual(
        found.map(({ level, path: at }) => [level, at]),
        [['error', path]],
      );
    }
  });
});
