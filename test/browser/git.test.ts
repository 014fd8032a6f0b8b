import assert from 'node:assert/strict';
import path from 'node:path';
import { git } from '../host/harness/repository.ts';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import { temporaryFolder } from './harness/temporaryFolder.ts';
import type { Workbench } from './harness/workbench.ts';
import { declareP0 } from './support/declareP0.ts';
import { Shop } from './support/shop.ts';
import { TimelinePanel } from './support/timelinePanel.ts';

const title = 'Checkout is down';

describe('An incident in git', () => {
  let shop: Shop;
  let workbench: Workbench;
  let origin: string;

  before(async () => {
    shop = await Shop.open();
    origin = path.join(await temporaryFolder(), 'origin.git');
    await git(shop.folder, 'clone', '--quiet', '--bare', shop.folder, origin);
    await shop.git('remote', 'add', 'origin', origin);
    await shop.git('fetch', '--quiet', 'origin');
    await shop.git('branch', '--set-upstream-to=origin/main', 'main');
    workbench = await openWorkbench({ folder: shop.folder });
    await workbench.openView('Firebreak');
    await declareP0(workbench, title, 'Production Down');
    await TimelinePanel.of(workbench, `P0 ${title}`);
  });

  after(() => workbench?.dispose());

  it('is committed after one question, and what else is staged stays staged', async () => {
    await shop.write({ 'src/pay.ts': 'export const pay = 1;\n' });
    await shop.git('add', 'src/pay.ts');
    const question = await workbench.notification(/^Commit the files of BUG-P0-/);
    await workbench.screenshot('git-commit-question');
    await question.click('Commit');
    await eventually('the commit', async () =>
      (await shop.git('log', '--oneline')).includes('Firebreak: record BUG-P0-'),
    );
    assert.match(await shop.changes(), /^A {2}src\/pay\.ts$/m);
    assert.doesNotMatch(await shop.git('show', '--name-only', '--format=', 'HEAD'), /pay\.ts/);
  });

  it('loses no event to a clean, a stash or a checkout, and gets them back', async () => {
    const incident = await shop.incident(title);
    await workbench.runCommand('Incident: Record Decision…');
    await workbench.quickInput.step(`Decision for ${title}`);
    await workbench.quickInput.type('We roll back to build 811');
    await workbench.quickInput.accept();
    const decision = await shop.event(incident.id, 'the decision', (event) => event.body.includes('811'));
    const panel = await TimelinePanel.of(workbench, `P0 ${title}`);
    await panel.entry('build 811');

    const losses = [
      {
        takeAway: () => shop.git('clean', '-fdxq', 'incidents'),
        // Said without being asked, with the way back in it.
        askBack: async () => {
          const notice = await workbench.notification(/(?:is|are) not in this checkout\. Nothing is lost/);
          await workbench.screenshot('git-missing');
          await notice.click('Restore');
        },
      },
      {
        takeAway: () => shop.git('stash', 'push', '--quiet', '--include-untracked'),
        askBack: () => workbench.tree('Incidents').click(/^Not in this checkout: \d+ files?$/),
      },
    ];
    for (const { takeAway, askBack } of losses) {
      await takeAway();
      assert.ok(!shop.has(decision.path), 'git took the file away');
      await panel.entriesWhen('the event from the journal', (entries) =>
        entries.some((entry) => entry.includes('build 811') && entry.includes('No file')),
      );
      await askBack();
      await workbench.quickInput.step('Restore missing files');
      await workbench.quickInput.accept();
      await eventually('the file to be back', () => shop.has(decision.path));
      assert.equal(await shop.read(decision.path), decision.text);
      await panel.entriesWhen('every event with its file', (entries) =>
        entries.every((entry) => !entry.includes('No file')),
      );
    }

    await shop.git('checkout', '--quiet', '--force', '-b', 'before', 'HEAD~1');
    await panel.entriesWhen('the event on another branch', (entries) =>
      entries.some((entry) => entry.includes('build 811')),
    );
    await shop.git('checkout', '--quiet', '--force', 'main');
    await eventually('the document to be back', () => shop.has(incident.path));
  });

  it('is shared with a click, and meets the same files from another clone', async () => {
    await workbench.runCommand('Firebreak: Share');
    const incident = await shop.incident(title);
    const events = await shop.names(`incidents/${incident.id}/timeline`);
    const bare = Shop.at(origin);
    await eventually('the events at the origin', async () => {
      const there = await bare.git('ls-tree', '-r', '--name-only', 'main');
      return events.every((name) => there.includes(name));
    });

    await workbench.statusBar(/Shared: /);

    const other = Shop.at(path.join(await temporaryFolder(), 'clone'));
    await git(shop.folder, 'clone', '--quiet', origin, other.folder);
    const note = `incidents/${incident.id}/timeline/20260101T000000Z-note-abcd.md`;
    const text = '---\nkind: note\nat: 2026-01-01T00:00:00Z\nby: "@lena"\n---\nSeen from the other clone\n';
    await other.write({ [note]: text });
    await other.git('add', '.');
    await other.git('-c', 'user.name=Lena', '-c', 'user.email=lena@example.com', 'commit', '--quiet', '-m', 'A note');
    await other.git('push', '--quiet', 'origin', 'main');
    // The same file came another way before: a plain pull would refuse to write over it.
    await shop.write({ [note]: text });
    await workbench.runCommand('Firebreak: Share');
    await eventually('the note to be a part of the history here', async () =>
      (await shop.git('ls-tree', '-r', '--name-only', 'HEAD', '--', note)).includes('abcd.md'),
    );
    const panel = await TimelinePanel.of(workbench, `P0 ${title}`);
    await panel.entry('Seen from the other clone');
  });

  it('is committed by itself when that is wished, some seconds after each change', async () => {
    const before = await shop.git('rev-parse', 'HEAD');
    await shop.write({ '.vscode/settings.json': '{ "firebreak.git.commit": "auto" }\n', 'src/pay.ts': 'changed\n' });
    const incident = await shop.incident(title);
    await eventually(
      'a commit of the note',
      async () => {
        // The setting takes effect when VS Code has read its file: what comes before that is committed with the next.
        const note = `Orders come in again (${(await shop.events(incident.id)).length})`;
        await workbench.runCommand('Incident: Add Note…');
        await workbench.quickInput.step(`Note for ${title}`);
        await workbench.quickInput.type(note);
        await workbench.quickInput.accept();
        await shop.event(incident.id, 'the note', (event) => event.body === `${note}\n`);
        return eventually('the commit', async () => (await shop.git('rev-parse', 'HEAD')) !== before, 9_000);
      },
      60_000,
    );
    assert.equal(await shop.git('log', '-1', '--format=%s'), `Firebreak: record ${incident.id}`);
    assert.doesNotMatch(await shop.changes(), /incidents\//, 'nothing of it is left over');
    assert.match(await shop.changes(), /src\/pay\.ts$/m, 'and nothing else was taken');
    assert.doesNotMatch(await shop.git('show', '--name-only', '--format=', 'HEAD'), /src\/|\.vscode/);
  });
});
