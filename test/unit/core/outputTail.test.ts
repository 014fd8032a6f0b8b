import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lastLines, OutputTail } from '../../../src/core/outputTail.ts';

function read(...pieces: string[]): string {
  const tail = new OutputTail();
  for (const piece of pieces) tail.add(piece);
  return tail.text();
}

const esc = '\u001b';

describe('the output of a program', () => {
  it('is read as a person reads it', () => {
    assert.equal(read(`${esc}[31;1mfailed${esc}[0m\r\n`, `${esc}]0;title\u0007ok${esc}[K\r\n`), 'failed\nok');
    assert.equal(read(`${esc}]633;C${esc}\\out\r\n${esc}(B\u0000\u0007done`), 'out\ndone');
  });

  it('has each line as it stood at last', () => {
    assert.equal(read(' 10%\r 50%\r100%\nnext\r\n'), '100%\nnext');
  });

  it('is the same however it came in pieces', () => {
    const text = `${esc}[32mgreen${esc}[0m\r\n1%\r2%\r\n${esc}]0;t\u0007 tab\tend\nlast`;
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const ends = [...cuts, text.length].sort((left, right) => left - right);
        const pieces = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
        assert.equal(read(...pieces), 'green\n2%\n tab\tend\nlast');
      }),
    );
  });

  it('keeps its end alone when there is much of it, from a whole line on', () => {
    const tail = new OutputTail();
    for (let number = 0; number < 200_000; number++) tail.add(`line ${number}\n`);
    const lines = tail.text().split('\n');
    assert.equal(lines.at(-1), 'line 199999');
    assert.match(lines[0] ?? '', /^line \d{6}$/);
    assert.ok(tail.text().length <= 64_000);
    assert.equal(lines.length, 200_000 - Number(lines[0]?.slice(5)));
  });

  it('is recorded by its last lines, and says that there were more', () => {
    assert.equal(lastLines('one\ntwo\n'), 'one\ntwo');
    assert.equal(lastLines(''), '');
    const many = Array.from({ length: 60 }, (_, index) => `line ${index}`);
    assert.equal(lastLines(many.join('\n')), ['…', ...many.slice(20)].join('\n'));
    const wide = Array.from({ length: 10 }, (_, index) => String(index).repeat(1_000));
    assert.equal(lastLines(wide.join('\n')), ['…', ...wide.slice(7)].join('\n'));
    assert.equal(lastLines('x'.repeat(9_000)), `…\n${'x'.repeat(4_000)}`);
  });
});
