import assert from 'node:assert/strict';
import path from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';

describe('documents in a browser', function () {
  this.timeout(60_000);

  it('are read and changed without anything of Node: no Buffer, no require, no js-yaml', () => {
    const root = path.resolve(__dirname, '../../..');
    const { outputFiles, warnings } = buildSync({
      stdin: {
        contents: `
          import { parseFrontMatter, spliceFrontMatter } from './src/documents/frontMatter.ts';
          import { readPolicy } from './src/documents/policyDocument.ts';
          const source = '---\\ntitle: "a: b" # why\\nnotes: |\\n  c\\n---\\nBody\\n';
          result = JSON.stringify([parseFrontMatter(source), spliceFrontMatter(source, { title: '@x' }), readPolicy('p', 'people: []').problems]);`,
        resolveDir: root,
      },
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'iife',
      alias: { 'js-yaml': path.join(root, 'scripts/build/noJsYaml.cjs') },
    });
    const context = createContext({ result: '' });
    runInContext(outputFiles[0]?.text ?? '', context);
    const [read, changed, problems] = JSON.parse(context.result) as [{ data: unknown; body: string }, string, unknown];
    assert.deepEqual([read.data, read.body], [{ title: 'a: b', notes: 'c\n' }, 'Body\n']);
    assert.equal(changed, '---\ntitle: "@x" # why\nnotes: |\n  c\n---\nBody\n');
    assert.deepEqual([problems, warnings], [[], []]);
  });
});
