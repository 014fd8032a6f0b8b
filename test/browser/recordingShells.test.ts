import assert from 'node:assert/strict';
import { ensureTools } from '../../scripts/lib/systemTools.mjs';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, loginIsDown } from './support/documents.ts';
import { Shop } from './support/shop.ts';
import { Terminal } from './support/terminal.ts';

/** What fish runs VS Code reads off the screen (docs/recording.md): wide enough that no line is broken there. */
const looks = {
  zsh: { theme: 'light', width: 1280 },
  fish: { theme: 'high-contrast', width: 1280 },
} as const;

for (const [shell, look] of Object.entries(looks)) {
  describe(`Recording in ${shell}`, () => {
    let shop: Shop;
    let workbench: Workbench;
    let terminal: Terminal;
    const recorded = () => workbench.tree('Recorded');

    before(async function () {
      this.timeout(300_000);
      await ensureTools({ [shell]: shell }, 'Recording in other shells than bash');
      shop = await Shop.open({ ...declaredElsewhere(loginIsDown), 'logs/app.log': 'GET /login 500\n' });
      workbench = await openWorkbench({
        folder: shop.folder,
        ...look,
        height: 1000,
        settings: { 'firebreak.git.commit': 'never', 'terminal.integrated.defaultProfile.linux': shell },
      });
      await workbench.openView('Firebreak');
      await workbench.tree('Incidents').menu('Login is down', 'Start Recording');
      await workbench.statusBar(/Recording$/);
      terminal = await Terminal.open(workbench);
    });
    after(() => workbench?.dispose());

    it('proposes what is typed, with its exit code and how long it took', async () => {
      await terminal.type('sleep 1; ls no-such-file');
      const row = await recorded().row('sleep 1; ls no-such-file');
      assert.match(row.description, /^exit 2 · [1-9]\d*s · /);
      // In bash it would fail.
      const itself = `test -n "$${shell.toUpperCase()}_VERSION" && echo yes | wc -l`;
      await terminal.type(itself);
      assert.doesNotMatch((await recorded().row(itself)).description, /exit/);
    });

    it('masks what is secret', async () => {
      await terminal.type('DB_PASSWORD=hunter-of-two true');
      const row = await recorded().row(/^DB_PASSWORD=/);
      assert.equal(row.label, 'DB_PASSWORD=‹masked: secret› true');
    });

    it('keeps the output and the folder, without what the shell writes for itself', async () => {
      await terminal.type('cd logs');
      await recorded().row('cd logs');
      await terminal.type('sleep 1; cat app.log');
      await recorded().row('sleep 1; cat app.log');
      await workbench.screenshot(`recording-${shell}`);
      await recorded().menu('sleep 1; cat app.log', 'Keep with Output');
      const event = await shop.event(loginIsDown.id, 'the command', ({ kind }) => kind === 'command');
      assert.deepEqual([event.fields.exit, event.fields.cwd], ['0', 'logs']);
      assert.equal(event.body, '```console\n$ sleep 1; cat app.log\nGET /login 500\n```\n');
      const labels = (await recorded().rows()).map(({ label }) => label);
      assert.ok(labels.includes('cd logs') && !labels.includes(''), labels.join(' | '));
    });
  });
}
