import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, eventText } from './support/documents.ts';
import { Shop } from './support/shop.ts';
import { TimelinePanel } from './support/timelinePanel.ts';

const api = {
  id: 'BUG-P0-20250923-1430',
  uid: '01K5V7Z0000000000000000000',
  title: 'API is down',
  severity: 'P0',
  at: '2025-09-23T14:30:00Z',
};
const folder = `incidents/${api.id}/timeline`;
const two = (number: number) => String(number).padStart(2, '0');

/** A note of another clone, which happened so many minutes after three o'clock. */
const note = (minutes: number) => ({
  [`${folder}/20250923T15${two(minutes)}00Z-note-n0${two(minutes)}.md`]: eventText(
    {
      id: `01K5V7Z000000000000000N0${two(minutes)}`,
      incident: api.uid,
      kind: 'note',
      at: `2025-09-23T15:${two(minutes)}:00Z`,
    },
    `Look ${two(minutes)}`,
  ),
});
const looks = (entries: readonly string[]) => entries.flatMap((entry) => /Look \d\d/.exec(entry)?.[0] ?? []).join();
const allUpTo = (last: number) => Array.from({ length: last + 1 }, (_, minutes) => `Look ${two(minutes)}`).join();

describe('A timeline whose page is taken away while entries come in', () => {
  let shop: Shop;
  let workbench: Workbench;
  const title = `P0 ${api.title}`;

  before(async () => {
    shop = await Shop.open({ ...declaredElsewhere(api), ...note(0) });
    workbench = await openWorkbench({ folder: shop.folder, settings: { 'firebreak.git.commit': 'never' } });
    await workbench.runCommand('Incident: Open Timeline');
    const panel = await TimelinePanel.of(workbench, title);
    await panel.entriesWhen('the first note', (all) => looks(all) === allUpTo(0));
  });

  after(() => workbench?.dispose());

  it('shows all of them once its page has begun anew', async () => {
    const writing = (async () => {
      for (let minutes = 20; minutes > 0; minutes--) await shop.write(note(minutes));
    })();
    await workbench.runCommand('Developer: Reload Webviews');
    await writing;
    const panel = await TimelinePanel.of(workbench, title);
    await panel.entriesWhen('one note each minute, in order', (all) => looks(all) === allUpTo(20));
    await shop.write(note(21));
    await panel.entriesWhen('one more', (all) => looks(all) === allUpTo(21));
  });

  it('shows what came while another tab was in front of it', async () => {
    await workbench.openFile(`incidents/${api.id}/incident.md`);
    await shop.write({ ...note(22), ...note(23) });
    await shop.remove(`${folder}/20250923T150000Z-note-n000.md`);
    await workbench.tab(title).then((tab) => tab.click());
    const panel = await TimelinePanel.of(workbench, title);
    const wanted = allUpTo(23).slice('Look 00,'.length);
    await panel.entriesWhen('what is there now', (all) => looks(all) === wanted);
    await shop.write(note(24));
    await panel.entriesWhen('one more', (all) => looks(all) === `${wanted},Look 24`);
    await workbench.screenshot('timeline-back');
  });

  it('says that the incident is gone, and is right again when it is back', async () => {
    const panel = await TimelinePanel.of(workbench, title);
    await shop.git('add', '--all');
    await shop.git('commit', '--quiet', '--message', 'So far');
    await shop.git('switch', '--quiet', '--orphan', 'empty');
    await panel.frame
      .getByText(/is no longer in the workspace/)
      .first()
      .waitFor();
    await shop.git('switch', '--quiet', 'main');
    await panel.frame
      .getByText(/is no longer in the workspace/)
      .first()
      .waitFor({ state: 'hidden' });
    await shop.write(note(25));
    await panel.entry('Look 25');
  });

  it('catches up by itself when the last changes are lost on their way', async () => {
    const panel = await TimelinePanel.of(workbench, title);
    await panel.frame.locator('body').evaluate(() => {
      // VS Code's frame around the page delivers by this.
      const deliver = window.postMessage.bind(window);
      let losing = true;
      window.postMessage = ((data: { type?: string }, ...rest: [string]) => {
        if (data.type === 'current') losing = false;
        if (!losing || data.type !== 'changed') deliver(data, ...rest);
        else document.body.dataset.lost = 'yes';
      }) as typeof window.postMessage;
    });
    await shop.write(note(26));
    await panel.frame.locator('body[data-lost]').waitFor();
    await panel.entry('Look 26');
  });
});
