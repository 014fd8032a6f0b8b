import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { projectFolder } from '../support/sourceProject.ts';
import { builtCli, CliWorkspace } from './builtCli.ts';
import type { EventJson, ItemJson, ListJson, ShowJson } from './shapes.ts';

const ulid = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

describe('firebreak', function () {
  this.timeout(60_000);
  let workspace: CliWorkspace;

  before(() => builtCli());
  beforeEach(async () => {
    workspace = await CliWorkspace.make();
  });
  afterEach(() => workspace.remove());

  const declare = async (...more: string[]): Promise<ItemJson> =>
    (await workspace.json<{ item: ItemJson }>('declare', 'API down', ...more)).item;
  const add = async (...words: string[]): Promise<ItemJson> =>
    (await workspace.json<{ item: ItemJson }>('add', ...words)).item;
  const shown = (id: string) => workspace.json<ShowJson>('show', id);
  const kinds = async (id: string) => (await shown(id)).timeline.map(({ kind }) => kind);

  describe('declare', () => {
    it('needs only a title, and is on disk', async () => {
      const item = await declare();
      assert.match(item.id, /^BUG-P0-\d{8}-\d{4}$/);
      assert.match(item.uid, ulid);
      const { uid, id, created, sprint, ...rest } = item;
      assert.match(created ?? '', instant);
      assert.match(sprint ?? '', /^\d{4}-W\d\d$/);
      assert.deepEqual(rest, {
        title: 'API down',
        type: 'bug',
        severity: 'P0',
        status: 'doing',
        owner: '@alice',
        tags: [],
        path: `incidents/${id}/incident.md`,
        github: null,
        private: false,
        duplicateOf: null,
        actionOf: null,
        conflicts: [],
        incident: {
          phase: 'declared',
          started: null,
          detected: null,
          service: null,
          criteria: [],
          roles: { commander: '@alice' },
        },
      });
      assert.match(readFileSync(path.join(workspace.folder, item.path), 'utf8'), new RegExp(`^uid: ${uid}$`, 'm'));
      assert.deepEqual(await kinds(id), ['phase', 'severity', 'role', 'decision']);
    });

    it('takes all that is known', async () => {
      const item = await declare(
        ...['--severity', '1', '--criteria', 'production-down,data-loss', '--criteria', 'user-impact'],
        ...[
          '--impact',
          'EU',
          '--service',
          'checkout',
          '--commander',
          '@bob',
          '--type',
          'task',
          '--desc',
          'Since noon.',
        ],
      );
      assert.deepEqual(
        [item.severity, item.type, item.owner, item.incident?.service, item.incident?.criteria, item.incident?.roles],
        ['P1', 'task', '@bob', 'checkout', ['production-down', 'data-loss', 'user-impact'], { commander: '@bob' }],
      );
      assert.equal((await shown(item.id)).body.trim(), 'Since noon.');
    });

    it('says what a private incident means', async () => {
      const text = await workspace.text('declare', 'Keys leaked', '--criteria', 'security-breach', '--no-commander');
      assert.match(
        text,
        /^BUG-P0-\d{8}-\d{4} declared: Keys leaked\n {2}incidents\/.*\n {2}private: .*git still shares it$/,
      );
    });

    it('declares an item of the backlog', async () => {
      const item = await add('Slow', '--severity', 'P2', '--desc', 'Words');
      const { item: incident } = await workspace.json<{ item: ItemJson }>(
        'declare',
        '--item',
        item.id,
        '--severity',
        'P1',
      );
      assert.deepEqual([incident.id, incident.uid, incident.title], [item.id, item.uid, 'Slow']);
      assert.equal(incident.path, `incidents/${item.id}/incident.md`);
      assert.deepEqual(await readdir(path.join(workspace.folder, 'backlog')), []);
      assert.match(await workspace.fails(1, 'declare', '--item', item.id), /is an incident already/);
      assert.match(await workspace.fails(2, 'declare', '--item', item.id, '--type', 'bug'), /leave --type/);
    });

    it('works where there is no repository', async () => {
      const plain = await CliWorkspace.make(false);
      const { item } = await plain.json<{ item: ItemJson }>('declare', 'API down');
      assert.ok(item.owner);
      assert.equal((await plain.json<ShowJson>('show')).timeline.length, 4);
      await plain.remove();
    });
  });

  describe('add', () => {
    it('puts an item into the backlog', async () => {
      const item = await add(
        'Dark mode',
        '--type',
        'feature',
        '--severity',
        'p3',
        '--tag',
        'ui',
        '--tag',
        'a b',
        '--owner',
        'me',
      );
      assert.match(item.id, /^FEATURE-P3-\d{8}-\d{4}$/);
      assert.deepEqual(
        [item.status, item.tags, item.owner, item.incident, item.path],
        ['inbox', ['ui', 'a b'], '@alice', null, `backlog/${item.id}.md`],
      );
    });

    it('declares a P0', async () => {
      const item = await add('API down', '--severity', 'P0', '--criteria', 'production-down');
      assert.equal(item.incident?.phase, 'declared');
    });

    it('adds an action item to an incident, whose P0 says how soon and declares nothing', async () => {
      const incident = await add('API down', '--severity', 'P0');
      const action = await add('Alert on latency', '--type', 'task', '--severity', 'P0', '--incident', incident.id);
      assert.deepEqual([action.actionOf, action.incident, action.severity], [incident.id, null, 'P0']);
      await add('Something else');
      const { items } = await workspace.json<{ items: ItemJson[] }>('list', '--incident', incident.id);
      assert.deepEqual(
        items.map(({ id }) => id),
        [action.id],
      );
      const wrong = await workspace.run('add', 'x', '--incident', action.id);
      assert.equal(wrong.code, 1);
      assert.match(wrong.stderr, /not an incident/);
    });

    it('reads a description from stdin', async () => {
      const run = await workspace.runWith({ input: '\uFEFFone\r\ntwo\r\n' }, 'add', 'Slow', '--desc', '-', '--json');
      const { item } = JSON.parse(run.stdout) as { item: ItemJson };
      assert.equal((await shown(item.id)).body.trimEnd(), 'one\ntwo');
    });

    it('takes a title that looks like an option behind --', async () => {
      const run = await workspace.run('add', '--severity=P4', '--json', '--', '--help');
      assert.equal((JSON.parse(run.stdout) as { item: ItemJson }).item.title, '--help');
    });
  });

  describe('work on an incident', () => {
    it('is recorded in its timeline', async () => {
      const { id } = await declare('--no-commander');
      const { event } = await workspace.json<{ event: EventJson }>('ack', id, '--note', 'On it');
      assert.deepEqual([event.kind, event.body, event.by], ['acknowledge', 'On it', '@alice']);
      assert.equal(await workspace.text('note', id, 'Pool exhausted'), `${id} note recorded`);
      assert.equal(await workspace.text('decision', id, 'Roll back'), `${id} decision recorded`);
      assert.equal(
        await workspace.text('phase', id, 'mitigate', '--note', 'Rolling back'),
        `${id} declared -> mitigate`,
      );
      assert.equal(await workspace.text('severity', id, 'P1'), `${id} P0 -> P1`);
      assert.equal(await workspace.text('role', id, 'commander', '@bob'), `${id} commander: @bob`);
      assert.equal(await workspace.text('role', id, 'commander', 'nobody'), `${id} commander: nobody`);
      assert.deepEqual((await kinds(id)).sort(), [
        'acknowledge',
        'decision',
        'decision',
        'note',
        'phase',
        'phase',
        'role',
        'role',
        'severity',
        'severity',
      ]);
    });

    it('needs no id while exactly one incident is open', async () => {
      assert.match(await workspace.fails(1, 'ack'), /No incident is open here/);
      const { id } = await declare();
      assert.match(await workspace.text('ack'), /acknowledged by @alice$/);
      await workspace.text('note', 'Pool exhausted');
      assert.equal(await workspace.text('phase', 'next'), `${id} declared -> triage`);
      assert.equal(await workspace.text('severity', 'P1'), `${id} P0 -> P1`);
      assert.equal(await workspace.text('role', 'scribe', 'me'), `${id} scribe: @alice`);
      assert.match(await workspace.text('show'), new RegExp(`^${id} {2}API down\n`));
      assert.match(await workspace.fails(2, 'note', id), /Say the note behind/);
      const other = await declare();
      assert.match(await workspace.fails(1, 'note', 'x'), new RegExp(`2 incidents are open .*${other.id}`));
      assert.equal(await workspace.text('cancel', other.id, 'a broken probe'), `${other.id} cancelled`);
      await workspace.text('note', 'x');
    });

    it('takes names of every kind', async () => {
      const { id, uid, path: file } = await declare();
      const source = readFileSync(path.join(workspace.folder, file), 'utf8');
      await workspace.put(file, source.replace('\nseverity:', '\naliases: [OLD-1]\ngithub: acme/shop#41\nseverity:'));
      for (const name of [id, uid, 'OLD-1', 'acme/shop#41', 'ACME/Shop#41', '#41']) {
        assert.equal((await shown(name)).item.uid, uid, name);
      }
      assert.match(await workspace.fails(1, 'show', '#42'), /There is no item "#42"/);
      await workspace.put('backlog/other.md', '---\ntitle: Other\ngithub: acme/web#41\n---\n');
      assert.match(await workspace.fails(1, 'show', '#41'), /could be any of/);
    });

    it('walks through the phases with next, and back', async () => {
      const { id } = await declare();
      const walked: string[] = [];
      for (let step = 0; step < 8; step++) {
        const { item } = await workspace.json<{ item: ItemJson }>('phase', id, 'next');
        walked.push(`${item.incident?.phase} ${item.status}`);
      }
      assert.deepEqual(walked, [
        'triage doing',
        'respond doing',
        'mitigate doing',
        'investigate doing',
        'fix doing',
        'verify doing',
        'rca review',
        'closed done',
      ]);
      assert.match(await workspace.fails(1, 'phase', id, 'next'), /no phase comes after/);
      assert.equal(await workspace.text('phase', id, 'closed'), `${id} is in phase closed already`);
      assert.equal(await workspace.text('phase', id, 'Respond'), `${id} closed -> respond`);
    });

    it('posts status updates that start from the last one', async () => {
      const { id } = await declare();
      const first = await workspace.json<{ event: EventJson }>(
        'update',
        '--state',
        'down',
        '--impact',
        'EU',
        '--eta',
        'TBD',
      );
      assert.equal(first.event.body, '- **Current State**: down\n- **Impact**: EU\n- **ETA**: TBD');
      const second = await workspace.json<{ event: EventJson }>(
        'update',
        id,
        'degraded',
        '--cause',
        'deploy 812',
        '--next',
        'watch',
      );
      assert.equal(
        second.event.body,
        '- **Current State**: degraded\n- **Impact**: EU\n- **Root Cause**: deploy 812\n- **Next Steps**: watch\n- **ETA**: TBD',
      );
      const input =
        '**14:30 Status Update**\r\n- **Current State**: up\r\n- **Actions Taken**: rolled back\r\n  scaled out\r\n';
      const third = await workspace.runWith({ input }, 'update', '-', '--eta', 'done', '--json');
      assert.equal(
        (JSON.parse(third.stdout) as { event: EventJson }).event.body,
        '- **Current State**: up\n- **Impact**: EU\n- **Root Cause**: deploy 812\n- **Actions Taken**: rolled back\n  scaled out\n- **Next Steps**: watch\n- **ETA**: done',
      );
      assert.match(await workspace.fails(2, 'update', id), /Say the current state/);
      assert.match(await workspace.fails(2, 'update'), /Say the current state/);
    });

    it('remembers when something happened', async () => {
      const { id } = await declare();
      await workspace.text('note', id, 'First alert', '--at', '2025-09-23T16:25+02:00');
      const [first] = (await shown(id)).timeline;
      assert.deepEqual([first?.at, first?.body], ['2025-09-23T14:25:00Z', 'First alert']);
      assert.match(await workspace.fails(2, 'note', id, 'x', '--at', 'noon'), /"noon" is no time/);
    });

    it('cancels and merges', async () => {
      const first = await declare();
      const second = await declare();
      await workspace.text('note', second.id, 'Seen from the website');
      const merged = await workspace.json<{ item: ItemJson; merged: ItemJson }>('merge', second.id, first.id);
      assert.deepEqual(
        [merged.item.id, merged.merged.status, merged.merged.duplicateOf],
        [first.id, 'duplicate', first.id],
      );
      const text = await workspace.text('show', first.id);
      assert.match(text, new RegExp(`@alice {2}note {2}from ${second.id}\n {6}Seen from the website`));
      assert.match(await workspace.fails(1, 'merge', second.id, first.id), /closed already/);
      const { item } = await workspace.json<{ item: ItemJson }>('cancel', first.id, 'no');
      assert.deepEqual([item.status, item.incident?.phase], ['declined', 'closed']);
    });
  });

  describe('the backlog', () => {
    it('is changed', async () => {
      const { id } = await add('Slow', '--severity', 'P2');
      assert.equal(await workspace.text('status', id, 'ready'), `${id} inbox -> ready`);
      assert.equal(await workspace.text('status', id, 'ready'), `${id} is ready already`);
      assert.equal(await workspace.text('owner', id, 'me'), `${id} owner: @alice`);
      assert.equal(await workspace.text('owner', id, 'nobody'), `${id} owner: nobody`);
      assert.equal(await workspace.text('severity', id, 'P3'), `${id} P2 -> P3`);
      assert.match(await workspace.text('severity', id, 'P0'), new RegExp(`^${id} P3 -> P0, declared: incidents/`));
    });

    it('is listed, most urgent first, without what is finished', async () => {
      const bug = await add('Slow', '--severity', 'P2');
      const task = await add('Tidy', '--severity', 'P4', '--type', 'task');
      const incident = await declare();
      const done = await add('Old', '--severity', 'P1');
      await workspace.text('status', done.id, 'done');
      const titles = async (...words: string[]) =>
        (await workspace.json<ListJson>('list', ...words)).items.map(({ title }) => title);
      assert.deepEqual(await titles(), ['API down', 'Slow', 'Tidy']);
      assert.deepEqual(await titles('--all'), ['API down', 'Old', 'Slow', 'Tidy']);
      assert.deepEqual(await titles('--incidents'), ['API down']);
      assert.deepEqual(await titles('--severity', 'P2,p4'), ['Slow', 'Tidy']);
      assert.deepEqual(await titles('--type', 'task'), ['Tidy']);
      assert.deepEqual(await titles('--status', 'done'), ['Old']);
      await workspace.text('owner', bug.id, '@bob');
      const list = (await workspace.text('list')).replace(/ (\d[sm] |\d\d[sm])(?= {2})/g, ' AGO');
      assert.equal(
        list,
        [
          `${'ID'.padEnd(task.id.length)}  SEV  STATE     AGE  OWNER   TITLE`,
          `${incident.id.padEnd(task.id.length)}  P0   declared  AGO  @alice  API down`,
          `${bug.id.padEnd(task.id.length)}  P2   inbox     AGO  @bob    Slow`,
          `${task.id}  P4   inbox     AGO          Tidy`,
        ].join('\n'),
      );
    });

    it('says so when there is nothing', async () => {
      assert.equal(await workspace.text('list'), 'Nothing to list.');
      assert.deepEqual(await workspace.json('list'), { items: [], problems: [], missing: [] });
    });
  });

  describe('show', () => {
    it('prints header, clocks and timeline', async () => {
      const { id } = await declare('--impact', 'All of EU\n\nand US');
      const text = await workspace.text('show', id);
      const shape = text
        .replaceAll(id, 'ID')
        .replace(/\d{4}-W\d\d/g, 'WEEK')
        .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'TIME')
        .replace(/due in \d+[a-z]( \d+[a-z])?/g, 'due in SPAN')
        .replace(/done in \d+s/g, 'done in SPAN');
      assert.equal(
        shape,
        `ID  API down
  Severity   P0
  Status     doing
  Phase      declared (Declare P0)
  Type       bug
  Owner      @alice
  Commander  @alice
  Sprint     WEEK
  Created    TIME
  File       incidents/ID/incident.md

All of EU

and US

Clocks
  Acknowledge  done in SPAN
  Next update  due in SPAN
  Mitigate     due in SPAN
  Resolve      due in SPAN

Timeline (UTC)
  TIME  @alice  phase: declared
      API down
  TIME  @alice  severity: P0
  TIME  @alice  commander: @alice
  TIME  @alice  impact
      All of EU

      and US
  TIME  @alice  decision
      Sprint WEEK is interrupted for this incident.`,
      );
      const json = await shown(id);
      assert.deepEqual(
        json.clocks.map(({ kind, standing }) => `${kind} ${standing}`),
        ['acknowledge met', 'update running', 'mitigate running', 'resolve running'],
      );
      for (const clock of json.clocks) assert.match(clock.startedAt, instant);
      assert.ok(
        json.timeline.every(({ missing, path: file }) => !missing && file.startsWith(`incidents/${id}/timeline/`)),
      );
    });

    it('shows times of this machine, and UTC in JSON', async () => {
      const { id } = await declare('--no-commander');
      await workspace.text('note', id, 'x', '--at', '2025-09-23T14:30Z');
      const run = await workspace.runWith({ environment: { TZ: 'Asia/Tokyo' } }, 'show', id);
      assert.match(run.stdout, /Timeline \(Asia\/Tokyo\)\n {2}2025-09-23 23:30 {2}@alice {2}note/);
    });

    it('shows an item', async () => {
      const { id } = await add('Slow', '--severity', 'P2', '--desc', 'Words');
      assert.match(await workspace.text('show', id), new RegExp(`^${id} {2}Slow\n {2}Severity {2}P2\n[^]*\n\nWords$`));
      assert.deepEqual((await shown(id)).timeline, []);
    });
  });

  describe('a clean or a checkout', () => {
    it('loses nothing', async () => {
      const { id } = await declare();
      await workspace.text('note', id, 'Still here');
      await workspace.git('clean', '-fdq');
      const list = await workspace.run('list');
      assert.equal(list.code, 0);
      assert.match(list.stdout, /API down/);
      assert.match(list.stderr, /^firebreak: 6 files are not in this checkout.*"firebreak restore"/);
      assert.match((await workspace.run('show', id)).stdout, /note {2}not in this checkout\n {6}Still here/);
      const { missing } = await workspace.json<{ missing: string[] }>('restore', '--list');
      assert.equal(missing.length, 6);
      assert.match(await workspace.fails(1, 'restore', 'README.md'), /is not missing/);
      await workspace.text('restore', missing[0] ?? '');
      assert.deepEqual((await workspace.text('restore')).split('\n'), missing.slice(1));
      assert.equal(await workspace.text('restore'), 'Nothing is missing.');
      assert.equal((await shown(id)).timeline.length, 5);
    });
  });

  describe('share', () => {
    it('commits and pushes its own files, and nothing else', async () => {
      await workspace.put('README.md', 'Shop\n');
      await workspace.git('add', 'README.md');
      await workspace.git('commit', '--quiet', '-m', 'Begin');
      const remote = path.join(workspace.folder, '..', 'remote.git');
      await workspace.git('init', '--quiet', '--bare', '--initial-branch=main', remote);
      await workspace.git('remote', 'add', 'origin', remote);
      await workspace.git('push', '--quiet', '--set-upstream', 'origin', 'main');
      await declare();
      await workspace.put('secret.txt', 'mine\n');
      const shared = await workspace.json<{ committed: number; pushed: boolean }>('share', '--message', 'API\ndown');
      assert.deepEqual([shared.committed, shared.pushed], [5, true]);
      assert.equal((await workspace.git('log', '-1', '--format=%s', 'origin/main')).trim(), 'Firebreak: API down');
      assert.equal((await workspace.git('status', '--porcelain')).trim(), '?? secret.txt');
    });

    it('needs a repository', async () => {
      const plain = await CliWorkspace.make(false);
      assert.match(await plain.fails(1, 'share'), /no git repository/);
      await plain.remove();
    });
  });

  describe('the root folder', () => {
    it('is found upwards, and not beyond the work tree', async () => {
      await declare();
      await mkdir(path.join(workspace.folder, 'src/deep'), { recursive: true });
      const deep = await workspace.runWith({ from: 'src/deep' }, 'list', '--json');
      assert.equal((JSON.parse(deep.stdout) as ListJson).items.length, 1);
      await workspace.put('src/app/incident-policy.yml', 'severities: {}\n');
      const inner = await workspace.runWith({ from: 'src/app' }, 'list', '--json');
      assert.equal((JSON.parse(inner.stdout) as ListJson).items.length, 0);
      await workspace.put('vendor/lib/.git/HEAD', 'ref: refs/heads/main\n');
      const vendored = await workspace.runWith({ from: 'vendor/lib' }, 'list', '--json');
      assert.equal((JSON.parse(vendored.stdout) as ListJson).items.length, 0);
    });

    it('is the one that --root names', async () => {
      await mkdir(path.join(workspace.folder, 'ops'));
      await workspace.text('--root', 'ops', 'declare', 'API down');
      assert.deepEqual(await readdir(path.join(workspace.folder, 'ops')), ['incidents']);
      assert.equal((await workspace.json<ListJson>('list', '--root', 'ops')).items.length, 1);
      assert.match(await workspace.fails(1, 'list', '--root', 'nowhere'), /There is no folder .*nowhere/);
      await workspace.put('file', '');
      assert.match(await workspace.fails(1, 'list', '--root', 'file'), /There is no folder/);
    });
  });

  describe('bad input', () => {
    it('elsewhere is told, and everything else goes on', async () => {
      const { id } = await declare();
      await workspace.put('backlog/broken.md', '---\ntitle: "x\n---\n');
      await workspace.put('backlog/binary.md', new Uint8Array([0, 1, 2]));
      await workspace.put('backlog/huge.md', Buffer.alloc(6 * 1024 * 1024, 'x'));
      await mkdir(path.join(workspace.folder, 'backlog/folder.md'));
      await workspace.put('backlog/unknown.md', '---\ntitle: Odd\nseverity: P9\n---\n');
      await workspace.put('incident-policy.yml', 'severities: [\n');
      const run = await workspace.run('list');
      assert.equal(run.code, 0);
      assert.match(run.stdout, /API down/);
      for (const file of ['broken.md', 'binary.md', 'huge.md', 'folder.md', 'unknown.md:3', 'incident-policy.yml']) {
        assert.match(run.stderr, new RegExp(`^firebreak: (backlog/)?${file.replaceAll('.', '\\.')}.*: .+$`, 'm'), file);
      }
      await workspace.text('ack', id);
      const { problems } = JSON.parse((await workspace.run('list', '--json')).stdout) as ListJson;
      assert.ok(problems.some(({ path: file, code }) => file === 'backlog/broken.md' && code === 'brokenFrontMatter'));
      assert.equal((await workspace.run('list', '--json')).stderr, '');
    });

    it('of a hostile file does nothing to the terminal', async () => {
      await workspace.put(
        'backlog/a.md',
        '---\ntitle: "x\\e]0;owned\\a\\u202Ey\\r\\nz"\nowner: "\\e[31mred"\n---\n\u001b[2Jbody\u0007\n',
      );
      for (const words of [['list'], ['show', 'a']]) {
        const { stdout, code } = await workspace.run(...words);
        assert.equal(code, 0);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
        assert.match(stdout, /owned/);
      }
    });

    it('in the folder itself is told in one sentence', async () => {
      if (process.getuid?.() === 0) {
        // Root may write anywhere; a file in place of a folder stops it, too.
        await workspace.put('incidents', '');
        assert.match(await workspace.fails(1, 'declare', 'API down'), /incidents.*Move it away.*kept in the journal/);
      } else {
        await chmod(workspace.folder, 0o555);
        assert.match(
          await workspace.fails(1, 'declare', 'API down'),
          /can't be written: make its folder writable.*kept/,
        );
        await chmod(workspace.folder, 0o755);
      }
      await rm(path.join(workspace.folder, 'incidents'), { recursive: true, force: true });
      assert.equal((await workspace.text('restore')).split('\n').length, 5);
      assert.equal((await workspace.json<ShowJson>('show')).timeline.length, 4);
    });

    it('leads no write out of the folder', async () => {
      const outside = path.join(workspace.folder, '..', 'outside');
      await mkdir(outside);
      await symlink(outside, path.join(workspace.folder, 'incidents'));
      await workspace.fails(1, 'declare', 'API down');
      assert.deepEqual(await readdir(outside), []);
    });

    it('is answered with 1 when it names nothing', async () => {
      const { id } = await add('Slow', '--severity', 'P2');
      assert.match(await workspace.fails(1, 'show', 'BUG-P0-19990101-0000'), /There is no item "BUG-P0-19990101-0000"/);
      assert.match(await workspace.fails(1, 'ack', id), /declare it first/);
    });
  });

  describe('a wrong command line', () => {
    for (const [words, said] of [
      [['declare'], /Say what is wrong/],
      [['declare', ' '], /The title is empty/],
      [['add'], /missing required argument 'title'/],
      [['add', 'x', '--severity', 'P7'], /"P7" is no severity: choose one of P0, P1, P2, P3, P4/],
      [['add', 'x', '--type', 'epic'], /"epic" is no type/],
      [['add', 'x', '--criteria', 'boring'], /"boring" is no criterion/],
      [['add', 'x', '--criteria', 'data-loss'], /add --severity P0/],
      [['list', '--status', 'done,gone'], /"gone" is no status/],
      [['lst'], /unknown command 'lst'.*Did you mean list/s],
      [['list', '--sverity', 'P0'], /unknown option '--sverity'.*Did you mean --severity/s],
      [['merge', 'a'], /missing required argument 'into'/],
      [['role', 'commander'], /Say which role and who/],
      [['phase'], /Say the phase/],
      [['sync', '--repo'], /argument missing/],
    ] as const) {
      it(`is answered with 2: ${words.join(' ')}`, async () => {
        const run = await workspace.run(...words);
        assert.equal(run.code, 2, run.stderr);
        assert.equal(run.stdout, '');
        assert.match(run.stderr, /^firebreak: /);
        assert.match(run.stderr, said);
        const json = await workspace.run(...words, '--json');
        assert.equal(json.code, 2);
        const { error } = JSON.parse(json.stderr) as { error: { code: string; message: string } };
        assert.equal(error.code, 'usage');
        assert.match(error.message, said);
      });
    }

    it('with an unknown role, phase or status is answered with 2', async () => {
      const { id } = await declare();
      assert.match(await workspace.fails(2, 'role', id, 'king', 'me'), /"king" is no role/);
      assert.match(await workspace.fails(2, 'phase', id, 'panic'), /"panic" is no phase: choose one of next, detected/);
      assert.match(await workspace.fails(2, 'status', id, 'gone'), /"gone" is no status/);
      assert.match(await workspace.fails(2, 'severity', id, 'P9'), /"P9" is no severity/);
      assert.match(await workspace.fails(2, 'note', id, ' '), /The note is empty/);
    });

    it('is answered with the help when it is empty', async () => {
      const run = await workspace.run();
      assert.equal(run.code, 2);
      assert.match(run.stderr, /^Usage: firebreak /);
    });
  });

  it('tells errors as JSON where JSON is asked for', async () => {
    const run = await workspace.run('show', 'nothing', '--json');
    assert.equal(run.code, 1);
    assert.equal(run.stdout, '');
    assert.deepEqual(JSON.parse(run.stderr), {
      error: {
        code: 'notFound',
        message: 'There is no item "nothing" here. `firebreak list` and the Backlog view show all ids.',
      },
    });
  });

  it('helps, and tells its version', async () => {
    const { version } = JSON.parse(readFileSync(path.join(projectFolder, 'package.json'), 'utf8')) as {
      version: string;
    };
    assert.equal(await workspace.text('--version'), version);
    const help = await workspace.text('--help');
    assert.match(help, /^Work an incident:\n {2}declare [\s\S]*^The backlog:\n {2}list [\s\S]*^Git and GitHub:$/m);
    for (const command of [
      'declare',
      'ack',
      'note',
      'decision',
      'update',
      'phase',
      'severity',
      'role',
      'cancel',
      'merge',
      'list',
      'show',
      'add',
      'status',
      'owner',
      'restore',
      'sync',
      'share',
    ]) {
      assert.match(help, new RegExp(`^ {2}${command} `, 'm'));
      assert.match(await workspace.text(command, '--help'), new RegExp(`^Usage: firebreak ${command} `));
    }
  });

  it('finishes its work when nobody reads what it says', async () => {
    const program = await builtCli();
    const child = spawn(process.execPath, [program, 'declare', 'API down', '--json'], {
      cwd: workspace.folder,
      env: { PATH: process.env.PATH, HOME: path.dirname(workspace.folder) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal((await workspace.json<ListJson>('list')).items.length, 1);
  });

  it('uses no colour outside a terminal', async () => {
    await declare();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
    assert.doesNotMatch(await workspace.text('list'), /\u001b/);
  });

  it('keeps its private state out of the tree', async () => {
    await declare();
    assert.equal((await workspace.git('status', '--porcelain')).trim(), '?? incidents/');
    assert.ok((await readdir(path.join(workspace.folder, '.git/firebreak'))).includes('journal'));
  });
});
