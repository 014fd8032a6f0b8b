import { FirebreakError } from '../../core/errors.ts';
import { eventMarks } from '../../core/eventMarks.ts';
import type { Incident } from '../../core/item.ts';
import { isSamePerson } from '../../core/people.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import type { Role } from '../../core/role.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { contentHash } from '../../core/ulids.ts';
import { decodeText } from '../../documents/decodeText.ts';
import { markdown, requireIncident, type ServiceContext } from '../context.ts';
import { type IsWithheld, requireMayLeave } from '../exits.ts';
import { newEvent } from '../newEvent.ts';
import { ownEvents } from '../ownEvents.ts';
import { purgesOf } from '../purges.ts';
import { writeEvents } from '../recordEvent.ts';
import { privateNames } from '../sync/privateNames.ts';
import { customerText, unsaidIn } from './customerText.ts';
import { sentBody } from './sentThrough.ts';

/** A way out of the house. */
export interface CustomerChannel {
  /** As people read it: `#status`, "the clipboard". */
  readonly name: string;
  /** @param key the same for the same words, so that a second sending can be told. @throws MessagingError */
  readonly send: (key: string, text: string) => Promise<void>;
}

/** Somebody asked for the approval of these words. */
export interface AskedApproval {
  readonly event: TimelineEvent;
  readonly text: string;
}

/** What a message to people outside needs to know. */
export interface CustomerContext extends ServiceContext {
  /** What stays inside, as the settings say now. @throws FirebreakError `invalidInput` where they mean nothing */
  readonly withheld: () => IsWithheld;
}

const askIntro = 'Message to customers, to be approved:';

/**
 * What a message to people outside begins as.
 * @param files the tree
 * @throws FirebreakError `privateItem`, `excludedItem`, `unreadableFile` when the policy's template can't be read
 */
export async function draftCustomerMessage(
  context: CustomerContext,
  files: Files,
  incident: Incident,
): Promise<string> {
  requireMayLeave(incident, context.withheld());
  const { template } = context.index.policy().customers;
  const text = template === undefined ? undefined : await readTemplate(files, template);
  const purged = purgesOf(context, incident);
  const events = (await ownEvents(context, incident)).filter(({ id }) => !purged.has(id));
  return customerText(incident, events, text);
}

/** How the approval of a text stands; undefined when the policy asks for none. */
export async function approvalOf(
  context: ServiceContext,
  incident: Incident,
  text: string,
): Promise<{ readonly role: Role; readonly asked: TimelineEvent | undefined; readonly approved: boolean } | undefined> {
  const { customers, people } = context.index.policy();
  const role = customers.approval;
  if (role === undefined) return undefined;
  const events = await ownEvents(context, incident);
  const taken = eventMarks(events);
  const asked = askedIn(events).findLast((candidate) => candidate.text === markdown(text))?.event;
  const approved = events.some(
    (event, index) =>
      'approves' in event &&
      asked !== undefined &&
      event.approves === asked.id &&
      taken.get(event.id)?.kind !== 'retracted' &&
      isSamePerson(event.by, holderAt(events.slice(0, index), role), people),
  );
  return { role, asked, approved };
}

/** What waits for approval, the newest last. */
export async function waitingApprovals(context: ServiceContext, incident: Incident): Promise<AskedApproval[]> {
  const asked = askedIn(await ownEvents(context, incident));
  const standings = await Promise.all(asked.map(({ text }) => approvalOf(context, incident, text)));
  return asked.filter((_one, index) => standings[index]?.approved === false);
}

/**
 * Puts the words before whoever holds the role, in the timeline.
 * @throws FirebreakError `privateItem`, `excludedItem`, `invalidInput`, `readOnly`
 */
export async function askApproval(context: CustomerContext, incident: Incident, text: string): Promise<TimelineEvent> {
  const words = requireSendable(context, incident, text);
  const standing = await approvalOf(context, incident, words);
  if (standing?.asked) return standing.asked;
  const base = await newEvent(context, incident.uid);
  const event: TimelineEvent = { ...base(), kind: 'note', asks: 'approval', body: `${askIntro}\n\n${words}` };
  await writeEvents(context, incident, [event]);
  return event;
}

/**
 * Approves words that somebody asked about. Only who holds the role may; their own words too, since nobody else holds it.
 * @throws FirebreakError `invalidInput`, `privateItem`, `excludedItem`, `readOnly`
 */
