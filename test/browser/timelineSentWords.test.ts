import assert from 'node:assert/strict';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, eventText, loginIsDown } from './support/documents.ts';
import { Shop } from './support/shop.ts';
import { TimelinePanel } from './support/timelinePanel.ts';

const sent = 'Logins fail for some. We are on it.';
const warning = 'It was sent before, and can not be changed from here';

describe('Words of a timeline that were sent', () => {
  let shop: Shop;
  let workbench: Workbench;
  let panel: TimelinePanel;
  const ofKind = async (kind: string) => (await shop.events(loginIsDown.id)).filter((event) => event.kind === kind);
  const warnings = async () => (await workbench.notifications()).filter((text) => text.includes(warning));

  /** An entry, with its menu open. */
  const menuOf = async (text: string, choice: string) => {
    const entry = await panel.entry(text);
    await entry.hover();
    await entry.getByRole('button', { name: /^More/ }).click();
    await panel.frame.getByRole('menuitem', { name: choice }).click();
  };
  const correct = async (text: string, other: string) => {
    await menuOf(text, 'Correct…');
    await panel.frame.getByRole('textbox', { name: /How it should read/ }).fill(other);
    await panel.frame.getByRole('button', { name: 'Save Correction' }).click();
  };

  before(async () => {
    // As another clone keeps what somebody pinned in the channel of the war room.
    const pinned = {
      id: '01K5V7Z000000000000000CHAT',
      incident: loginIsDown.uid,
      kind: 'note',
      at: '2025-09-23T14:40:00Z',
    };
    shop = await Shop.open({
      ...declaredElsewhere(loginIsDown),
      [`incidents/${loginIsDown.id}/timeline/20250923T144000Z-note-ch01.md`]: eventText(
        { ...pinned, origin: 'slack' },
        'The replica is behind by an hour',
      ),
    });
    workbench = await openWorkbench({
      folder: shop.folder,
      settings: { 'firebreak.git.commit': 'never', 'firebreak.reminders.enabled': false },
    });
    await workbench.openView('Firebreak');
    await workbench.tree('Incidents').row(loginIsDown.title);
    await workbench.runCommand('Incident: Notify Customers…');
    await workbench.tab('message.md');
    await workbench.editorShows(/What you may notice/);
    await workbench.press('Control+a');
    await workbench.typeText(`---\nincident: ${loginIsDown.id}\n---\n${sent}`);
    await workbench.runCommand('Customers: Send Message');
    await workbench.quickInput.step('Send to Customers');
    await workbench.quickInput.pick(/Clipboard/);
    await (await workbench.dialog('Send this to customers')).click('Send');
    await shop.event(loginIsDown.id, 'the message', ({ kind }) => kind === 'message');
    await workbench.runCommand('Incident: Open Timeline');
    panel = await TimelinePanel.of(workbench, `P0 ${loginIsDown.title}`);
  });
  after(() => workbench?.dispose());

  it('are corrected here, and whoever corrects them is told where they stay as they were', async () => {
    await correct(sent, 'Logins fail for all. We are on it.');
    const notice = await workbench.notification(
      `${warning}: customers, through the clipboard. Tell them what is right.`,
    );
    await workbench.screenshot('timeline-sent-words');
    await panel.entry('Logins fail for all');
    assert.equal((await ofKind('correction'))[0]?.body, 'Logins fail for all. We are on it.\n');
    await notice.dismiss();
  });

  it('are taken back here, and the same is said', async () => {
    await menuOf('The replica is behind', 'Take Back…');
    await panel.frame.getByRole('textbox', { name: /^Why/ }).fill('It was another one');
    await panel.frame.getByRole('button', { name: 'Take Back', exact: true }).click();
    const notice = await workbench.notification(`${warning}: Slack, where somebody wrote it.`);
    await panel.entriesWhen('the entry taken back', (all) => all.some((entry) => entry.includes('Retracted by @ada')));
    assert.equal((await ofKind('retraction')).length, 1);
    await notice.dismiss();
  });

  it('are all that is spoken of: what stayed here is corrected without a word', async () => {
    await panel.frame.getByRole('textbox', { name: 'Add a note' }).fill('The pool is too small');
    await workbench.press('Control+Enter');
    await correct('The pool is too small', 'The pool is too large');
    await panel.entry('The pool is too large');
    await eventually('the correction on disk', async () => (await ofKind('correction')).length === 2);
    // The warning is said after the file is written, and before the page is told so.
    await panel.frame.locator('.entry-form').waitFor({ state: 'hidden' });
    assert.deepEqual(await warnings(), []);
  });
});
