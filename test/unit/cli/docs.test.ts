import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Cli } from '../../../src/cli/cli.ts';
import { commands } from '../../../src/cli/commands.ts';
import { projectFolder } from '../support/sourceProject.ts';
import { builtCli, CliWorkspace } from './builtCli.ts';
import type { ListJson, ShowJson } from './shapes.ts';

const docs = readFileSync(path.join(projectFolder, 'docs/cli.md'), 'utf8');
const unused = (): never => {
  throw new Error('Nothing is run here.');
};
const nothing: Cli = {
  terminal: { color: false, out: unused, err: unused, readInput: unused, progress: unused, ask: unused },
  version: '',
  environment: {},
  open: unused,
  wait: unused,
  createSync: unused,
  createImport: unused,
  createPublishing: unused,
  openTracker: unused,
  openMessengers: unused,
  openAlerts: unused,
  onInterrupt: unused,
  secretMask: unused,
  runProgram: unused,
};

describe('docs/cli.md', function () {
  this.timeout(60_000);

  it('tells every command with all of its options, and no others', () => {
    const section = docs.split(/^## /m).find((part) => part.startsWith('Commands\n')) ?? '';
    const rows = new Map(
      [...section.matchAll(/^\| `([a-z-]+)([^`]*)` \|(.*)\|$/gm)].map(([, name = '', usage, text]) => [
        name,
        { usage, text },
      ]),
    );
    const all = commands(nothing);
    for (const command of all) {
      const row = rows.get(command.name());
      assert.ok(row, command.name());
      const told = [...(row.text ?? '').matchAll(/`(--[a-z-]+)/g)].map(([, flag]) => flag);
      const flags = command.options.map((option) => option.long);
      assert.deepEqual([...new Set(told)].sort(), [...new Set(flags)].sort(), command.name());
      // Where an argument may be left out, the usage that people read is written by hand.
      const usage = command
        .usage()
        .replace(/^\[options\] ?/, '')
        .replace(/^\[-h\|--help\] ?/, '');
      assert.equal(row.usage?.trim(), usage, command.name());
    }
    assert.equal([...rows.keys()].filter((name) => all.some((command) => command.name() === name)).length, all.length);
  });

  it('has lines for make that do what they say, whatever is in a title', async () => {
    const program = await builtCli();
    const workspace = await CliWorkspace.make();
    const bin = path.join(workspace.folder, '..', 'bin');
    await mkdir(bin);
    await workspace.put('../bin/firebreak', `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    await chmod(path.join(bin, 'firebreak'), 0o755);
    // A recipe as make hands it to the shell, with the variables of the command line in the environment.
    const make = async (target: string, environment: Record<string, string>) => {
      const recipe = new RegExp(`^${target}:.*\n\t@(.*)$`, 'm').exec(docs)?.[1]?.replaceAll('$$', '$');
      assert.ok(recipe, target);
      return workspace.shell(recipe, { ...environment, PATH: `${bin}:${process.env.PATH}` });
    };
    const title = `--it's "$(touch owned)" \`date\` ; $HOME`;
    await make('backlog-add', { type: 'bug', severity: 'P0', title, desc: '-x "y"' });
    const { items } = await workspace.json<ListJson>('list');
    assert.deepEqual(
      items.map((item) => [item.title, item.severity]),
      [[title, 'P0']],
    );
    const issue = items[0]?.id ?? '';
    await make('incident-update', { issue, status: title });
    await make('incident-update', { status: 'second' });
    await make('incident-note', { issue, text: title });
    assert.equal((await make('incident-record', { issue, command: 'echo done | tr d D' })).trim(), 'Done');
    await make('incident-phase', { issue, phase: 'fix' });
    await make('incident-phase', {});
    assert.match(await make('incident-show', { issue }), /phase: verify/);
    assert.match(await make('backlog-list', { severity: 'P0,P1' }), /verify/);
    const { timeline, item } = await workspace.json<ShowJson>('show');
    assert.equal(item.incident?.phase, 'verify');
    assert.ok(timeline.some(({ kind, body }) => kind === 'note' && body === title));
    assert.ok(timeline.some(({ kind, body }) => kind === 'command' && body.includes("$ sh -c 'echo done | tr d D'")));
    assert.ok(timeline.some(({ kind, body }) => kind === 'status' && body.includes('second')));
    assert.equal((await workspace.git('status', '--porcelain', '--', 'owned')).trim(), '');
    await workspace.remove();
  });
});
