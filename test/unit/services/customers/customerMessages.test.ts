import assert from 'node:assert/strict';
import { FirebreakError } from '../../../../src/core/errors.ts';
import type { Incident } from '../../../../src/core/item.ts';
import { MessagingError } from '../../../../src/core/ports/messaging.ts';
import { minute } from '../../../../src/core/time.ts';
import { emptyStatusUpdate } from '../../../../src/documents/statusUpdate.ts';
import { assignRole } from '../../../../src/services/assignRole.ts';
import { chatChannel, webhookChannel } from '../../../../src/services/customers/customerChannels.ts';
import {
  approvalOf,
  approveMessage,
  askApproval,
  type CustomerChannel,
  draftCustomerMessage,
  sendCustomerMessage,
  waitingApprovals,
} from '../../../../src/services/customers/customerMessages.ts';
import { postStatusUpdate } from '../../../../src/services/postStatusUpdate.ts';
import { purgeEvent } from '../../../../src/services/purgeEvent.ts';
import { recordEvent } from '../../../../src/services/recordEvent.ts';
import { correctEvent, retractEvent } from '../../../../src/services/replaceEvent.ts';
import { type RoomClone, RoomWorld } from '../warRoom/roomWorld.ts';

const words = 'Logins fail. We are on it.';

describe('Messages to customers', function () {
  // The first use of Slack's schemas takes a second or two on a busy machine.
  this.timeout(60_000);
  let world: RoomWorld;
  let clone: RoomClone;
  let incident: Incident;
  const isInvalid = (error: unknown) => FirebreakError.is(error, 'invalidInput');

  beforeEach(async () => {
    world = await RoomWorld.start();
    clone = await world.clone();
    incident = await clone.declare({ service: 'Login' });
  });
  afterEach(() => world.stop());

  async function policy(text: string, at: RoomClone = clone): Promise<void> {
    await at.tree.write('incident-policy.yml', text);
    await at.index.refresh(['incident-policy.yml']);
  }
  const channel = (at: RoomClone = clone): CustomerChannel => {
    const { customers } = at.messengers();
    assert.ok(customers);
    return webhookChannel(customers);
  };
  const send = (text = words, through = channel()) => sendCustomerMessage(clone.customers, incident, text, through);

  it('say since when by the declaration, whatever was noted of a time before', async () => {
    await recordEvent(clone.context, incident, 'note', 'Deploy 812', clone.context.now() - 60 * minute);
    const draft = await draftCustomerMessage(clone.customers, clone.tree, incident);
    assert.match(draft, /^Since 2025-09-23 14:30 UTC /m);
  });

  it('begin from the timeline, with gaps for what it does not say, and without names or causes', async () => {
    clone.pass(minute);
    await postStatusUpdate(clone.context, incident, {
      ...emptyStatusUpdate,
      currentState: 'degraded',
      rootCause: 'Deploy 812 of @bob',
      nextSteps: 'We go back to the version before',
    });
    assert.equal(
      await draftCustomerMessage(clone.customers, clone.tree, incident),
      [
        '**Login is down**',
        '',
        'Since 2025-09-23 14:30 UTC there is a problem with Login.',
        '',
        '- **What you may notice**: Nobody can log in',
        '- **Where it stands**: degraded',
        '- **What we are doing**: We go back to the version before',
        '- **Expected to be over**: [Best estimate or "TBD"]',
        '',
        'We will write again as soon as there is news.',
        '',
      ].join('\n'),
    );
  });

  it('begin with what counts now: nothing that was taken back or purged, and what was corrected as it was', async () => {
    const update = await postStatusUpdate(clone.context, incident, { ...emptyStatusUpdate, currentState: 'All good' });
    const impact = (await clone.index.events(incident.uid)).findLast(({ event }) => event.kind === 'impact');
    assert.ok(impact);
    const draft = async () => (await draftCustomerMessage(clone.customers, clone.tree, incident)).split('\n');
    await correctEvent(clone.context, incident, update, '- **Current State**: degraded');
    assert.ok((await draft()).includes('- **Where it stands**: degraded'));
    await retractEvent(clone.context, incident, update, '');
    assert.ok((await draft()).includes('- **Where it stands**: [Service up/down/degraded]'));
    await purgeEvent(clone.context, clone.privateFiles, incident, impact);
    assert.ok((await draft()).includes('- **What you may notice**: [What customers notice]'), String(await draft()));
  });

  it('follow the template of the team, and say what is wrong with it', async () => {
    await clone.tree.write('templates/customer.md', 'Dear all,\r\n{title}: {state}. {unknown}\r\n');
    await policy('customers:\n  template: templates/customer.md\n');
    assert.equal(
      await draftCustomerMessage(clone.customers, clone.tree, incident),
      'Dear all,\nLogin is down: [Service up/down/degraded]. {unknown}\n',
    );
    await clone.tree.delete('templates/customer.md');
    await assert.rejects(draftCustomerMessage(clone.customers, clone.tree, incident), (error) =>
      FirebreakError.is(error, 'unreadableFile'),
    );
  });

  it('are sent and recorded, and tell the receiver nothing but the words', async () => {
    const event = await send();
    assert.equal(event.kind, 'message');
    assert.deepEqual(await clone.bodies(incident.uid, 'message'), [
      `${words}\n\n*Sent to customers through the webhook.*`,
    ]);
    assert.equal(world.webhook.messages.length, 1);
    const [message] = world.webhook.messages;
    assert.deepEqual(
      [message?.kind, message?.text, Object.keys(message ?? {})],
      ['message', words, ['key', 'kind', 'text']],
    );
  });

  it('are not sent with gaps, empty, twice, or of a private incident', async () => {
    await assert.rejects(send('It is over in [Best estimate or "TBD"]'), isInvalid);
    await assert.rejects(send(' \n'), isInvalid);
    await send();
    await assert.rejects(send(), isInvalid);
    const secret = await clone.declare({ title: 'Break-in', criteria: ['security-breach'] });
    const isPrivate = (error: unknown) => FirebreakError.is(error, 'privateItem');
    await assert.rejects(sendCustomerMessage(clone.customers, secret, words, channel()), isPrivate);
    await assert.rejects(draftCustomerMessage(clone.customers, clone.tree, secret), isPrivate);
    await assert.rejects(askApproval(clone.customers, secret, words), isPrivate);
    assert.equal(world.webhook.messages.length, 1);
  });

  it('are not recorded when they were not sent', async () => {
    world.webhook.next({ kind: 'answer', status: 503 });
    await assert.rejects(send(), (error) => MessagingError.is(error, 'server'));
    assert.deepEqual(await clone.bodies(incident.uid, 'message'), []);
    await send();
  });

  it('are found in the chat after an answer got lost, and not posted again', async () => {
    world.slack.addChannel('status', { purpose: 'For customers' });
    const { slack } = clone.messengers();
    assert.ok(slack);
    const status = chatChannel(slack, 'status', () => clone.now);
    world.slack.next({ kind: 'dropAfter' }, 'chat.postMessage');
    await assert.rejects(send(words, status), (error) => MessagingError.is(error, 'maybeSent'));
    await send(words, status);
    assert.deepEqual(world.slack.texts('status'), [words]);
    assert.deepEqual(await clone.bodies(incident.uid, 'message'), [`${words}\n\n*Sent to customers through #status.*`]);
  });

  describe('with an approval', () => {
    const asks =
      'people:\n  - { name: Bob, email: bob@users.noreply.github.com, github: bob }\ncustomers:\n  approval: communications\n';

    beforeEach(async () => {
      await policy(asks);
      await assignRole(clone.context, incident, 'communications', '@bob');
    });

    it('go out once the holder of the role approved exactly these words', async () => {
      await assert.rejects(send(), isInvalid);
      const asked = await askApproval(clone.customers, incident, words);
      assert.equal((await askApproval(clone.customers, incident, words)).id, asked.id, 'asked twice');
      await assert.rejects(approveMessage(clone.customers, incident, asked), isInvalid);
      const bobs = await world.secondClone(clone);
      const waiting = await waitingApprovals(bobs.context, bobs.incident(incident.uid));
      assert.deepEqual(
        waiting.map(({ text }) => text),
        [words],
      );
      assert.ok(waiting[0]);
      await approveMessage(bobs.customers, bobs.incident(incident.uid), waiting[0].event);
      await clone.index.refresh(['incidents']);
      assert.equal((await approvalOf(clone.context, incident, words))?.approved, true);
      assert.deepEqual(await waitingApprovals(clone.context, incident), []);
      await assert.rejects(send(`${words} Promised.`), isInvalid);
      await send();
      assert.equal(world.webhook.messages.length, 1);
    });

    it('may be approved by their own writer who holds the role', async () => {
      await assignRole(clone.context, clone.incident(incident.uid), 'communications', '@alice');
      const asked = await askApproval(clone.customers, incident, words);
      await approveMessage(clone.customers, incident, asked);
      await send();
    });

    it('take no approval that somebody wrote who did not hold the role', async () => {
      const asked = await askApproval(clone.customers, incident, words);
      const folder = clone.incident(incident.uid).incident.folder;
      await clone.tree.write(
        `${folder}/timeline/20250923T143500Z-decision-zzzz.md`,
        `---\nid: 01K5V8A1B2C3D4E5F6G7H8ZZZZ\nkind: decision\nat: 2025-09-23T14:35:00Z\nby: "@mallory"\napproves: ${asked.id}\n---\nApproved.\n`,
      );
      await clone.index.refresh([folder]);
      assert.equal((await approvalOf(clone.context, incident, words))?.approved, false);
      await assert.rejects(send(), isInvalid);
    });
  });
});
