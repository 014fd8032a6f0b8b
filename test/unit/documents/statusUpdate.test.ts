import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  emptyStatusUpdate,
  formatStatusUpdate,
  parseStatusUpdate,
  type StatusUpdate,
  statusUpdateFields,
} from '../../../src/documents/statusUpdate.ts';

const update: StatusUpdate = {
  currentState: 'degraded',
  impact: '50% of users, EU',
  rootCause: 'Under investigation',
  actionsTaken: 'rolled back\nscaled to 10',
  nextSteps: '',
  eta: 'TBD',
};

describe('a status update', function () {
  this.timeout(20_000);

  it("is the guide's bullet list", () => {
    assert.equal(
      formatStatusUpdate(update),
      `- **Current State**: degraded
- **Impact**: 50% of users, EU
- **Root Cause**: Under investigation
- **Actions Taken**: rolled back
  scaled to 10
- **ETA**: TBD`,
    );
    assert.deepEqual(parseStatusUpdate(formatStatusUpdate(update)), update);
  });

  it('is read however a person wrote it', () => {
    const body = `**[14:32] Status Update**\r
* Current State: down\r
+ **impact:** **all** users\r
- **ROOT CAUSE** : unknown\r
- **Actions Taken**:\r
  - rolled back\r
  - scaled out\r
\r
  and waited\r
- **Mood**: fine`;
    assert.deepEqual(parseStatusUpdate(body), {
      ...emptyStatusUpdate,
      currentState: 'down',
      impact: '**all** users',
      rootCause: 'unknown',
      actionsTaken: '- rolled back\n- scaled out\n\nand waited\n- **Mood**: fine',
    });
  });

  it('is none when no field is there', () => {
    for (const body of ['', 'All is well.', '- Currently: down', '- **Current**: x'])
      assert.equal(parseStatusUpdate(body), undefined);
    assert.equal(formatStatusUpdate(emptyStatusUpdate), '');
  });

  it('reads back as it was, whatever its fields say', () => {
    const word = fc.constantFrom('down', '- x', '**bold**', 'ETA: 5', '- **ETA**: never', '#', '', 'a: b', '日本');
    const text = fc.array(word, { maxLength: 4 }).map((lines) => lines.join('\n').trim());
    fc.assert(
      fc.property(
        fc.record({
          currentState: text,
          impact: text,
          rootCause: text,
          actionsTaken: text,
          nextSteps: text,
          eta: text,
        }),
        (any) => {
          assert.deepEqual(parseStatusUpdate(formatStatusUpdate(any)) ?? emptyStatusUpdate, { ...any });
        },
      ),
    );
  });

  it('takes no time that grows with the square of a length', () => {
    const blanks = ' '.repeat(400_000);
    assert.equal(parseStatusUpdate(`- ${blanks}Impact: x\n- a${blanks}b\n-${blanks}`), undefined);
    assert.equal(parseStatusUpdate(`- Impact:${blanks}x`)?.impact, 'x');
  });

  it('has a field for each line of the template', () => {
    assert.deepEqual(
      statusUpdateFields.map(({ title }) => title),
      ['Current State', 'Impact', 'Root Cause', 'Actions Taken', 'Next Steps', 'ETA'],
    );
    assert.deepEqual(
      statusUpdateFields.map(({ key }) => key),
      Object.keys(emptyStatusUpdate),
    );
  });
});
