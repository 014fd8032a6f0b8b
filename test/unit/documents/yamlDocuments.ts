import fc from 'fast-check';

/** One key of generated front matter, as the lines that a person could have written. */
export interface Chunk {
  readonly key: string;
  readonly lines: readonly string[];
  /** The comment beside the value, which a change of the value must leave where it is. */
  readonly comment: string;
  /** Other chunks refer to the value by an alias. */
  readonly anchored: boolean;
}

/** Front matter with its chunks, so that a test knows which bytes belong to which key. */
export interface GeneratedDocument {
  readonly source: string;
  readonly chunks: readonly (Chunk & { readonly start: number; readonly end: number })[];
  readonly eol: string;
}

const word = fc
  .stringMatching(/^[a-z][a-z0-9]{0,7}$/)
  .filter((text) => !/^(?:null|true|false|y|n|yes|no|on|off)$/.test(text));
export const key = fc.stringMatching(/^[a-z][a-z_-]{0,9}$/).filter((text) => !['null', 'true', 'false'].includes(text));
const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((list) => list.join(' '));
const comment = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  words.map((text) => ` # ${text}: it's "so"`),
);
const indent = fc.constantFrom('  ', '    ', ' ');

/** Text that needs thought: what YAML could take for something else, in every script. */
export const hardText = fc.oneof(
  fc.constantFrom(
    '@alice',
    'null',
    'Null',
    '~',
    'true',
    'no',
    'On',
    '12:30',
    '12:30:45',
    '010',
    '0x1F',
    '0o17',
    '1_000',
    '1.10',
    '.5',
    '4e9123',
    '.inf',
    '-.INF',
    '.nan',
    '# x',
    'a # b',
    'a: b',
    'a:',
    ':a',
    '',
    ' ',
    ' a',
    'a ',
    '- a',
    '-',
    '---',
    '...',
    '? a',
    '!x',
    '&x',
    '*x',
    '|',
    '>',
    '%x',
    '`x`',
    '{a}',
    '[a]',
    'a, b',
    "it's",
    '"quoted"',
    'back\\slash',
    'tab\there',
    'two\nlines',
    'three\n\nlines\n',
    'cr\r\nlf',
    '2025-09-23',
    '2025-09-23T14:32:10Z',
    '<<',
    '=',
    '<<<<<<< HEAD',
    'nul\u0000',
    'bell\u0007',
    'del\u007f',
    'nel\u0085',
    'nbsp\u00a0',
    'ls\u2028x',
    'bom\ufeff',
    'lone\ud800',
    '🔥 fire',
    'Ünïcödé',
    '日本語',
    'עברית',
    '+1',
    '-1',
    '١٢',
  ),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  words,
);

export const newValue = fc.oneof(
  hardText,
  fc.integer(),
  fc.boolean(),
  fc.array(hardText, { maxLength: 4 }),
  fc.dictionary(fc.constantFrom('commander', 'scribe', 'operations', 'null', '@x'), hardText, {
    maxKeys: 3,
    noNullPrototype: true,
  }),
);

