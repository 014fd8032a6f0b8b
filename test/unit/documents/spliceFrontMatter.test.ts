import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseFrontMatter, replaceBody, spliceFrontMatter } from '../../../src/documents/frontMatter.ts';
import { FrontMatterError } from '../../../src/documents/frontMatterError.ts';
import { documents, hardText, key, newValue } from './yamlDocuments.ts';

describe('changing front matter', function () {
  this.timeout(120_000);

  describe('in any document', () => {
    it('gives the new value, keeps all others, and no byte of another line changes', () => {
      fc.assert(
        fc.property(documents, fc.nat(), newValue, ({ source, chunks }, choice, value) => {
          const chosen = chunks[choice % Math.max(1, chunks.length)];
          fc.pre(chosen !== undefined);
          if (!chosen) return;
          const before = parseFrontMatter(source);
          const changed = spliceFrontMatter(source, { [chosen.key]: value });
          const after = parseFrontMatter(changed);
          assert.deepEqual(after.data, { ...before.data, [chosen.key]: value });
          assert.equal(after.body, before.body);
          if (!chosen.anchored) {
            assert.equal(changed.slice(0, chosen.start), source.slice(0, chosen.start), 'what is above');
            const below = source.slice(chosen.end);
            assert.equal(changed.slice(changed.length - below.length), below, 'what is below');
            const own = changed.slice(chosen.start, changed.length - below.length);
            assert.ok(own.includes(chosen.comment.trim()), `the comment beside it: ${own}`);
          }
          assert.equal(spliceFrontMatter(changed, { [chosen.key]: value }), changed, 'twice is once');
        }),
        { numRuns: 3_000 },
      );
    });

    it('changes nothing at all when the value is the same', () => {
      fc.assert(
        fc.property(documents, ({ source }) => {
          const { data } = parseFrontMatter(source);
          assert.equal(spliceFrontMatter(source, data as Record<string, string>), source);
        }),
        { numRuns: 1_000 },
      );
    });

    it('puts a missing key of ours below the last of ours: two clones put it in the same place, whatever people added', () => {
      const source =
        '---\ntitle: Slow\nroles:\n  commander: "@alice"\n# ours end here\nteam: shop # a key of people\n---\nText\n';
      assert.equal(
        spliceFrontMatter(source, { service: 'shop' }),
        source.replace('# ours end here', 'service: shop\n# ours end here'),
      );
      const without = source.replace('team: shop # a key of people\n', '');
      assert.equal(
        spliceFrontMatter(without, { service: 'shop' }),
        without.replace('# ours end here', 'service: shop\n# ours end here'),
      );
      assert.equal(
        spliceFrontMatter(source, { squad: 'search' }),
        source.replace('\n---\nText', '\nsquad: search\n---\nText'),
      );
    });

    it('puts what comes and goes where a new file has it: clones that add it after other changes do so in one place', () => {
      const [before, after] = ['---\ntitle: Slow\nstatus: inbox\n', 'team: shop\n---\nText\n'];
      const both = `${before}github: acme/shop#1\nincident: BUG-1\n${after}`;
      assert.equal(spliceFrontMatter(`${before}incident: BUG-1\n${after}`, { github: 'acme/shop#1' }), both);
      assert.equal(spliceFrontMatter(`${before}github: acme/shop#1\n${after}`, { incident: 'BUG-1' }), both);
    });

    it('puts a missing key before the closing fence, with the line ends of the file', () => {
      fc.assert(
        fc.property(documents, key, newValue, ({ source, chunks, eol }, name, value) => {
          fc.pre(chunks.every((chunk) => chunk.key !== name));
          const before = parseFrontMatter(source);
          const changed = spliceFrontMatter(source, { [name]: value });
          assert.deepEqual(parseFrontMatter(changed).data, { ...before.data, [name]: value });
          const fence = source.indexOf('\n---', 3) + 1;
          assert.equal(changed.slice(0, fence), source.slice(0, fence));
          assert.ok(changed.endsWith(source.slice(fence)));
          const added = changed.slice(fence, changed.length - (source.length - fence));
          assert.match(added, new RegExp(`^"?${name}"?:`));
          assert.ok(added.endsWith(eol));
          assert.equal(added.replaceAll(eol, '').includes('\n'), false);
        }),
        { numRuns: 1_000 },
      );
    });

    it('takes a key away and leaves the other lines and every comment that stands by itself', () => {
      fc.assert(
        fc.property(documents, fc.nat(), ({ source, chunks }, choice) => {
          const chosen = chunks[choice % Math.max(1, chunks.length)];
          fc.pre(chosen !== undefined && !chosen.anchored);
          if (!chosen) return;
          const before = parseFrontMatter(source);
          const { [chosen.key]: _gone, ...rest } = before.data;
          const changed = spliceFrontMatter(source, { [chosen.key]: undefined });
          assert.deepEqual(parseFrontMatter(changed).data, rest);
          assert.equal(changed.slice(0, chosen.start), source.slice(0, chosen.start));
          // Blank lines below may have to go with it, where they would fall to a `|+` above.
          assert.ok(changed.endsWith(source.slice(chosen.end).replace(/^\s+/, '')));
          assert.equal(spliceFrontMatter(changed, { [chosen.key]: undefined }), changed);
        }),
        { numRuns: 1_000 },
      );
    });

    it('gives the same whether changes are made together or one by one', () => {
      fc.assert(
        fc.property(
          documents,
          fc.dictionary(key, fc.option(newValue, { nil: undefined }), { maxKeys: 4, noNullPrototype: true }),
          ({ source }, changes) => {
            let oneByOne = source;
            for (const [name, value] of Object.entries(changes))
              oneByOne = spliceFrontMatter(oneByOne, { [name]: value });
            const together = spliceFrontMatter(source, changes);
            assert.equal(together, oneByOne);
            const wanted = Object.fromEntries(
              Object.entries({ ...parseFrontMatter(source).data, ...changes }).filter(
                ([, value]) => value !== undefined,
              ),
            );
            assert.deepEqual(parseFrontMatter(together).data, wanted);
          },
        ),
        { numRuns: 500 },
      );
    });

    it('puts a block on top of a document that has none, after its byte order mark', () => {
      const bodies = fc.constantFrom('', 'text', '\n\ntext\r\n', '# A\r\n', '----\n', 'a\n---\nb: c\n---\n');
      fc.assert(
        fc.property(bodies, fc.constantFrom('', '\ufeff'), key, newValue, (body, bom, name, value) => {
          const source = bom + body;
          const before = parseFrontMatter(source);
          assert.equal(before.hasBlock, false);
          const changed = spliceFrontMatter(source, { [name]: value });
          const after = parseFrontMatter(changed);
          assert.deepEqual(after.data, { [name]: value });
          assert.equal(after.body, before.body);
          assert.ok(changed.startsWith(`${bom}---`) && changed.endsWith(body));
          assert.equal(spliceFrontMatter(source, { [name]: undefined }), source);
        }),
      );
    });

    it('exchanges the body and keeps every byte above it', () => {
      fc.assert(
        fc.property(
          documents,
          fc.oneof(hardText, fc.constantFrom('---\nprivate: false\n---\n', '\n\nlow', 'a\nb\n')),
          ({ source, eol }, text) => {
            const body = text.replaceAll('\r', '');
            const changed = replaceBody(source, body);
            const before = parseFrontMatter(source);
            const after = parseFrontMatter(changed);
            assert.deepEqual(after.data, before.data);
            assert.equal(after.body.replace(/\n$/, ''), body.replace(/\n$/, ''));
            const fence = source.indexOf('\n---', 3) + 4;
            assert.equal(changed.slice(0, fence), source.slice(0, fence));
            assert.equal(replaceBody(changed, body), changed, 'twice is once');
            assert.equal(replaceBody(source, before.body), source, 'the same body changes nothing');
            const own = changed.slice(fence).replace(/^.*\r?\n\r?\n?/, '');
            if (changed !== source && eol === '\r\n') assert.doesNotMatch(own, /[^\r]\n/);
          },
        ),
        { numRuns: 1_000 },
      );
    });
  });

  const change = (source: string, changes: Parameters<typeof spliceFrontMatter>[1]) =>
    spliceFrontMatter(source, changes);

  it('keeps the items of a list that stay, with their quotes and comments', () => {
    assert.equal(
      change('---\ntags:\n  - "auth" # who\n  # what\n  - sso\n  - old\n---\n', {
        tags: ['auth', 'sso', 'new', 'two words'],
      }),
      '---\ntags:\n  - "auth" # who\n  # what\n  - sso\n  - new\n  - two words\n---\n',
    );
    assert.equal(change('---\ntags:\n- a\n- b # b\n- c\n---\n', { tags: ['a', 'c'] }), '---\ntags:\n- a\n- c\n---\n');
    assert.equal(change('---\ntags:\n- a # a\n---\n', { tags: ['new', 'a'] }), '---\ntags:\n- new\n- a # a\n---\n');
    assert.equal(change('---\ntags:\n- a\n---\n', { tags: [] }), '---\ntags: []\n---\n');
  });

  it('keeps the entries of a map that stay, with their quotes and comments', () => {
    assert.equal(
      change("---\nroles:\n  commander: '@alice' # since 14:32\n  # to be found\n  scribe: bob\n---\n", {
        roles: { commander: '@alice', operations: '@carol' },
      }),
      '---\nroles:\n  commander: \'@alice\' # since 14:32\n  # to be found\n  operations: "@carol"\n---\n',
    );
    assert.equal(
      change('---\nroles: {commander: "@alice"}\n---\n', { roles: { commander: '@bob' } }),
      '---\nroles: { commander: "@bob" }\n---\n',
    );
  });

  it('keeps a flow map at the top', () => {
    const source = '---\n{title: a, status: ready, # why\n  owner: x}\n---\n';
    assert.equal(change(source, { status: 'doing' }), '---\n{title: a, status: doing, # why\n  owner: x}\n---\n');
    assert.deepEqual(parseFrontMatter(change(source, { title: undefined, sprint: '2025-W39' })).data, {
      status: 'ready',
      owner: 'x',
      sprint: '2025-W39',
    });
    assert.equal(change('---\n{}\n---\n', { a: 'b' }), '---\n{a: b}\n---\n');
    assert.equal(change('---\n{a: b,}\n---\n', { c: 'd' }), '---\n{a: b, c: d}\n---\n');
  });

  it('writes out what aliases stood for when their anchor goes', () => {
    const source = '---\nowner: &who "@alice"\nreviewer: *who\n---\n';
    assert.equal(change(source, { owner: '@bob' }), '---\nowner: "@bob"\nreviewer: "@alice"\n---\n');
    assert.equal(change(source, { owner: undefined }), '---\nreviewer: "@alice"\n---\n');
    assert.equal(change(source, { reviewer: '@bob' }), '---\nowner: &who "@alice"\nreviewer: "@bob"\n---\n');
    const nested = '---\nroles: &all\n  commander: &c 007\nothers: *all\nchief: *c\n---\n';
    assert.deepEqual(parseFrontMatter(change(nested, { roles: { commander: 'x' } })).data, {
      roles: { commander: 'x' },
      others: { commander: 7 },
      chief: 7,
    });
  });

  it('quotes what would not read back as the same text', () => {
    const changed = change('---\nowner: x\n---\n', { owner: '@alice' });
    assert.equal(changed, '---\nowner: "@alice"\n---\n');
    for (const text of ['no', '12:30', '0x1F', '010', '4e9123', '']) {
      assert.equal(
        change('---\na: x\n---\n', { a: text }),
        `---\na: "${text}"\n---\n`,
        'YAML 1.1 tools read it as text too',
      );
    }
    for (const text of [
      '2025-W39',
      'acme/shop#41',
      'Login times out',
      '2025-09-23',
      '01K5V7M3QZ8W4T2N6R0HXJ9DCA',
      'a/b.md',
      'Ünïcödé 🔥',
    ]) {
      assert.equal(change('---\na: x\n---\n', { a: text }), `---\na: ${text}\n---\n`);
    }
  });

  it('reads a line that git left twice, says so, and writes it once with the next change', () => {
    const source = '---\ntitle: Slow\ngithub: acme/shop#1\nstatus: inbox\ngithub: acme/shop#1 # the issue\n---\nText\n';
    const { data, warnings } = parseFrontMatter(source);
    assert.equal(data.github, 'acme/shop#1');
    assert.deepEqual(
      warnings.map(({ code, line }) => [code, line]),
      [['brokenFrontMatter', 4]],
    );
    assert.match(warnings[0]?.message ?? '', /line 5: the same key stands there twice/);
    const mended = '---\ntitle: Slow\ngithub: acme/shop#1\nstatus: doing\n# the issue\n---\nText\n';
    assert.equal(change(source, { status: 'doing' }), mended);
    assert.equal(change(source, { github: undefined, status: 'doing' }), mended.replace('github: acme/shop#1\n', ''));
    assert.throws(() => parseFrontMatter(source.replace('#1 #', '#2 #')), /twice/);
  });

  it('mends the hand-written `owner: @alice` when the owner changes, and reads it until then', () => {
    const source = '---\nowner: @alice # me\nstatus: ready\n---\n';
    assert.equal(change(source, { status: 'doing' }), '---\nowner: @alice # me\nstatus: doing\n---\n');
    assert.equal(change(source, { owner: '@bob' }), '---\nowner: "@bob" # me\nstatus: ready\n---\n');
  });

  for (const [what, source, code] of [
    ['broken YAML', '---\ntitle: a: b\n---\n', 'brokenFrontMatter'],
    ['a key that stands there twice', '---\na: 1\na: 2\n---\n', 'brokenFrontMatter'],
    ['front matter without an end', '---\na: 1\n', 'brokenFrontMatter'],
    ['a list', '---\n- a\n---\n', 'brokenFrontMatter'],
    ['a conflict', '---\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> theirs\n---\n', 'conflictMarkers'],
    ['a language that is not YAML', '---js\nmodule.exports = {}\n---\n', 'unsafeFrontMatter'],
  ] as const) {
    it(`leaves a document with ${what} alone, and says why`, () => {
      assert.throws(
        () => change(source, { a: 'x' }),
        (error) => FrontMatterError.is(error, code) && error.message.length > 20,
      );
    });
  }
});
