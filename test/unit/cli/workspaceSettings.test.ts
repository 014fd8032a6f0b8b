import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { readWorkspaceSettings } from '../../../src/cli/workspaceSettings.ts';
import { FirebreakError } from '../../../src/core/errors.ts';
import { readCommentedJson } from '../../../src/documents/commentedJson.ts';
import { temporaryFolder } from '../adapters/node/temporaryFolder.ts';

describe('JSON as VS Code writes settings', () => {
  it('may have comments and commas at the end, and keeps what looks like them in texts', () => {
    const text = `\ufeff{
  // why
  "a": "// no comment, /* nor this */ \\" // and this",
  /* two
     lines */ "b": ["x,]", 1, 2,], // end
  "c": {"d": ",}",},
}`;
    assert.deepEqual(readCommentedJson(text), {
      a: '// no comment, /* nor this */ " // and this',
      b: ['x,]', 1, 2],
      c: { d: ',}' },
    });
  });

  it('is JSON otherwise', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        assert.deepEqual(readCommentedJson(json), JSON.parse(json));
        assert.deepEqual(readCommentedJson(`// ${json.replaceAll('\n', ' ')}\n${json}/* */`), JSON.parse(json));
      }),
    );
    for (const broken of ['', '{', '{"a": }', '"', '/*', '[1 2]']) {
      assert.throws(() => readCommentedJson(broken), SyntaxError, broken);
    }
  });
});

describe('Settings of the workspace in a terminal', () => {
  const temporary = temporaryFolder();
  const put = async (folder: string, file: string, text: string) => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  };

  it('are those of the root or the nearest folder above it, and none above the work tree', async () => {
    const folder = temporary.path;
    await put(folder, '.vscode/settings.json', '{"firebreak.github.exclude": ["outside"]}');
    await put(folder, 'repo/.git', 'gitdir: elsewhere');
    const root = path.join(folder, 'repo', 'ops');
    await put(root, 'backlog/a.md', '');
    assert.deepEqual(await readWorkspaceSettings(root), {});
    await put(folder, 'repo/.vscode/settings.json', '{"firebreak.github.labels": {"type: bug": "Bug"}, /* c */}');
    assert.deepEqual(await readWorkspaceSettings(root), { exclude: undefined, labels: { 'type: bug': 'Bug' } });
    await put(
      root,
      '.vscode/settings.json',
      '{"firebreak.github.exclude": ["inside"], "firebreak.github.apiUrl": "x"}',
    );
    assert.deepEqual(await readWorkspaceSettings(root), { exclude: ['inside'], labels: undefined });
  });

  it('that cannot be read stop what would be sent', async () => {
    const folder = temporary.path;
    await put(folder, '.vscode/settings.json', '{"firebreak.github.exclude": ["a"');
    await assert.rejects(readWorkspaceSettings(folder), (error) => FirebreakError.is(error, 'invalidInput'));
    await put(folder, '.vscode/settings.json', 'null');
    assert.deepEqual(await readWorkspaceSettings(folder), {});
  });
});
