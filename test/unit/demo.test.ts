import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeDemo } from '../../demo/make.mjs';
import { foldIncident } from '../../src/core/incidentState.ts';
import { itemTypes } from '../../src/core/itemType.ts';
import { severities } from '../../src/core/severity.ts';
import { statuses } from '../../src/core/status.ts';
import { isoWeek } from '../../src/core/time.ts';
import { readEvent } from '../../src/documents/eventDocument.ts';
import { type ItemFields, readItem } from '../../src/documents/itemDocument.ts';
import { readPolicy } from '../../src/documents/policyDocument.ts';

/** The markdown files and the policy of a work tree, by path with `/`. */
function textFiles(root: string): Map<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => name.split(path.sep).join('/'));
  const wanted = names.filter((name) => /\.(md|yml)$/.test(name) && !name.startsWith('.git/')).sort();
  return new Map(wanted.map((name) => [name, readFileSync(path.join(root, name), 'utf8')]));
}

describe('The demo workspace', function () {
  this.timeout(30_000);

  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'fb-demo-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  // An ordinary day, the first of a year that begins in the old year's last week, and a Sunday just before midnight.
  for (const now of ['2025-09-23T14:30:00Z', '2027-01-01T00:10:00Z', '2028-02-27T23:59:59Z']) {
    it(`is read without a problem when made at ${now}`, () => {
      const { shop } = makeDemo(folder, { now: Date.parse(now) });
      const files = textFiles(shop);
      const items: ItemFields[] = [];
      for (const [name, text] of files) {
        if (!/^backlog\/|\/incident\.md$/.test(name)) continue;
        const { fields, problems } = readItem(name, text);
        assert.deepEqual(problems, []);
        assert.ok(fields?.id && name.includes(fields.id), `${name} holds ${fields?.id}`);
        items.push(fields);
      }
      assert.deepEqual(new Set(items.map((item) => item.severity)), new Set(severities));
      assert.deepEqual(new Set(items.map((item) => item.type)), new Set(itemTypes));
      assert.deepEqual(new Set(items.map((item) => item.status)), new Set(statuses));
      assert.equal(new Set(items.map((item) => item.id)).size, items.length);
      assert.deepEqual(readPolicy('incident-policy.yml', files.get('incident-policy.yml') ?? '').problems, []);
      assert.ok(files.has(`sprints/${isoWeek(Date.parse(now))}.md`));
      assert.equal([...files.keys()].filter((name) => name.startsWith('runbooks/')).length, 4);
    });
  }

  it('has a past incident whose events explain its state, with its RCA', () => {
    const { shop } = makeDemo(folder, { now: Date.parse('2025-09-23T14:30:00Z') });
    const files = textFiles(shop);
    const id = 'BUG-P0-20250914-1405';
    const { fields } = readItem('incident.md', files.get(`incidents/${id}/incident.md`) ?? '');
    assert.ok(fields?.uid);
    const events = [];
    for (const [name, text] of files) {
      if (!name.startsWith(`incidents/${id}/timeline/`)) continue;
      const { event, problems } = readEvent(name, text, fields.uid);
      assert.deepEqual(problems, []);
      assert.equal(event?.incident, fields.uid);
      events.push(event);
    }
    const state = foldIncident(events);
    assert.equal(state.phase?.value, fields.phase);
    assert.equal(state.phase?.value, 'closed');
    assert.equal(state.severity?.value, fields.severity);
    assert.deepEqual(
      Object.fromEntries(Object.entries(state.roles).map(([role, held]) => [role, held.value])),
      fields.roles,
    );
    const rca = files.get(`incidents/${id}/rca.md`) ?? '';
    assert.equal(rca.match(/^## /gm)?.length, 8);
    for (const [task] of rca.matchAll(/TASK-P\d-\d+-\d+/g)) assert.ok(files.has(`backlog/${task}.md`), task);
  });

  it('is a clean git repository of several people, pushed to an origin beside it', () => {
    const { shop, origin } = makeDemo(folder, { now: Date.parse('2025-09-23T14:30:00Z') });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: shop, encoding: 'utf8' }).trim();
    assert.equal(git('status', '--porcelain'), '');
    assert.equal(git('remote', 'get-url', 'origin'), origin);
    assert.equal(git('rev-parse', 'origin/main'), git('rev-parse', 'main'));
    assert.equal(new Set(git('log', '--format=%ae').split('\n')).size, 3);
    const dates = git('log', '--format=%at').split('\n').map(Number);
    assert.deepEqual(
      dates,
      [...dates].sort((a, b) => b - a),
    );
  });

  it('is the same when it is made again, and never made over another', () => {
    const now = Date.parse('2025-09-23T14:30:00Z');
    const first = makeDemo(path.join(folder, 'a'), { now });
    const second = makeDemo(path.join(folder, 'b'), { now });
    const head = (root: string) => execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
    assert.equal(head(first.shop), head(second.shop));
    assert.throws(() => makeDemo(path.join(folder, 'a'), { now }), /already/);
  });
});
