import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import { MessagingError } from '../../core/ports/messaging.ts';
import { chatChannel, webhookChannel } from '../../services/customers/customerChannels.ts';
import {
  approveMessage,
  askApproval,
  type CustomerChannel,
  type CustomerContext,
  draftCustomerMessage,
  sendCustomerMessage,
  waitingApprovals,
} from '../../services/customers/customerMessages.ts';
import { chooseIncident, incidentAndWord, onlyOpenIncident } from '../chooseItem.ts';
import { type Cli, type CliSession, type Outcome, perform } from '../cli.ts';
import { confirmSending } from '../confirmSending.ts';
import { excludeOption, exitRules } from '../exitRules.ts';
import { CommandFailed } from '../failure.ts';
import { messagingTargets } from '../messagingTargets.ts';
import { plainText } from '../plainText.ts';
import { recorded } from '../results.ts';
import { spokenText } from '../spokenText.ts';
import { incidentArgument } from '../words.ts';

interface NotifyOptions {
  readonly draft?: boolean;
  readonly ask?: boolean;
  readonly approve?: boolean;
  readonly slack?: string;
  readonly by?: string;
  readonly yes?: boolean;
  readonly exclude?: readonly string[];
}

/** The guide's `customer-notify`. */
export function notifyCommand(cli: Cli): Command {
  return new Command('notify')
    .description(
      'Send a message to people outside, and record it. By default to the webhook in FIREBREAK_CUSTOMERS_WEBHOOK_URL.',
    )
    .usage('[options] [id] [text]')
    .addArgument(incidentArgument())
    .argument('[text]', 'the message, in markdown; - reads it from stdin')
    .option('--draft', 'print what the message could begin as, by the policy’s template, and send nothing')
    .option('--ask', 'ask for the approval that the policy wants, and send nothing')
    .option('--approve', 'approve the message that was asked about last, after it was shown')
    .option('--slack <channel>', 'send to this Slack channel (FIREBREAK_SLACK_TOKEN)')
    .option('--by <way>', 'send nothing: it was sent by another way, named here, and is recorded')
    .option('--yes', 'do it without a question')
    .addOption(excludeOption())
    .action(async (first: string | undefined, second: string | undefined, options: NotifyOptions, self: Command) =>
      perform(cli, self, async (session) => {
        const context: CustomerContext = { ...session.context, withheld: await exitRules(session, options.exclude) };
        if (options.draft || options.approve) {
          const incident = first === undefined ? onlyOpenIncident(session) : chooseIncident(session, first);
          return options.draft
            ? draft(context, session, incident)
            : approve(cli, context, incident, options.yes === true);
        }
        const { incident, word } = incidentAndWord(session, first, second, 'the message (--draft shows one)');
        const text = await spokenText(cli, word);
        if (options.ask) {
          const asked = await askApproval(context, incident, text);
          return recorded(incident, asked, 'approval asked for');
        }
        const channel = await channelOf(cli, session, options);
        await confirmSending(cli, `To customers, through ${channel.name}:\n\n${text.trim()}\n`, options.yes === true);
        try {
          const event = await sendCustomerMessage(context, incident, text, channel);
          return recorded(incident, event, `sent through ${channel.name}`);
        } catch (error) {
          if (!MessagingError.is(error)) throw error;
          throw new CommandFailed(`notify.${error.reason}`, `It was not sent, or not answered: ${error.message}.`);
        }
      }),
    );
}

async function draft(context: CustomerContext, session: CliSession, incident: Incident): Promise<Outcome> {
  const text = await draftCustomerMessage(context, session.files, incident);
  return { json: { text }, text: plainText(text.trimEnd()) };
}

/** @throws FirebreakError `notFound`, `cancelled`, `invalidInput` */
async function approve(cli: Cli, context: CustomerContext, incident: Incident, yes: boolean): Promise<Outcome> {
  const asked = (await waitingApprovals(context, incident)).at(-1);
  if (!asked) throw new FirebreakError('notFound', 'No message to customers waits for approval.');
  cli.terminal.err(plainText(`By ${asked.event.by}:\n\n${asked.text}\n`));
  const answer = yes ? 'y' : await cli.terminal.ask('Approve it? [y/N] ');
  if (answer === undefined) {
    throw new FirebreakError('invalidInput', 'Nobody is here to be asked: --yes approves it without a question.');
  }
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new FirebreakError('cancelled', 'It was not approved.');
  return recorded(incident, await approveMessage(context, incident, asked.event), 'message approved');
}

/** @throws FirebreakError `noToken` */
async function channelOf(cli: Cli, session: CliSession, { by, slack: name }: NotifyOptions): Promise<CustomerChannel> {
  if (by !== undefined) return { name: by, send: async () => undefined };
  const { customers, slack } = await cli.openMessengers(messagingTargets(cli.environment));
  if (name !== undefined) {
    if (slack) return chatChannel(slack, name.replace(/^#/, ''), session.now);
    throw new FirebreakError('noToken', 'Set the environment variable FIREBREAK_SLACK_TOKEN, then try again.');
  }
  if (customers) return webhookChannel(customers);
  throw new FirebreakError(
    'noToken',
    'Set the environment variable FIREBREAK_CUSTOMERS_WEBHOOK_URL, or name a channel with --slack, or with --by how you sent it.',
  );
}
