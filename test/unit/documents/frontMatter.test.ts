import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import matter from 'gray-matter';
import { type FrontMatter, formatFrontMatter, parseFrontMatter } from '../../../src/documents/frontMatter.ts';
import { FrontMatterError } from '../../../src/documents/frontMatterError.ts';
import { readSimpleYaml } from '../../../src/documents/simpleYaml.ts';
import { parseYaml } from '../../../src/documents/yamlText.ts';
import { documents, hardText, key, newValue } from './yamlDocuments.ts';

const require = createRequire(import.meta.url);

function refusal(source: string): FrontMatterError {
  try {
    parseFrontMatter(source);
  } catch (error) {
    if (FrontMatterError.is(error)) return error;
    throw error;
  }
  assert.fail(`this was read: ${source.slice(0, 100)}`);
}

describe('reading front matter', function () {
  this.timeout(60_000);

  it("reads the design's item", () => {
    const { data, body, hasBlock } = parseFrontMatter(
      '---\ntitle: Login times out for SSO users\ntype: bug\ndate: 2025-09-23\ntags: [auth, sso]\nlinks: []\nowner: "@alice"\ngithub: acme/shop#41\n---\nWhat happens…\n',
    );
    assert.deepEqual(data, {
      title: 'Login times out for SSO users',
      type: 'bug',
      date: '2025-09-23',
      tags: ['auth', 'sso'],
      links: [],
      owner: '@alice',
      github: 'acme/shop#41',
    });
    assert.equal(body, 'What happens…\n');
    assert.equal(hasBlock, true);
  });

  it('keeps dates and times as text, and reads YAML 1.2', () => {
    const { data } = parseFrontMatter(
      '---\na: 12:30:45\nb: 2025-09-23T14:32:10Z\nc: 010\nd: yes\ne: 0o10\nf: ~\ng: 1e3\nh: 5\ni: true\n---\n',
    );
    assert.deepEqual(data, {
      a: '12:30:45',
      b: '2025-09-23T14:32:10Z',
      c: 10,
      d: 'yes',
      e: 8,
      f: null,
      g: 1000,
      h: 5,
      i: true,
    });
  });

  it('tells how a scalar is written where its value does not', () => {
    const read = parseFrontMatter(
      '---\na: 007\nb: 4e9123\nc: True\nd: [1.10, x, 2]\ne: 5\nf: 12345678901234567890123456\ng: {}\nh: text\n---\n',
    );
    assert.deepEqual(['a', 'b', 'c', 'e', 'f', 'g', 'h', 'none'].map(read.text), [
      '007',
      '4e9123',
      'True',
      '5',
      '12345678901234567890123456',
      undefined,
      'text',
      undefined,
    ]);
    assert.deepEqual(read.texts('d'), ['1.10', 'x', '2']);
    assert.equal(read.texts('h'), undefined);
  });

  it('tells the line of each key', () => {
    assert.deepEqual(parseFrontMatter('---\ntitle: a\n\n# b\nowner: c\n---\n').lines, { title: 1, owner: 4 });
    assert.deepEqual(parseFrontMatter('---\r\ntitle: a\r\nnotes: |\r\n  x\r\n  y\r\nowner: !!str c\r\n---\r\n').lines, {
      title: 1,
      notes: 2,
      owner: 5,
    });
  });

  for (const [what, source, body] of [
    ['a body below', '---\na: b\n---\nBody\n', 'Body\n'],
    ['one blank line', '---\na: b\n---\n\nBody\n', 'Body\n'],
    ['two blank lines', '---\na: b\n---\n\n\nBody\n', '\nBody\n'],
    ['CRLF', '---\r\na: b\r\n---\r\n\r\nBody\r\nmore\r\n', 'Body\nmore\n'],
    ['nothing', '---\na: b\n---', ''],
    ['spaces after the fence', '---  \na: b\n---  \nBody', 'Body'],
    ['a byte order mark', '\ufeff---\na: b\n---\nBody', 'Body'],
    ['another fence', '---\na: b\n---\nBody\n---\nc: d\n---\n', 'Body\n---\nc: d\n---\n'],
  ] as const) {
    it(`reads a document with ${what}`, () => {
      const read = parseFrontMatter(source);
      assert.deepEqual([read.data, read.body, read.hasBlock], [{ a: 'b' }, body, true]);
    });
  }

  for (const source of [
    '',
    'text',
    '# Heading\r\n',
    '\n---\na: b\n---\n',
    '----\na: b\n----\n',
    '---',
    'a\n---\nb\n',
  ]) {
    it(`finds none in ${JSON.stringify(source)}`, () => {
      const read = parseFrontMatter(source);
      assert.deepEqual([read.data, read.body, read.hasBlock], [{}, source.replaceAll('\r\n', '\n'), false]);
    });
  }

  it('takes an empty block, or one of comments, for one', () => {
    for (const source of ['---\n---\nBody', '---\n# nothing yet\n---\nBody', '---\n\n---\nBody']) {
      const read = parseFrontMatter(source);
      assert.deepEqual([read.data, read.body, read.hasBlock], [{}, 'Body', true]);
    }
  });

  describe('of a hostile file', () => {
    const spellings = [
      'js',
      'javascript',
      'JS',
      'JavaScript',
      ' js',
      'js ',
      '\tjs',
      'coffee',
      'coffeescript',
      'CoffeeScript',
      'cson',
      'json',
      'JSON',
      'toml',
      'node',
      'constructor',
      '__proto__',
      'toString',
      'js\u00a0',
    ];
    for (const language of spellings) {
      it(`runs nothing of ---${JSON.stringify(language).slice(1, -1)}`, () => {
        const global = globalThis as Record<string, unknown>;
        delete global.pwned;
        const code = 'globalThis.pwned = true, {title: "x"}';
        for (const source of [
          `---${language}\n${code}\n---\n`,
          `\ufeff---${language}\r\n${code}\r\n---\r\n`,
          `---${language}\n${code}`,
        ]) {
          const { code: reason, line, message } = refusal(source);
          assert.deepEqual([reason, line, global.pwned], ['unsafeFrontMatter', 0, undefined]);
          assert.match(message, /only YAML is read/);
        }
      });
    }

    it('is a real danger: the same file runs in gray-matter as it comes', () => {
      const global = globalThis as Record<string, unknown>;
      matter('---js\nglobalThis.pwned = true, {title: "x"}\n---\n', {});
      assert.equal(global.pwned, true);
      delete global.pwned;
    });

    it('never asks js-yaml, which is not in the bundles', () => {
      const bundled = require('../../../scripts/build/noJsYaml.cjs') as { safeLoad: () => void };
      assert.throws(() => bundled.safeLoad(), /not part of this bundle/);
      // gray-matter bound its own when it was loaded, so what they read tells which of them was asked.
      assert.equal(matter('---\na: 12:30:45\n---\n', {}).data.a, 45045);
      for (const fence of ['---', '---yaml', '---yml', '---YAML', '--- YML ']) {
        assert.deepEqual(parseFrontMatter(`${fence}\na: 12:30:45\nb: !!str x\n---\n`).data, { a: '12:30:45', b: 'x' });
      }
    });

    for (const [what, yaml, message] of [
      [
        'an alias bomb',
        `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replace(/./g, (name, at: number) => `${name}: &${name} [${`*${'abcdefgh'[at]},`.repeat(9)}]\n`)}`,
        /aliases multiply/,
      ],
      ['an alias of itself', 'a: &a [*a]\n', /its own value/],
      ['an alias without an anchor', 'a: *b\n', /no anchor/],
      ['brackets without end', `a: ${'['.repeat(50_000)}\n`, /line 2/],
      ['a block without measure', `a:\n${'  - x\n'.repeat(200_000)}`, /too long/],
      ['a second document', 'a: b\n...\nc: d\n', /second YAML document/],
      ['a duplicate key', 'a: b\na: c\n', /twice/],
      ['a tab for indentation', 'a:\n\tb: c\n', /tab/],
      ['a list', '- a\n', /key: value/],
      ['a list as a key', '[a]: b\n', /keys must be strings/],
      ['a colon in a value', 'title: a: b\n', /in line 2 a value with ": " in it must stand in quotes/],
      ['an open quote', 'title: "a\nowner: b\n', /quote/],
    ] as const) {
      it(`says what is wrong with ${what}`, () => {
        const error = refusal(`---\n${yaml}---\n`);
        assert.equal(error.code, 'brokenFrontMatter');
        assert.match(error.message, message);
        assert.ok((error.line ?? 0) >= 1);
      });
    }

    it('takes no time that grows with the square of its lengths', () => {
      const blanks = ' '.repeat(400_000);
      assert.equal(parseFrontMatter(`---\na: b${blanks}c\n---\n`).data.a, `b${blanks}c`);
      assert.equal(parseFrontMatter(`---\na: "b${blanks}c"\nd: e\n---\n`).data.d, 'e');
      assert.equal(parseFrontMatter(`---\na: [b${blanks}, c]\n---\n`).texts('a')?.length, 2);
      const marks = 100_000;
      const nested = `---\n${Array.from({ length: marks }, (_, at) => `<<<<<<< a\nx: ${at}\n`).join('')}${'=======\ny: 2\n>>>>>>> b\n'.repeat(marks)}---\n`;
      assert.equal(refusal(nested).code, 'brokenFrontMatter', 'our side has the same key many times');
      assert.equal(refusal(`---\n${'=======\n'.repeat(marks)}---\n`).code, 'conflictMarkers');
    });

    it('makes plain values of tags, and no object of the language', () => {
      const { data } = parseFrontMatter(
        '---\na: !!js/function "function () {}"\nb: !!binary aGk=\nc: !!set {x}\n__proto__: {polluted: true}\nconstructor: d\n---\n',
      );
      assert.equal(data.a, 'function () {}');
      assert.equal(data.b, 'aGk=');
      assert.deepEqual(data.c, { x: null });
      assert.equal(({} as Record<string, unknown>).polluted, undefined);
      assert.equal(Object.getPrototypeOf(data), Object.prototype);
    });
  });

  it('says what is wrong with its fences', () => {
    assert.match(refusal('---\ntitle: a\n').message, /no end/);
    const closed = refusal('---\ntitle: a\n--------\nBody\n');
    assert.match(closed.message, /`---` alone/);
    assert.equal(closed.line, 2);
  });

  it('reads `owner: @alice`, which YAML reserves, and warns', () => {
    const read = parseFrontMatter('---\ntitle: x\nowner: @alice\n---\n');
    assert.equal(read.data.owner, '@alice');
    assert.deepEqual(
      read.warnings.map(({ code, line }) => [code, line]),
      [['brokenFrontMatter', 2]],
    );
  });

  it('does not answer from a cache, as gray-matter does for bad YAML', () => {
    for (let time = 0; time < 3; time++) assert.equal(refusal('---\na: b: c\n---\n').code, 'brokenFrontMatter');
    const first = parseFrontMatter('---\ntags: [a]\n---\n').data.tags as string[];
    first.push('b');
    assert.deepEqual(parseFrontMatter('---\ntags: [a]\n---\n').data.tags, ['a']);
  });

  it('finds the block where gray-matter finds it', () => {
    fc.assert(
      fc.property(documents, ({ source }) => {
        let block = '';
        const engines = {
          yaml: (text: string) => {
            block = text;
            return {};
          },
        };
        const { content } = matter(source, { engines });
        const read = parseFrontMatter(source);
        assert.deepEqual(read.data, block === '' ? {} : parseYaml(`${block}\n`).data);
        assert.equal(read.body, content.replaceAll('\r\n', '\n').replace(/^\n/, ''));
      }),
      { numRuns: 500 },
    );
  });

  describe('the plain way', () => {
    /** The parser's own values, which the short cut must not differ from. */
    const slow = (text: string): Record<string, unknown> | undefined => {
      try {
        return parseYaml(text).data;
      } catch {
        return undefined;
      }
    };
    const agrees = (text: string) => {
      const simple = readSimpleYaml(text);
      if (simple) assert.deepEqual(simple.data, slow(text), JSON.stringify(text));
      return simple !== undefined;
    };
    const line = fc.oneof(
      fc
        .tuple(
          key,
          fc.constantFrom(': ', ':', ':  ', ' : ', ': "', ": '"),
          hardText,
          fc.constantFrom('', '"', "'", ' ', ' # c', '\r'),
        )
        .map((parts) => parts.join('')),
      fc
        .tuple(key, fc.array(fc.oneof(hardText, key), { maxLength: 3 }))
        .map(([name, list]) => `${name}: [${list.join(', ')}]`),
      fc.tuple(key, newValue).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
      fc.string({ unit: fc.constantFrom(...'ab01 :#-[]{},\'"\\&*!|>%@`~?.\t\r_/'), maxLength: 12 }),
      fc.constantFrom(
        '',
        '# comment',
        '  indented',
        '- item',
        '...',
        '---',
        'a: b',
        'tags: [a, b]',
        'date: 2025-09-23',
        'p: 5',
        'q: 010',
        'n: 1_0',
        'x: 0x',
        'e: 1e',
        'f: 1.',
      ),
    );

    it('gives the values of the YAML parser, or leaves the text to it', () => {
      let simple = 0;
      fc.assert(
        fc.property(fc.array(line, { maxLength: 4 }), fc.constantFrom('\n', '\r\n'), (lines, eol) => {
          if (agrees(lines.map((one) => one + eol).join(''))) simple++;
        }),
        { numRuns: 20_000 },
      );
      assert.ok(simple > 500, `${simple} texts were plain: the property says little about few`);
    });

    it('gives them for each single character in a value, too', () => {
      for (let code = 0; code < 0x3100; code++) {
        const character = String.fromCharCode(code);
        for (const value of [
          character,
          `a${character}`,
          `${character}a`,
          `a ${character} b`,
          `"${character}"`,
          `'${character}'`,
          `[${character}]`,
          `[a${character}b]`,
        ]) {
          agrees(`k: ${value}\n`);
        }
      }
    });

    it("serves the design's own examples", () => {
      const item =
        'title: Login times out\ntype: bug\ndate: 2025-09-23\ntags: [auth, sso]\nlinks: []\nid: BUG-P2-20250923-1015\nuid: 01K5V7M3QZ8W4T2N6R0HXJ9DCA\nseverity: P2\nstatus: ready\nowner: "@alice"\ngithub: acme/shop#41\n';
      const event =
        'id: 01K5V8A1B2C3D4E5F6G7H8J9KM\nincident: 01K5V7Z0000000000000000000\nkind: status\nat: 2025-09-23T14:32:10Z\nrecorded: 2025-09-23T14:33:02Z\nby: "@alice"\norigin: 4f9a2c\n';
      for (const text of [item, event, item.replaceAll('\n', '\r\n')]) assert.ok(agrees(text));
    });
  });

  describe('that git left in conflict', () => {
    const read = (source: string): FrontMatter => parseFrontMatter(source);

    it('takes our side, and says which keys nobody settled', () => {
      const source =
        '---\ntitle: a\n<<<<<<< HEAD\nstatus: doing\n=======\nstatus: ready\nowner: x\n>>>>>>> other\nsprint: 2025-W39\n---\nBody\n';
      const { data, body, conflicted, warnings, lines } = read(source);
      assert.deepEqual(data, { title: 'a', status: 'doing', sprint: '2025-W39' });
      assert.equal(body, 'Body\n');
      assert.deepEqual([...conflicted], ['status', 'owner']);
      assert.deepEqual(
        warnings.map(({ code, line }) => [code, line]),
        [['conflictMarkers', 2]],
      );
      assert.deepEqual(lines, { title: 1, status: 3, sprint: 8 });
    });

    it('knows the base that diff3 shows, CRLF, and a key whose lines are below it', () => {
      const { data, conflicted } = read(
        '---\r\nroles:\r\n<<<<<<< HEAD\r\n  commander: a\r\n||||||| base\r\n  commander: b\r\n=======\r\n  commander: c\r\n>>>>>>> x\r\ntitle: t\r\n---\r\n',
      );
      assert.deepEqual(data, { roles: { commander: 'a' }, title: 't' });
      assert.deepEqual([...conflicted], ['roles']);
    });

    it('knows one that reaches below the closing fence', () => {
      const { data, body } = read(
        '---\ntitle: a\n<<<<<<< HEAD\nstatus: doing\n---\nOurs\n=======\nstatus: ready\n---\nTheirs\n>>>>>>> x\nBoth\n',
      );
      assert.deepEqual(data, { title: 'a', status: 'doing' });
      assert.equal(body, 'Ours\nBoth\n');
    });

    it('knows one around the whole front matter, as when both sides added the file', () => {
      const { data, conflicted } = read(
        '<<<<<<< HEAD\n---\ntitle: a\n---\n=======\n---\ntitle: b\n---\n>>>>>>> x\nBody\n',
      );
      assert.deepEqual(data, { title: 'a' });
      assert.deepEqual([...conflicted], ['title']);
    });

    it('knows a conflict in a conflict, from merging a file that had one', () => {
      const { data } = read(
        '---\n<<<<<<< HEAD\n<<<<<<< one\na: 1\n=======\na: 2\n>>>>>>> two\n=======\na: 3\n>>>>>>> x\n---\n',
      );
      assert.deepEqual(data, { a: 1 });
    });

    it('leaves a conflict in the prose to the person who reads it', () => {
      const source = '---\ntitle: a\n---\n<<<<<<< HEAD\nOurs\n=======\nTheirs\n>>>>>>> x\n';
      const { data, body, warnings } = read(source);
      assert.deepEqual([data, warnings], [{ title: 'a' }, []]);
      assert.match(body, /^<<<<<<< HEAD\nOurs/);
      assert.equal(read('<<<<<<< HEAD\nOurs\n=======\nTheirs\n>>>>>>> x\n').hasBlock, false);
    });

    it('says so when a marker is left over', () => {
      for (const marks of ['=======\n', '<<<<<<< HEAD\n', '>>>>>>> x\n', '<<<<<<< HEAD\n=======\n']) {
        assert.equal(refusal(`---\ntitle: a\n${marks}owner: b\n---\nBody\n`).code, 'conflictMarkers');
      }
    });

    it('takes our side of any value', () => {
      const value = fc.stringMatching(/^[a-z]{1,8}$/);
      fc.assert(
        fc.property(fc.array(fc.tuple(value, value, fc.boolean()), { minLength: 1, maxLength: 6 }), (entries) => {
          const lines = entries.map(([ours, theirs, differs], index) =>
            differs
              ? `<<<<<<< HEAD\nk${index}: ${ours}\n=======\nk${index}: ${theirs}\n>>>>>>> x`
              : `k${index}: ${ours}`,
          );
          const { data, conflicted } = read(`---\n${lines.join('\n')}\n---\n`);
          for (const [index, [ours]] of entries.entries())
            assert.equal(read(`---\na: ${ours}\n---\n`).data.a, data[`k${index}`]);
          assert.deepEqual(
            [...conflicted],
            entries.flatMap(([, , differs], index) => (differs ? [`k${index}`] : [])),
          );
        }),
      );
    });
  });
});

describe('a new document', function () {
  this.timeout(60_000);

  it('reads back as what it was made of', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(key, newValue), { selector: ([name]) => name, maxLength: 6 }),
        hardText,
        (entries, text) => {
          const body = text.replaceAll('\r', '');
          const source = formatFrontMatter(entries, body);
          const read = parseFrontMatter(source);
          assert.deepEqual(Object.entries(read.data), entries);
          assert.equal(read.body.replace(/\n$/, ''), body.replace(/\n$/, ''));
          assert.equal(source.includes('\r'), false);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
