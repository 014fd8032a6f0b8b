import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as oniguruma from 'vscode-oniguruma';
import * as textmate from 'vscode-textmate';
import { eventKinds } from '../../src/core/eventKind.ts';
import { itemTypes } from '../../src/core/itemType.ts';
import { phases } from '../../src/core/phase.ts';
import { roles } from '../../src/core/role.ts';
import { severities } from '../../src/core/severity.ts';
import { statuses } from '../../src/core/status.ts';
import { statusUpdateFields } from '../../src/documents/statusUpdate.ts';

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const injection = 'firebreak.markdown.injection';

/** VS Code's own markdown grammar (microsoft/vscode-markdown-tm-grammar, MIT), with ours injected as VS Code does. */
const grammarFiles: Readonly<Record<string, string>> = {
  'text.html.markdown': 'test/fixtures/grammar/markdown.tmLanguage.json',
  [injection]: 'syntaxes/firebreak.markdown.injection.json',
};

/** What matters here of the grammar of HTML within markdown. */
const html = {
  scopeName: 'text.html.derivative',
  patterns: [
    { begin: '<!--', end: '-->', name: 'comment.block.html' },
    { begin: '</?[a-z]+', end: '>', name: 'meta.tag.inline.html' },
  ],
} as unknown as textmate.IRawGrammar;

async function loadGrammar(injected: boolean): Promise<textmate.IGrammar> {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
      if (scope === 'text.html.derivative') return html;
      const path = grammarFiles[scope];
      return path === undefined ? null : textmate.parseRawGrammar(file(path), path);
    },
    getInjections: (scope) => (injected && scope === 'text.html.markdown' ? [injection] : undefined),
  });
  const grammar = await registry.loadGrammar('text.html.markdown');
  assert.ok(grammar);
  return grammar;
}

interface Token {
  readonly text: string;
  readonly scopes: readonly string[];
}

function tokens(grammar: textmate.IGrammar, source: string): Token[] {
  const found: Token[] = [];
  let state = textmate.INITIAL;
  for (const line of source.split('\n')) {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      found.push({ text: line.slice(startIndex, endIndex), scopes });
    }
  }
  return found;
}