/** Each gives the lines for a key, without line ends. */
const styles: readonly ((key: string) => fc.Arbitrary<Omit<Chunk, 'key'>>)[] = [
  (name) => oneLine(name, words),
  (name) =>
    oneLine(
      name,
      fc.constantFrom(
        '5',
        '010',
        '1.10',
        'true',
        'null',
        '~',
        '2025-09-23',
        '12:30',
        '-3',
        '0x1F',
        'a:b',
        'http://x.y/z#w',
      ),
    ),
  (name) =>
    oneLine(
      name,
      hardText.map((text) => JSON.stringify(text)),
    ),
  (name) =>
    oneLine(
      name,
      words.map((text) => `'${text} it''s # ok'`),
    ),
  (name) =>
    oneLine(
      name,
      fc.array(word, { maxLength: 3 }).map((list) => `[${list.join(', ')}]`),
    ),
  (name) =>
    oneLine(
      name,
      fc.uniqueArray(word, { maxLength: 3 }).map((list) => `{ ${list.map((one) => `${one}: "1"`).join(' , ')} }`),
    ),
  (name) =>
    oneLine(
      name,
      words.map((text) => `!!str ${text}`),
    ),
  (name) => comment.map((beside) => chunk([`${name}:${beside}`], beside)),
  (name) =>
    fc
      .tuple(
        fc.constantFrom('', '  ', '    '),
        fc.array(fc.tuple(word, comment), { minLength: 1, maxLength: 4 }),
        comment,
        fc.boolean(),
      )
      .map(([dent, items, beside, noted]) =>
        chunk(
          [
            `${name}:${beside}`,
            ...items.flatMap(([item, aside]) => [
              ...(noted ? [`${dent}# of the list`] : []),
              `${dent}- ${item}${aside}`,
            ]),
          ],
          beside,
        ),
      ),
  (name) =>
    fc
      .tuple(
        indent,
        fc.uniqueArray(fc.tuple(word, hardText, comment), { minLength: 1, maxLength: 3, selector: ([inner]) => inner }),
        comment,
      )
      .map(([dent, entries, beside]) =>
        chunk(
          [
            `${name}:${beside}`,
            ...entries.map(([inner, text, aside]) => `${dent}${inner}: ${JSON.stringify(text)}${aside}`),
          ],
          beside,
        ),
      ),
  (name) =>
    fc
      .tuple(
        fc.constantFrom('|', '>', '|-', '>-', '|+', '>+', '|2', '>2-'),
        fc.array(fc.oneof(words, fc.constantFrom('', '# no comment', 'a: b', '- c')), { minLength: 1, maxLength: 4 }),
        comment,
      )
      .map(([style, lines, beside]) =>
        chunk([`${name}: ${style}${beside}`, ...lines.map((line) => (line === '' ? '' : `  ${line}`))], beside),
      ),
  (name) =>
    fc.tuple(indent, words, words).map(([dent, first, second]) => chunk([`${name}: ${first}`, `${dent}${second}`], '')),
  (name) =>
    fc
      .tuple(indent, words, words)
      .map(([dent, first, second]) => chunk([`${name}: "${first}`, '', `${dent}${second}"`], '')),
  (name) =>
    fc
      .tuple(indent, words, comment)
      .map(([dent, first, beside]) => chunk([`${name}:`, `${dent}${first}${beside}`], beside)),
  (name) =>
    fc
      .array(word, { minLength: 1, maxLength: 3 })
      .map((list) => chunk([`${name}: [`, ...list.map((item) => `  ${item}, # why`), '  ]'], '')),
  (name) => words.map((text) => chunk([`? ${name}`, `: ${text}`], '')),
];

function oneLine(name: string, value: fc.Arbitrary<string>): fc.Arbitrary<Omit<Chunk, 'key'>> {
  return fc
    .tuple(value, comment, fc.constantFrom(' ', '   '))
    .map(([text, beside, gap]) => chunk([`${name}:${gap}${text}${beside}`], beside));
}

function chunk(lines: string[], beside: string): Omit<Chunk, 'key'> {
  return { lines, comment: beside, anchored: false };
}

const between = fc.constantFrom([], [], [], [''], ['# a comment of its own'], ['', '# two', '# lines', '']);

/** Documents as people write them: any order and style, comments, LF, CRLF or both, byte order mark, anything below. */
export const documents: fc.Arbitrary<GeneratedDocument> = fc
  .uniqueArray(key, { minLength: 0, maxLength: 6 })
  .chain((keys) =>
    fc.record({
      chunks: fc.tuple(
        ...keys.map((name) => fc.oneof(...styles.map((style) => style(name))).map((made) => ({ ...made, key: name }))),
      ),
      gaps: fc.array(between, { minLength: keys.length + 1, maxLength: keys.length + 1 }),
      alias: fc.boolean(),
      eols: fc.oneof(fc.constant(['\n']), fc.constant(['\r\n']), fc.constant(['\n', '\r\n', '\r\n'])),
      bom: fc.constantFrom('', '', '\ufeff'),
      fence: fc.constantFrom('---', '---', '--- ', '---yaml'),
      body: fc.constantFrom('', 'Body', '\nBody\n', '\n\n# Heading\n\n---\nmore: text\n---\n', 'a\r\nb\n'),
    }),
  )
  .map(({ chunks, gaps, alias, eols, bom, fence, body }) => {
    const all: Chunk[] = [...(chunks as Chunk[])];
    const first = all[0];
    if (
      alias &&
      first &&
      /^[\w-]+: +[a-z]/.test(first.lines[0] ?? '') &&
      first.lines.length === 1 &&
      !all.some(({ key: name }) => name === 'same-as')
    ) {
      all[0] = { ...first, lines: [(first.lines[0] ?? '').replace(/: +/, ': &anchor ')], anchored: true };
      all.push({ key: 'same-as', lines: ['same-as: *anchor # alias'], comment: ' # alias', anchored: false });
    }
    let number = 0;
    const end = () => eols[number++ % eols.length] ?? '\n';
    const eol = eols[0] ?? '\n';
    let source = `${bom}${fence}${end()}`;
    const placed: (Chunk & { start: number; end: number })[] = [];
    for (const [index, one] of all.entries()) {
      for (const line of gaps[index] ?? []) source += line + end();
      const start = source.length;
      for (const line of one.lines) source += line + end();
      placed.push({ ...one, start, end: source.length });
    }
    for (const line of gaps.at(-1) ?? []) source += line + end();
    source += `---${body === '' ? '' : end()}${body}`;
    return { source, chunks: placed, eol };
  });
