import assert from 'node:assert/strict';
import { readMakefile } from '../../../src/documents/found/makefile.ts';
import { readScripts } from '../../../src/documents/found/packageScripts.ts';
import { readEditorTasks, readTasks } from '../../../src/documents/found/tasksFile.ts';

describe('What a Makefile offers', () => {
  it('is its targets, with their help, their parameters and their recipes', () => {
    const source = [
      'VERSION := 1',
      '.PHONY: deploy-rollback test-smoke',
      'deploy-rollback: build ## version=previous: back to service="the shop", dry=',
      '\t@deploy --to $(version)',
      '\t@echo done',
      '',
      'test-smoke health:: deps',
      '\tcurl -fsS localhost',
      '%.o: %.c',
      '\tcc $<',
      'export:',
      'X = a:b',
      '# comment: no target',
      'ifeq ($(A),b)',
      'endif',
    ].join('\r\n');
    assert.deepEqual(readMakefile(source), [
      {
        name: 'deploy-rollback',
        help: 'back to',
        parameters: [
          { name: 'version', value: 'previous' },
          { name: 'service', value: 'the shop' },
          { name: 'dry', value: '' },
        ],
        recipe: '@deploy --to $(version)\n@echo done\n',
      },
      { name: 'test-smoke', help: '', parameters: [], recipe: 'curl -fsS localhost\n' },
      { name: 'health', help: '', parameters: [], recipe: 'curl -fsS localhost\n' },
      { name: 'export', help: '', parameters: [], recipe: '' },
    ]);
  });
});

describe('What a package.json offers', () => {
  it('is its scripts without their hooks, and nothing where it is broken', () => {
    const source = JSON.stringify({
      scripts: { smoke: 'node smoke.js', presmoke: 'x', preview: 'vite', postsmoke: 'y', odd: 3 },
    });
    assert.deepEqual(readScripts(source), [
      { name: 'smoke', script: 'node smoke.js' },
      { name: 'preview', script: 'vite' },
    ]);
    for (const broken of ['', '{', 'null', '[]', '{"scripts":[]}', '{"scripts":null}'])
      assert.deepEqual(readScripts(broken), []);
  });
});

describe('What a tasks.json offers', () => {
  it('is the tasks whose whole command line stands there', () => {
    const source = `{
      // VS Code writes comments, and commas behind the last
      "version": "2.0.0",
      "tasks": [
        { "label": "Restart workers", "type": "shell", "command": "kubectl rollout restart", "args": ["deploy/worker", "it's all"], },
        { "label": "Probe", "type": "process", "command": "/opt/my probe", "detail": "Asks the shop" },
        { "label": "Watch", "type": "shell", "command": "x", "isBackground": true },
        { "label": "With input", "type": "shell", "command": "echo \${input:who}" },
        { "label": "npm", "type": "npm", "script": "build" },
      ],
    }`;
    assert.deepEqual(readTasks(source), [
      { label: 'Restart workers', command: 'kubectl rollout restart deploy/worker "it\'s all"', detail: '' },
      { label: 'Probe', command: '"/opt/my probe"', detail: 'Asks the shop' },
    ]);
    assert.deepEqual(readEditorTasks(source), ['With input', 'npm']);
    assert.deepEqual(
      readEditorTasks(
        '{"tasks":[{"type":"npm","script":"build"},{"type":"gulp","task":"x","isBackground":true},{"label":"all","dependsOn":["a"]}]}',
      ),
      ['npm: build'],
    );
    for (const broken of ['', '{', '[]', '{"tasks":{}}', '{"tasks":[null,1,{}]}']) {
      assert.deepEqual(readTasks(broken), []);
      assert.deepEqual(readEditorTasks(broken), []);
    }
  });
});
