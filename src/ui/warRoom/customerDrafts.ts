import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import { type Incident, isIncident } from '../../core/item.ts';
import { isSamePerson } from '../../core/people.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import { MessagingError } from '../../core/ports/messaging.ts';
import { formatFrontMatter, parseFrontMatter } from '../../documents/frontMatter.ts';
import { chatChannel, webhookChannel } from '../../services/customers/customerChannels.ts';
import {
  approvalOf,
  approveMessage,
  askApproval,
  type CustomerChannel,
  draftCustomerMessage,
  requireSendable,
  sendCustomerMessage,
} from '../../services/customers/customerMessages.ts';
import type { CommandId } from '../contributions.ts';
import { discardDraft } from '../discardDraft.ts';
import { askOne } from '../multiStep.ts';
import type { OpenSession } from '../session/openRoot.ts';
import { relativePath } from '../session/rootWatch.ts';
import { settings } from '../settings.ts';
import { roleNames } from '../words.ts';
import { customerContext } from './exitRules.ts';
import type { RoomScheduler } from './roomScheduler.ts';
import type { WarRoomTokens } from './warRoomTokens.ts';

const { t } = vscode.l10n;

const folder = 'customer-messages';

export interface CustomerDraftsOptions {
  readonly scheduler: RoomScheduler;
  readonly tokens: WarRoomTokens;
  readonly privateFolder: (session: OpenSession) => vscode.Uri | undefined;
}