export async function approveMessage(
  context: CustomerContext,
  incident: Incident,
  asked: TimelineEvent,
): Promise<TimelineEvent> {
  requireMayLeave(requireIncident(context.index, incident.uid), context.withheld());
  const { customers, people } = context.index.policy();
  const role = customers.approval;
  if (role === undefined) throw new FirebreakError('invalidInput', 'The policy asks for no approval.');
  const holder = requireIncident(context.index, incident.uid).incident.roles[role] ?? '';
  const me = await context.author();
  if (!isSamePerson(holder, me, people)) {
    const who = holder === '' ? 'nobody yet: assign the role first' : holder;
    throw new FirebreakError(
      'invalidInput',
      `Only who holds the role "${role}" may approve it (${who}); you are ${me}.`,
    );
  }
  const base = await newEvent(context, incident.uid);
  const event: TimelineEvent = {
    ...base(),
    kind: 'decision',
    approves: asked.id,
    body: 'The message to customers is approved.',
  };
  await writeEvents(context, incident, [event]);
  return event;
}

/**
 * Sends words to people outside, and records that they were sent. The same words are sent once.
 * @throws FirebreakError `privateItem`, `excludedItem`, `invalidInput` (empty, gaps left, names what stays inside, not approved, sent
 * already), `readOnly`; MessagingError
 */
export async function sendCustomerMessage(
  context: CustomerContext,
  incident: Incident,
  text: string,
  channel: CustomerChannel,
): Promise<TimelineEvent> {
  const words = requireSendable(context, incident, text);
  const approval = await approvalOf(context, incident, words);
  if (approval && !approval.approved) {
    throw new FirebreakError('invalidInput', `The message is not approved by the role "${approval.role}" yet.`);
  }
  const body = sentBody(words, channel.name);
  const events = await ownEvents(context, incident);
  if (events.some((event) => event.kind === 'message' && event.body === body)) {
    throw new FirebreakError('invalidInput', `These words were sent through ${channel.name} already.`);
  }
  const key = `customers-${incident.uid}-${contentHash(words).slice(0, 16)}`;
  await channel.send(key, words);
  const base = await newEvent(context, incident.uid);
  const event: TimelineEvent = { ...base(), kind: 'message', body };
  await writeEvents(context, incident, [event]);
  return event;
}

/**
 * What is wrong with a message is said before anybody is asked through what it is to go.
 * @returns the words as they are kept
 * @throws FirebreakError `invalidInput`, `privateItem`, `excludedItem`
 */
export function requireSendable(context: CustomerContext, incident: Incident, text: string): string {
  const isWithheld = context.withheld();
  requireMayLeave(requireIncident(context.index, incident.uid), isWithheld);
  const words = markdown(text);
  if (words === '') throw new FirebreakError('invalidInput', 'The message is empty: say at least a word.');
  const gaps = unsaidIn(words);
  if (gaps.length > 0) {
    throw new FirebreakError('invalidInput', `Say it, or take it out: ${gaps.join(', ')}.`);
  }
  if (privateNames(context.index.items(), isWithheld)(words)) {
    throw new FirebreakError('invalidInput', 'The message names an item that is private or excluded: take it out.');
  }
  return words;
}

function askedIn(events: readonly TimelineEvent[]): AskedApproval[] {
  const taken = eventMarks(events);
  return events.flatMap((event) => {
    if (!('asks' in event) || event.asks !== 'approval' || taken.has(event.id)) return [];
    return [{ event, text: markdown(event.body.replace(askIntro, '')) }];
  });
}

/** Who held a role after these events; empty for nobody. */
function holderAt(events: readonly TimelineEvent[], role: Role): string {
  const last = events.findLast((event) => event.kind === 'role' && event.role === role);
  return last?.kind === 'role' ? last.to : '';
}

async function readTemplate(files: Files, path: string): Promise<string> {
  const why = `${path}, the template of the policy, can't be read`;
  try {
    const decoded = decodeText(await files.read(path));
    if ('text' in decoded) return decoded.text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  } catch (error) {
    if (!FileError.is(error)) throw error;
    throw new FirebreakError('unreadableFile', `${why}: mend it, or take it out of the policy.`, { cause: error });
  }
  throw new FirebreakError('unreadableFile', `${why}: it is no text.`);
}
