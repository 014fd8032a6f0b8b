import assert from 'node:assert/strict';
import { FakeSlack } from '../messaging/fakeSlack.ts';
import { testToken } from '../support/testTokens.ts';
import { eventually } from './harness/eventually.ts';
import { openWorkbench } from './harness/openWorkbench.ts';
import type { Workbench } from './harness/workbench.ts';
import { declaredElsewhere, loginIsDown } from './support/documents.ts';
import { Shop } from './support/shop.ts';

const channel = 'inc-20250923-login-is-down';
const slackToken = testToken('slack');
const secret = 'hunter2-of-the-database';
const policy = `people:
  - { name: Ada, email: ada@example.com, github: ada, chat: U0ADA }
  - { name: Gone, github: gone, chat: U0GONE }
war-room:
  invite: ["@ada", "@gone", "@nobody"]
  video: "https://meet.example.com/{id}"
`;

/** The same in every theme, so that each screen of it can be looked at in all. */
for (const theme of ['dark', 'light', 'high-contrast'] as const) {
  describe(`The war room after its first message (${theme})`, () => {
    let shop: Shop;
    let slack: FakeSlack;
    let workbench: Workbench;
    const texts = () => (slack.channels.some(({ name }) => name === channel) ? slack.texts(channel) : []);
    const rows = async () => JSON.stringify(await workbench.tree('Incidents').rows());
    /** A picture at each of the two widths. */
    const pictures = async (name: string) => {
      await workbench.screenshot(name);
      await workbench.resize(800, 800);
      await workbench.screenshot(name);
      await workbench.resize(1280, 800);
    };
    const postUpdate = async (text: string) => {
      await workbench.runCommand('Incident: Post Status Update');
      await workbench.quickInput.step('Status update: Current State (1/6)');
      await workbench.quickInput.type(text);
      await workbench.quickInput.accept();
      for (const field of [
        'Impact (2/6)',
        'Root Cause (3/6)',
        'Actions Taken (4/6)',
        'Next Steps (5/6)',
        'ETA (6/6)',
      ]) {
        await workbench.quickInput.step(`Status update: ${field}`);
        await workbench.quickInput.accept();
      }
    };

    before(async () => {
      slack = await FakeSlack.start();
      slack.tokens.add(slackToken);
      slack.users.add('U0ADA');
      shop = await Shop.open({ ...declaredElsewhere(loginIsDown), 'incident-policy.yml': policy });
      workbench = await openWorkbench({
        folder: shop.folder,
        theme,
        settings: { 'firebreak.git.commit': 'never', 'firebreak.reminders.enabled': false },
        machineSettings: { 'firebreak.slack.apiUrl': slack.apiUrl, 'firebreak.slack.enabled': true },
      });
      await workbench.openView('Firebreak');
      await workbench.tree('Incidents').row(loginIsDown.title);
    });
    after(async () => {
      await workbench?.dispose();
      await slack?.stop();
    });

    it('names whom it could not invite, before and after', async () => {
      await workbench.runCommand('Incident: Open War Room…');
      await workbench.quickInput.step('Open War Room');
      await workbench.quickInput.accept();
      await workbench.quickInput.step('Slack Token');
      await workbench.quickInput.type(slackToken);
      await workbench.quickInput.accept();
      const dialog = await workbench.dialog(`Open the war room of ${loginIsDown.id}?`);
      await pictures('war-room-changes-preview');
      await dialog.click('Open War Room');
      await workbench.notification('@gone is not invited: Slack says user_not_found');
      await eventually('the row', async () => (await rows()).includes('@nobody is not invited'));
      await pictures('war-room-changes-uninvited');
      assert.ok(slack.channel(channel).members.has('U0ADA'));
    });

    it('takes a secret out of Slack that was purged in the editor', async () => {
      await postUpdate(`Restored with ${secret}`);
      await eventually('the update in the channel', async () => texts().join().includes(secret));
      await workbench.runCommand('Firebreak: Purge Event…');
      await workbench.quickInput.step('Purge Event');
      await workbench.quickInput.pick(/hunter2/);
      const dialog = await workbench.dialog('Purge the words of this event for good?');
      await dialog.click('Purge for Good');
      await workbench.editorShows(/In Slack the war room takes them out of its message/);
      await eventually('the secret to be gone', async () => !texts().join().includes(secret));
      assert.match(texts().at(-1) ?? '', /\(Purged: what stood here is not to be kept\.\)$/);
    });

    it('says what Slack does not let it change, until somebody took care of it', async () => {
      await postUpdate(`Again with ${secret}`);
      await eventually('the update in the channel', async () => texts().join().includes(secret));
      const message = slack.channel(channel).messages.find(({ text }) => text.includes(secret));
      assert.ok(message);
      slack.frozen.add(message.ts);
      await workbench.runCommand('Firebreak: Purge Event…');
      await workbench.quickInput.step('Purge Event');
      await workbench.quickInput.pick(/hunter2/);
      const dialog = await workbench.dialog('Purge the words of this event for good?');
      await dialog.click('Purge for Good');
      const notice = await workbench.notification('Slack does not let it be changed');
      await pictures('war-room-changes-unchangeable');
      await notice.click('Show War Room');
      await workbench.quickInput.step(`War Room of ${loginIsDown.title}`);
      await pictures('war-room-changes-menu');
      const offered = JSON.stringify(await workbench.quickInput.rows());
      for (const label of ['Invite Again', '@nobody is not invited', 'does not let it be changed']) {
        assert.ok(offered.includes(label), offered);
      }
      await workbench.quickInput.pick('Taken Care Of');
      await eventually('the row', async () => !(await rows()).includes('does not let it be changed'));
    });

    it('says that the channel is archived, and goes on once somebody brought it back', async () => {
      slack.archive(slack.channel(channel));
      await postUpdate('All is well');
      const notice = await workbench.notification('the channel is archived, and the app may not bring it back');
      await pictures('war-room-changes-archived');
      slack.channel(channel).archived = false;
      await notice.click('Show War Room');
      await workbench.quickInput.step(`War Room of ${loginIsDown.title}`);
      await workbench.quickInput.pick('Send What Waits Now');
      await eventually('the update in the channel', async () => texts().join().includes('All is well'));
      assert.deepEqual(slack.violations, []);
    });
  });
}