describe('the markdown grammar of Firebreak', () => {
  let grammar: textmate.IGrammar;
  let plain: textmate.IGrammar;

  before(async () => {
    grammar = await loadGrammar(true);
    plain = await loadGrammar(false);
  });

  /** `['P0 keyword.other.severity.p0']`: what of a text is coloured by Firebreak, and how. */
  const coloured = (source: string): string[] =>
    tokens(grammar, source).flatMap(({ text, scopes }) => {
      const scope = scopes.find((name) => name.endsWith('.firebreak'));
      return scope === undefined ? [] : [`${text} ${scope.replace(/\.firebreak$/, '')}`];
    });

  it('knows severities as words', () => {
    assert.deepEqual(coloured('[P0] Down, was P1; P2/P3 (P4)'), [
      'P0 keyword.other.severity.p0',
      'P1 keyword.other.severity.p1',
      'P2 keyword.other.severity.p2',
      'P3 keyword.other.severity.p3',
      'P4 keyword.other.severity.p4',
    ]);
    assert.deepEqual(coloured('P5 P01 XP0 P0x mp0 AP-P0-1 p0'), []);
  });

  it('knows ids of items', () => {
    for (const id of ['BUG-P0-20250923-1430', 'FEATURE-P2-20250923-1015-2', 'TASK-P4-20250923-gh41']) {
      assert.deepEqual(coloured(`See ${id}, please`), [`${id} entity.name.tag.item-id`]);
    }
    assert.deepEqual(coloured('BUG-P9-20250923-1430 bug-p0-20250923-1430 BUG-P0-2025-1430 XBUG-P0-20250923-1430'), []);
  });

  it('knows people and teams, but no e-mail addresses', () => {
    assert.deepEqual(coloured('@alice asks @acme/sre-team and (@bob).'), [
      '@alice variable.other.person',
      '@acme/sre-team variable.other.person',
      '@bob variable.other.person',
    ]);
    assert.deepEqual(coloured('alice@example.com <bob@example.com> api@4.18.2 @ @-x @@x'), []);
  });

  it('knows links to issues, but not within addresses', () => {
    assert.deepEqual(coloured('Fixed by acme/shop#41 and acme/my.repo_x#7.'), [
      'acme/shop#41 string.other.link.issue',
      'acme/my.repo_x#7 string.other.link.issue',
    ]);
    assert.deepEqual(coloured('https://github.com/acme/shop#41 a/b/c#4 acme/shop#0 acme/shop #41'), []);
  });

  it('knows the labels of a status update, whichever side the colon is on', () => {
    const update = statusUpdateFields.map(({ title }) => `- **${title}**: text`).join('\n');
    assert.deepEqual(
      coloured(update),
      statusUpdateFields.map(({ title }) => `${title} keyword.other.status-update-field`),
    );
    assert.deepEqual(coloured('- **ETA:** soon'), ['ETA keyword.other.status-update-field']);
    assert.deepEqual(coloured('**Impact** of it, Impact: none, **The Impact**: big'), []);
    const [label] = tokens(grammar, '- **Impact**: all').filter(({ text }) => text === 'Impact');
    assert.ok(label?.scopes.includes('markup.bold.markdown'), 'it stays bold');
  });

  it('works in headings, lists, quotes, tables and emphasis', () => {
    for (const source of [
      '# About P0',
      '- P0',
      '3. P0 x',
      '> P0',
      '| a | b |\n|---|---|\n| P0 | x |',
      '**P0**',
      '*so P0*',
      'P0',
    ]) {
      assert.deepEqual(coloured(source), ['P0 keyword.other.severity.p0'], source);
    }
  });

  it('stays out of code, comments and addresses', () => {
    for (const source of [
      '`P0 @alice acme/shop#1`',
      '```\nP0 @alice\nBUG-P0-20250923-1430\n```',
      '~~~yaml\nseverity: P0\nstatus: doing\n~~~',
      '    P0 @alice',
      '<!-- P0 @alice -->',
      'text <!-- P0 --> text',
      '[x](https://example.com/P0/@alice)',
      '<https://example.com/P0>',
      '<b title="P0">x</b>',
      'text <b title="P0">x</b>',
    ]) {
      assert.deepEqual(coloured(source), [], source);
    }
  });

  it('takes nothing away from what markdown’s own grammar sees', () => {
    const samples = [
      'P0 **bold** `code` [link](https://example.com) *it*',
      '@alice said **this** and\nP1 went on *here*\n\nBUG-P0-20250923-1430 ends',
      '[P0](https://example.com) [P0][ref] [x][P0]',
      '[P0]: https://example.com',
      '- P0 **bold**\n  - @bob `code`\n- **Impact**: 50% *of* users',
      '> P0 **bold**\n> @x *y*',
      '# P0 **bold**\n\ntext',
      '| P0 | **b** |\n|----|----|\n|P1|@x `c`|acme/shop#1 *i*|',
      'acme/shop#41 ~~gone~~\n===\n\ntext',
    ];
    for (const source of samples) {
      const perCharacter = (of: textmate.IGrammar) =>
        tokens(of, source).flatMap(({ text, scopes }) =>
          [...text].map(
            (character) => `${character} ${scopes.filter((name) => !name.endsWith('.firebreak')).join(' ')}`,
          ),
        );
      assert.deepEqual(perCharacter(grammar), perCharacter(plain), source);
    }
  });

  it('knows the values of front matter', () => {
    const document = (line: string) => `---\ntitle: x\n${line}\n---\n\ntext`;
    const words: [string, string, readonly string[]][] = [
      ['status', 'constant.language.status', statuses],
      ['phase', 'constant.language.phase', phases],
      ['type', 'constant.language.type', itemTypes],
      ['kind', 'constant.language.kind', eventKinds],
      ['role', 'constant.language.role', roles],
    ];
    for (const [key, scope, values] of words) {
      for (const value of values) {
        assert.deepEqual(coloured(document(`${key}: ${value}`)), [`${value} ${scope}`], `${key}: ${value}`);
        assert.deepEqual(coloured(document(`${key}: ${value}x`)), []);
      }
    }
    for (const severity of severities) {
      const scope = `keyword.other.severity.${severity.toLowerCase()}`;
      assert.deepEqual(coloured(document(`severity: ${severity}`)), [`${severity} ${scope}`]);
    }
    assert.deepEqual(coloured(document('owner: "@alice"')), ['@alice variable.other.person']);
    assert.deepEqual(coloured(document('github: acme/shop#41')), ['acme/shop#41 string.other.link.issue']);
    assert.deepEqual(coloured(document('title: done fix bug note')), []);
  });
});
