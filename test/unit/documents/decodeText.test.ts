import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeText, maxDocumentBytes } from '../../../src/documents/decodeText.ts';

describe('decodeText', function () {
  this.timeout(20_000);

  it('gives back any text, with its byte order mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '\ufeff'), (text, mark) => {
        fc.pre(!text.includes('\0'));
        assert.deepEqual(decodeText(new TextEncoder().encode(mark + text)), { text: mark + text });
      }),
    );
  });

  for (const [what, bytes] of [
    ['an image', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]],
    ['UTF-16', [0xff, 0xfe, 0x61, 0, 0x62, 0]],
    ['Latin-1', [0x42, 0xe4, 0x72]],
    ['a cut character', [0x61, 0xe2, 0x82]],
  ] as const) {
    it(`takes ${what} for binary`, () => {
      assert.deepEqual(decodeText(Uint8Array.from(bytes)), { problem: 'binary' });
    });
  }

  it('decodes no more than a document can hold', () => {
    assert.deepEqual(decodeText(new Uint8Array(maxDocumentBytes + 1).fill(0x61)), { problem: 'tooLarge' });
    assert.ok('text' in decodeText(new Uint8Array(maxDocumentBytes).fill(0x61)));
  });
});
