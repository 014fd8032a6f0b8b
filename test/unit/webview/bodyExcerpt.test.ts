import assert from 'node:assert/strict';
import { excerpt } from '../../../webview/timeline/bodyExcerpt.ts';

describe('the excerpt of a long body', () => {
  it('is not made of a body that is short enough', () => {
    assert.equal(excerpt(''), undefined);
    assert.equal(excerpt(Array.from({ length: 14 }, () => 'line').join('\n')), undefined);
    assert.equal(excerpt('x'.repeat(1_200)), undefined);
  });

  it('ends at a line', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    assert.equal(excerpt(lines.join('\n')), lines.slice(0, 14).join('\n'));
  });

  it('ends at a word of a line without end', () => {
    const short = excerpt('word '.repeat(1_000));
    assert.ok(short !== undefined && short.length <= 1_201 && short.endsWith('word…'), short?.slice(-20));
  });

  it('leaves no half character', () => {
    const short = excerpt('😀'.repeat(2_000).padStart(4_001, 'x'));
    assert.ok(short !== undefined && !/[\ud800-\udbff]…$/.test(short));
  });
});
