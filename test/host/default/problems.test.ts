import assert from 'node:assert/strict';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as vscode from 'vscode';
import type { ProblemCode } from '../../../src/core/problem.ts';
import { addItem } from '../../../src/services/addItem.ts';
import { changeItem } from '../../../src/services/changeItem.ts';
import { eventually } from './support/eventually.ts';
import { problemCodes, problemsOf, quickFixes } from './support/seen.ts';
import { sessionHere } from './support/session.ts';
import { emptyShop, onDisk, put, textOf } from './support/shop.ts';

const item = (more = '', body = 'What happens.\n') =>
  `---\ntitle: Login times out\ntype: bug\nseverity: P2\nstatus: ready\n${more}---\n${body}`;
const incidentUid = '01K5V7Z0000000000000000000';
const otherUid = '01K5V8A1B2C3D4E5F6G7H8J9KM';
const incident = `---\ntitle: API down\nuid: ${incidentUid}\nseverity: P0\nphase: declared\n---\n`;
const eventOf = (uid: string, kind = 'kind: note\n') =>
  `---\nid: 01K5V8A1B2C3D4E5F6G7H8J9KN\nincident: ${uid}\n${kind}at: 2025-09-23T14:32:10Z\nrecorded: 2025-09-23T14:32:10Z\nby: "@ada"\norigin: 4f9a2c\n---\nSeen.\n`;
const event = 'incidents/BUG-P0-20250923-1430/timeline/20250923T143210Z-note-9kn.md';
const document = 'incidents/BUG-P0-20250923-1430/incident.md';

interface Case {
  /** Where the problem is to be seen. */
  readonly at: string;
  readonly files?: Record<string, string | Uint8Array>;
  readonly make?: () => Promise<void>;
  /** What puts it right; default: the file is taken away. */
  readonly mend?: () => Promise<void>;
  readonly level?: vscode.DiagnosticSeverity;
}

/** One bad file for each kind, by its kind: the compiler sees to it that none is forgotten. `stale` has tests of its own. */
const cases: Record<Exclude<ProblemCode, 'stale'>, Case> = {
  unreadable: {
    at: 'backlog/out.md',
    make: () => symlink(tmpdir(), onDisk('backlog/out.md')),
  },
  tooLarge: { at: 'backlog/huge.md', files: { 'backlog/huge.md': item('', 'x'.repeat(5 * 1024 * 1024)) } },
  binary: { at: 'backlog/picture.md', files: { 'backlog/picture.md': new Uint8Array([0x89, 0x50, 0, 1, 2]) } },
  isFolder: { at: 'backlog/folder.md', make: () => mkdir(onDisk('backlog/folder.md')).then(() => undefined) },
  brokenFrontMatter: {
    at: 'backlog/broken.md',
    files: { 'backlog/broken.md': item('tags: [a, b\n') },
    mend: () => put('backlog/broken.md', item('tags: [a, b]\n')),
  },
  unsafeFrontMatter: {
    at: 'backlog/script.md',
    files: { 'backlog/script.md': '---js\n{ title: process.exit(1) }\n---\n' },
    mend: () => put('backlog/script.md', item()),
  },
  conflictMarkers: {
    at: 'backlog/conflict.md',
    files: {
      'backlog/conflict.md': item('<<<<<<< HEAD\nowner: "@ada"\n=======\nowner: "@bob"\n>>>>>>> theirs\n'),
    },
    mend: () => put('backlog/conflict.md', item('owner: "@ada"\n')),
  },
  missingField: {
    at: 'backlog/untitled.md',
    files: { 'backlog/untitled.md': '---\ntype: bug\n---\nNo heading either.\n' },
    mend: () => put('backlog/untitled.md', item()),
    level: vscode.DiagnosticSeverity.Warning,
  },
  unknownValue: {
    at: 'backlog/severe.md',
    files: { 'backlog/severe.md': item().replace('P2', 'P9') },
    mend: () => put('backlog/severe.md', item()),
  },
  duplicateId: {
    at: 'backlog/second.md',
    files: {
      'backlog/first.md': item('id: BUG-P2-20250923-1015\nuid: 01K5V7M3QZ8W4T2N6R0HXJ9DCA\n'),
      'backlog/second.md': item('id: BUG-P2-20250923-1015\nuid: 01K5V7M3QZ8W4T2N6R0HXJ9DCB\n'),
    },
    level: vscode.DiagnosticSeverity.Warning,
  },
  unknownIncident: {
    at: event,
    files: { [document]: incident, [event]: eventOf(otherUid) },
    mend: () => put(event, eventOf(incidentUid)),
    level: vscode.DiagnosticSeverity.Warning,
  },
  textConflict: {
    at: 'backlog/kept.md',
    files: {
      'backlog/kept.md': item(`uid: ${otherUid}\n`),
      [`.firebreak/conflicts/${otherUid}/0123456789ab.mine.md`]: 'As it was here.\n',
    },
    mend: () => put(`.firebreak/conflicts/${otherUid}/0123456789ab.resolved`, 'Resolved.\n'),
    level: vscode.DiagnosticSeverity.Warning,
  },
};

