import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ItemRecord, recordedFields } from '../../../src/core/item.ts';
import { severities } from '../../../src/core/severity.ts';
import { statuses } from '../../../src/core/status.ts';
import { formatRecord, readRecord, recordPath } from '../../../src/documents/recordDocument.ts';
import { aRecord, bug } from '../support/documents.ts';
import { hardText } from './yamlDocuments.ts';

const record = aRecord({
  id: '01K5V8A1B2C3D4E5F6G7H8J9KM',
  set: { status: 'doing', owner: '' },
  prev: { owner: '01K5V8A1B2C3D4E5F6G7H8J9KA', status: null },
  was: { status: 'ready' },
});
const path = recordPath(record);

describe('an item record', function () {
  this.timeout(20_000);

  it('stands in a folder of its item, one fact a line', () => {
    assert.equal(path, `.firebreak/records/${bug.uid}/${record.id}.json`);
    assert.equal(
      formatRecord(record),
      `{
  "id": "01K5V8A1B2C3D4E5F6G7H8J9KM",
  "item": "01K5V7M3QZ8W4T2N6R0HXJ9DCA",
  "at": "2025-09-23T14:32:10Z",
  "by": "@alice",
  "origin": "4f9a2c",
  "set": {
    "status": "doing",
    "owner": ""
  },
  "prev": {
    "status": null,
    "owner": "01K5V8A1B2C3D4E5F6G7H8J9KA"
  },
  "was": {
    "status": "ready"
  }
}
`,
    );
  });

  it('reads back as it was, and the same record is the same text', () => {
    const value = (field: (typeof recordedFields)[number]) =>
      field === 'status'
        ? fc.constantFrom<string>(...statuses)
        : field === 'severity'
          ? fc.constantFrom<string>(...severities)
          : field === 'type'
            ? fc.constantFrom('bug', 'task')
            : hardText;
    const records = fc.subarray([...recordedFields], { minLength: 1 }).chain((fields) =>
      fc
        .record({
          values: fc.tuple(...fields.map(value)),
          prevs: fc.tuple(...fields.map(() => fc.option(fc.constantFrom('A1', 'B2')))),
          wases: fc.tuple(...fields.map((field) => fc.option(value(field)))),
          by: hardText,
        })
        .map(({ values, prevs, wases, by }): ItemRecord => {
          const entries = <T>(list: readonly (T | null | undefined)[], keepNull = false) =>
            Object.fromEntries(
              fields
                .map((field, index) => [field, list[index]] as const)
                .filter(([, one]) => keepNull || (one !== null && one !== undefined)),
            );
          return {
            ...record,
            by,
            set: entries(values),
            prev: entries(prevs, true) as ItemRecord['prev'],
            was: entries(wases),
          };
        }),
    );
    fc.assert(
      fc.property(records, (one) => {
        assert.deepEqual(readRecord(path, formatRecord(one)), { record: one, problems: [] });
        const reversed = { ...one, set: Object.fromEntries(Object.entries(one.set).reverse()) };
        assert.equal(formatRecord(reversed), formatRecord(one));
        assert.deepEqual(readRecord(path, formatRecord(one).replaceAll('\n', '\r\n')).record, one);
      }),
    );
  });

  it('takes what it does not say from its place', () => {
    const { record: read } = readRecord(path, '{"at": "2025-09-23T14:32:10Z", "set": {"title": "x"}}');
    assert.deepEqual(read, {
      ...record,
      by: 'unknown',
      origin: '',
      set: { title: 'x' },
      prev: { title: null },
      was: {},
    });
  });

  it('leaves fields of a newer version to that version', () => {
    const text = formatRecord(record).replace('"set": {', '"set": {\n    "points": 5,');
    assert.deepEqual(readRecord(path, text), { record, problems: [] });
  });

  it('leaves out a value that can not be, with a problem', () => {
    for (const set of [
      '{"status": "lunch", "title": "x"}',
      '{"severity": "p0", "title": "x"}',
      '{"owner": 5, "title": "x"}',
    ]) {
      const { record: read, problems } = readRecord(path, `{"at": "2025-09-23", "set": ${set}}`);
      assert.deepEqual(read?.set, { title: 'x' });
      assert.deepEqual(
        problems.map(({ code, level }) => [code, level]),
        [['unknownValue', 'warning']],
      );
    }
  });

  for (const text of [
    '',
    'null',
    '[]',
    '{',
    '{"set": {}}',
    '{"at": "2025-09-23"}',
    '{"at": "soon", "set": {}}',
    '{"at": "2025-09-23", "set": {}, "item": "../x"}',
    '<<<<<<< HEAD\n{}',
    '{"at": "2025-09-23", "set": []}',
  ]) {
    it(`is a problem when it reads ${JSON.stringify(text)}`, () => {
      const { record: read, problems } = readRecord(path, text);
      assert.equal(read, undefined);
      assert.deepEqual(
        problems.map(({ path: at, level }) => [at, level]),
        [[path, 'error']],
      );
      assert.match(problems[0]?.message ?? '', /restore the file from git/);
    });
  }
});
