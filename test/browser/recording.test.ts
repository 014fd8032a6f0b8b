import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, loginIsDown } from './support/documents.ts';
import { Shop } from './support/shop.ts';
import { Terminal } from './support/terminal.ts';

/** Of GitHub's form, and not one of `testToken`: bash's own history keeps what is typed, too. And a word that is no secret but for where it stands. */
const token = ['ghp', 'wKZ7QhT3mYv9'.repeat(3)].join('_');
const password = 'hunter-of-two';
const failing = 'sleep 1; ls no-such-file';
const settings = { 'firebreak.recording.ask': true, 'firebreak.git.commit': 'never' };

/** The names of the files of Firebreak, in the tree and in private state, that hold a text. */
async function holding(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const top of ['incidents', '.firebreak', '.git/firebreak']) {
    const entries = await readdir(path.join(folder, top), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter((one) => one.isFile())) {
      const file = path.join(entry.parentPath, entry.name);
      if ((await readFile(file, 'utf8').catch(() => '')).includes(text)) found.push(file);
    }
  }
  return found;
}

for (const theme of ['light', 'dark'] as const) {
  describe(`Recording, ${theme}`, () => {
    let shop: Shop;
    let workbench: Workbench;
    let terminal: Terminal;
    const recorded = (window = workbench) => window.tree('Recorded');
    const labels = async (what: string, wanted: readonly (string | RegExp)[], window = workbench) =>
      recorded(window).rowsWhen(
        what,
        (rows) =>
          rows.length === wanted.length &&
          wanted.every((label, index) => {
            const shown = rows[index]?.label ?? '';
            return typeof label === 'string' ? shown === label : label.test(shown);
          }),
      );

    /** Waits until a row is decided: the rows below it move up then. */
    const isGone = (label: string) =>
      recorded().rowsWhen(`no row ${label}`, (rows) => rows.every((row) => row.label !== label));

    before(async () => {
      shop = await Shop.open(declaredElsewhere(loginIsDown));
      workbench = await openWorkbench({ folder: shop.folder, theme, height: 1000, settings });
      await workbench.openView('Firebreak');
      await workbench.tree('Incidents').row('Login is down');
    });
    after(() => workbench?.dispose());

    it('is off, and offered with the first command that is typed', async () => {
      assert.ok(!(await workbench.statusItems()).some(({ text }) => text.includes('Recording')));
      terminal = await Terminal.open(workbench);
      await terminal.type('echo before');
      const question = await workbench.notification('Record what you do for BUG-P0-20250923-1430?');
      assert.deepEqual(await question.buttons(), ['Record', 'Not Now', 'Never']);
      await workbench.screenshot('recording-offer');
      await question.click('Record');
      await workbench.statusBar(/Recording$/);
    });

    it('proposes what is typed from then on, with how it ended', async () => {
      // VS Code hands the output of a command that is over at once to nobody, at times.
      await terminal.type(failing);
      const [row] = await labels('the failed command', [failing]);
      assert.match(row?.description ?? '', /^exit 2 · \d+s · \d/);
      assert.match(row?.icon ?? '', /codicon-terminal/);
      await workbench.statusBar(/Recording · 1$/);
      assert.deepEqual(
        (await shop.events(loginIsDown.id)).filter(({ kind }) => kind === 'command'),
        [],
      );
    });

    it('masks secrets before anything is on the disk', async () => {
      await terminal.type(`DB_PASSWORD=${password} API=${token} true`);
      const row = await recorded().row(/^DB_PASSWORD=/);
      assert.equal(row.label, 'DB_PASSWORD=‹masked: secret› API=‹masked: GitHub token› true');
      await terminal.type(`echo ${token.slice(0, 9)}${token.slice(9)}`);
      await recorded().row('echo ‹masked: GitHub token›');
      for (const secret of [token, password]) assert.deepEqual(await holding(shop.folder, secret), []);
      await workbench.screenshot('recording');
    });

    it('proposes commits and branches of the repository, each once', async () => {
      await terminal.type('git switch --quiet -c fix/pool && git commit --quiet --allow-empty -m "Raise the pool"');
      await recorded().row('Switched from main to fix/pool');
      const commit = await recorded().row('Raise the pool');
      assert.match(commit.description, /^[0-9a-f]{9} · /);
      const other = await workbench.secondWindow();
      try {
        await other.openView('Firebreak');
        await other.statusBar(/Recording · 6$/);
        await recorded(other).row('Raise the pool');
        await recorded(other).inlineAction('Switched from main to fix/pool', 'Drop');
        await workbench.statusBar(/Recording · 5$/);
        assert.equal((await recorded().rows()).filter(({ label }) => label === 'Raise the pool').length, 1);
      } finally {
        await other.page.close();
      }
    });

    it('keeps what is chosen as an event: exit code, duration, and output only if chosen', async () => {
      await recorded().menu(failing, 'Keep with Output');
      const event = await shop.event(loginIsDown.id, 'the command', ({ kind }) => kind === 'command');
      await isGone(failing);
      assert.equal(event.fields.exit, '2');
      assert.match(event.fields.duration ?? '', /^\d+(\.\d)?$/);
      assert.equal(event.fields.by, '"@ada"');
      assert.match(event.body, /^```console\n\$ sleep 1; ls no-such-file\nls: [^\n]*no-such-file[^\n]*\n```\n$/);
      await recorded().inlineAction('Raise the pool', 'Keep');
      const commit = await shop.event(loginIsDown.id, 'the commit', ({ kind }) => kind === 'commit');
      await isGone('Raise the pool');
      const head = (await shop.git('rev-parse', 'fix/pool')).trim();
      assert.equal(commit.body, `\`${head.slice(0, 9)}\` Raise the pool\n`);
    });

    it('edits before it keeps, and drops for good', async () => {
      await recorded().inlineAction('echo ‹masked: GitHub token›', 'Edit and Keep…');
      await workbench.quickInput.prompt(/^As it will stand in the timeline/);
      await workbench.quickInput.type(`printed ${token}`);
      await workbench.quickInput.accept();
      await shop.event(loginIsDown.id, 'the edited one', ({ body }) =>
        body.includes('$ printed ‹masked: GitHub token›\n'),
      );
      await isGone('echo ‹masked: GitHub token›');
      await recorded().inlineAction(/^git switch/, 'Drop');
      await labels('what is left', [/^DB_PASSWORD=/]);
      assert.deepEqual(await holding(shop.folder, token), []);
    });

    it('goes on after a reload, and keeps all at once', async () => {
      await workbench.reload();
      await workbench.openView('Firebreak');
      await workbench.statusBar(/Recording · 1$/);
      await recorded().titleAction('Keep All Recorded');
      const event = await shop.event(loginIsDown.id, 'the last one', ({ body }) => body.includes('DB_PASSWORD='));
      assert.match(event.body, /^```console\n\$ DB_PASSWORD=‹masked: secret› API=‹masked: GitHub token› true\n```\n$/);
      await workbench.statusBar(/Recording$/);
    });

    it('stops when it is told to, and is not offered again', async () => {
      await workbench.runCommand('Incident: Stop Recording');
      await eventually('no sign of recording', async () =>
        (await workbench.statusItems()).every(({ text }) => !text.includes('Recording')),
      );
      await workbench.tree('Incidents').menu('Login is down', 'Acknowledge');
      await shop.event(loginIsDown.id, 'the acknowledgement', ({ kind }) => kind === 'acknowledge');
      terminal = await Terminal.open(workbench);
      await terminal.type('touch after-it');
      await eventually('the command to be through', async () => shop.has('after-it'));
      const commands = (await shop.events(loginIsDown.id)).filter(({ kind }) => kind === 'command');
      assert.equal(commands.length, 3);
      assert.deepEqual(await holding(shop.folder, 'after-it'), []);
      assert.ok(!(await workbench.notifications()).some((text) => text.includes('Record what you do')));
    });
  });
}