/** Messages to customers as they are written: files in the private state, so that they survive a restart and are in no git before they are sent. */
export class CustomerDrafts implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #options: CustomerDraftsOptions;
  readonly #registered: vscode.Disposable;
  /** A second click must not send a second time. */
  #sending = false;

  constructor(options: CustomerDraftsOptions) {
    this.#options = options;
    const pattern = `**/${folder}/*/*.md`;
    this.#registered = vscode.languages.registerCodeLensProvider({ scheme: 'file', pattern }, this);
  }

  provideCodeLenses(): vscode.CodeLens[] {
    const command: CommandId = 'firebreak.sendCustomerMessage';
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title: `$(send)\u00a0${t('Send')}`, command })];
  }

  /** Opens the message of an incident, begun from the timeline, or where it was left. @throws FirebreakError */
  async open(session: OpenSession, incident: Incident): Promise<void> {
    const privateFolder = this.#options.privateFolder(session);
    const files = session.privateFiles;
    if (!privateFolder || !files) throw new FirebreakError('readOnly', t('There is no place for a draft here.'));
    const words = await draftCustomerMessage(customerContext(session), session.files, incident);
    const note = `<!-- ${t('For people outside. Fill in what is in [brackets], then press Send, above or top right.')} -->`;
    const text = formatFrontMatter([['incident', incident.id]], `${note}\n\n${words.trimEnd()}\n`);
    const path = await freePath(files, incident);
    try {
      await files.create(path, text);
    } catch (error) {
      if (!FileError.is(error, 'exists')) throw error;
    }
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(privateFolder, ...path.split('/')));
    await vscode.window.showTextDocument(await vscode.languages.setTextDocumentLanguage(document, 'markdown'), {
      preview: false,
    });
  }

  /** Sends the message in the active editor, after its approval where the policy asks for one. @throws FirebreakError */
  async send(session: OpenSession): Promise<void> {
    if (this.#sending) throw new FirebreakError('cancelled', 'It is being sent.');
    this.#sending = true;
    try {
      await this.#send(session);
    } finally {
      this.#sending = false;
    }
  }

  async #send(session: OpenSession): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const privateFolder = this.#options.privateFolder(session);
    const path = document && privateFolder && relativePath(privateFolder, document.uri);
    if (!document || path === undefined || !path.startsWith(`${folder}/`)) {
      throw new FirebreakError('notFound', t('Open a message first: "Incident: Notify Customers" writes one.'));
    }
    const { data, body } = parseFrontMatter(document.getText());
    const incident = typeof data.incident === 'string' ? session.index.item(data.incident) : undefined;
    if (!incident || !isIncident(incident)) {
      throw new FirebreakError(
        'notFound',
        t('The message names no incident that is here: put its id in the first lines.'),
      );
    }
    const text = body.replace(/<!--[\s\S]*?-->/g, '').trim();
    requireSendable(customerContext(session), incident, text);
    if (!(await this.#mayGo(session, incident, text))) return;
    const channel = await this.#chooseChannel(session);
    const send = t('Send');
    const answer = await vscode.window.showWarningMessage(
      t('Send this to customers through {0}?', channel.name),
      { modal: true, detail: text },
      send,
    );
    if (answer !== send) throw new FirebreakError('cancelled', 'Cancelled.');
    try {
      await sendCustomerMessage(customerContext(session), incident, text, channel);
    } catch (error) {
      if (!MessagingError.is(error)) throw error;
      const mayBe = error.reason === 'maybeSent' || error.reason === 'server';
      void vscode.window.showErrorMessage(
        mayBe
          ? t('{0}: the message may have arrived, look before you send it again. The draft is kept.', error.message)
          : t('It was not sent: {0}. The draft is kept.', error.message),
      );
      return;
    }
    await discardDraft(document, session, path);
    // So that the next one has another name.
    await session.privateFiles?.write(path.replace(/\.md$/, '.sent'), '');
    vscode.window.setStatusBarMessage(`$(check) ${t('Sent through {0}, and in the timeline.', channel.name)}`, 8_000);
  }

  /** Whether the approval is there; else it is given, or asked for. */
  async #mayGo(session: OpenSession, incident: Incident, text: string): Promise<boolean> {
    const { context, index } = session;
    const approval = await approvalOf(context, incident, text);
    if (!approval || approval.approved) return true;
    const asked = await askApproval(customerContext(session), incident, text);
    const role = roleNames[approval.role];
    const holder = incident.incident.roles[approval.role] ?? '';
    if (isSamePerson(holder, await context.author(), index.policy().people)) {
      const approve = t('Approve');
      const answer = await vscode.window.showInformationMessage(
        t('The policy asks for the approval of {0}, which is you.', role),
        { modal: true, detail: text },
        approve,
      );
      if (answer !== approve) throw new FirebreakError('cancelled', 'Cancelled.');
      await approveMessage(customerContext(session), incident, asked);
      return true;
    }
    const who = holder === '' ? t('{0} (nobody yet)', role) : `${role} (${holder})`;
    void vscode.window.showInformationMessage(
      t(
        '{0} has to approve it: the timeline says so, and "Customers: Approve Message" does. Send it after that; the draft is kept.',
        who,
      ),
    );
    return false;
  }

  /** @throws FirebreakError `cancelled` */
  async #chooseChannel(session: OpenSession): Promise<CustomerChannel> {
    const { scheduler, tokens } = this.#options;
    const { slack, customers } = await scheduler.messengers();
    const name = settings.customersChannel();
    const clipboard: CustomerChannel = {
      name: t('the clipboard'),
      send: async (_key, text) => vscode.env.clipboard.writeText(text),
    };
    const entered = async () => {
      if (!customers) await tokens.ask('customers');
      const send = customers ?? (await scheduler.messengers()).customers;
      if (!send) throw new FirebreakError('cancelled', 'Cancelled.');
      return webhookChannel(send);
    };
    const { choose } = await askOne<vscode.QuickPickItem & { readonly choose: () => Promise<CustomerChannel> }>({
      title: t('Send to Customers'),
      placeholder: t('Through what?'),
      items: [
        {
          label: `$(globe) ${t('Webhook')}`,
          description: customers ? '' : t('its address is asked for'),
          choose: entered,
        },
        ...(slack && name !== ''
          ? [
              {
                label: `$(comment-discussion) Slack #${name}`,
                choose: async () => chatChannel(slack, name, session.now),
              },
            ]
          : []),
        {
          label: `$(copy) ${t('Clipboard')}`,
          description: t('you send it yourself; it is recorded as sent'),
          choose: async () => clipboard,
        },
      ],
    });
    return choose();
  }

  dispose(): void {
    this.#registered.dispose();
  }
}

/** The message that was begun and not sent, else the next number: VS Code keeps the text of a closed file for a while. */
async function freePath(files: Files, incident: Incident): Promise<string> {
  const names = (await files.list(`${folder}/${incident.id}`)).map(({ name }) => name);
  const begun = names.find((name) => name.endsWith('.md'));
  if (begun) return `${folder}/${incident.id}/${begun}`;
  const sent = names.filter((name) => name.endsWith('.sent')).length;
  return `${folder}/${incident.id}/message${sent === 0 ? '' : `-${sent + 1}`}.md`;
}