describe('The Problems panel', () => {
  afterEach(emptyShop);

  for (const [code, { at, files = {}, make, mend, level }] of Object.entries(cases)) {
    it(`shows ${code} on the file that has it, and no more once it is mended`, async () => {
      await put('backlog/sound.md', item());
      for (const [name, content] of Object.entries(files)) await put(name, content);
      await make?.();
      await eventually(`${code} at ${at}`, () => problemCodes(at).includes(code));
      const found = problemsOf(at).find((problem) => problem.code === code);
      if (level !== undefined) assert.equal(found?.severity, level);
      assert.match(found?.message ?? '', /\.$/);
      assert.deepEqual(problemCodes('backlog/sound.md'), []);
      await (mend ?? (() => rm(onDisk(at), { recursive: true })))();
      await eventually(`${at} without problems`, () => problemsOf(at).length === 0);
    });
  }

  it('points at the line', async () => {
    await put('backlog/severe.md', item().replace('P2', 'P9'));
    await eventually('the problem', () => problemsOf('backlog/severe.md').length === 1);
    assert.equal(problemsOf('backlog/severe.md')[0]?.range.start.line, 3);
  });

  it('points at the very words of the policy that are wrong', async () => {
    const policy = 'incident-policy.yml';
    await put(policy, 'severities:\n  P0: { acknowledge: soon, update: 15m }\n');
    await eventually('the problem', () => problemsOf(policy).length === 1);
    const [{ range } = { range: undefined }] = problemsOf(policy);
    assert.deepEqual(
      range && [range.start.line, range.start.character, range.end.line, range.end.character],
      [1, 21, 1, 25],
    );
    await rm(onDisk(policy));
    await eventually('no problem', () => problemsOf(policy).length === 0);
  });

  describe('for a value that was recorded over since', () => {
    let path: string;
    beforeEach(async () => {
      const session = await sessionHere();
      const added = await addItem(session.context, { type: 'bug', title: 'Login times out', severity: 'P2' });
      await changeItem(session.context, added, { status: 'doing' });
      ({ path } = added);
      assert.match(await textOf(path), /^status: doing$/m);
      // As an old branch, or a copy from a mail, has it.
      await put(path, (await textOf(path)).replace('status: doing', 'status: inbox'));
      await eventually('the stale value', () => problemCodes(path).includes('stale'));
    });

    it('offers to record it', async () => {
      const [record] = await eventually('the fixes', async () => {
        const found = await quickFixes(path);
        return found.length === 2 && found;
      });
      assert.match(record?.title ?? '', /^Record it/);
      assert.ok(record?.command);
      await vscode.commands.executeCommand(record.command.command, ...(record.command.arguments ?? []));
      await eventually('no problem', () => problemsOf(path).length === 0);
      assert.match(await textOf(path), /^status: inbox$/m);
      const session = await sessionHere();
      assert.equal(session.index.itemAt(path)?.status, 'inbox');
    });

    it('offers to restore what was recorded', async () => {
      const [, restore] = await eventually('the fixes', async () => {
        const found = await quickFixes(path);
        return found.length === 2 && found;
      });
      assert.match(restore?.title ?? '', /^Restore/);
      assert.ok(restore?.command);
      await vscode.commands.executeCommand(restore.command.command, ...(restore.command.arguments ?? []));
      await eventually('no problem', () => problemsOf(path).length === 0);
      assert.match(await textOf(path), /^status: doing$/m);
    });
  });
});
