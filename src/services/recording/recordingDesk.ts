import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import { FileError, type Files } from '../../core/ports/files.ts';
import type { SecretMask } from '../../core/ports/secretMask.ts';
import {
  isProposal,
  type Observation,
  type Proposal,
  type RecordedKind,
  type RecordingState,
} from '../../core/recording.ts';
import { formatInstant, parseInstant, second } from '../../core/time.ts';
import type { TimelineEvent } from '../../core/timelineEvent.ts';
import { derivedUlid, ulidTime } from '../../core/ulids.ts';
import { requireIncident, type ServiceContext } from '../context.ts';
import { newEvent } from '../newEvent.ts';
import { writeEvents } from '../recordEvent.ts';
import { maskedObservation } from './maskedObservation.ts';
import { recordedEvent } from './recordedEvent.ts';
import { readJson, recordingState, recordingStatePath } from './recordingState.ts';

export interface RecordingDeskOptions {
  readonly context: ServiceContext;
  readonly privateFiles: Files;
  readonly mask: SecretMask;
  /** What one window of all has at a time, waited for a moment; undefined when another keeps it. */
  readonly lock: () => Promise<{ dispose(): Promise<void> } | undefined>;
  /** The kinds that a person wants kept without being asked. */
  readonly keptByItself: () => readonly RecordedKind[];
}

/** How a proposal is changed when it is kept. */
export interface Edit {
  readonly text?: string;
  /** Whether the end of the output is kept too; default no. */
  readonly output?: boolean;
}

const folder = 'recording/proposals';
const mostAsked = 200;

/**
 * What is recorded of the work on an incident, in all windows of a clone: a list of proposals in private state, so that
 * a crash loses none, each in a file of its own, so that two windows need not wait for each other.
 */
export class RecordingDesk {
  readonly #options: RecordingDeskOptions;

  constructor(options: RecordingDeskOptions) {
    this.#options = options;
  }

  /** @throws FileError */
  state(): Promise<RecordingState> {
    return recordingState(this.#options.privateFiles);
  }

  /** Begins to record for an incident, instead of the one before, from now on. @throws FileError */
  async start(incident: Incident): Promise<void> {
    const since = this.#options.context.now();
    await this.#changeState((state) => ({
      incident: incident.uid,
      since: state.incident === incident.uid ? state.since : since,
      asked: withAsked(state, incident.uid),
    }));
    await this.#forgetDecided(since);
  }

  /** What waits to be decided goes on waiting. @throws FileError */
  async stop(): Promise<void> {
    await this.#changeState((state) => ({ incident: undefined, since: 0, asked: state.asked }));
  }

  /**
   * Remembers that somebody is asked whether to record an incident.
   * @returns whether nobody was asked before
   * @throws FileError
   */
  async ask(incident: Incident): Promise<boolean> {
    let isFirst = false;
    await this.#changeState((state) => {
      isFirst = !state.asked.includes(incident.uid);
      return { ...state, asked: withAsked(state, incident.uid) };
    });
    return isFirst;
  }

  /**
   * Takes down what was done: as a proposal, or as an event at once where its kind is kept by itself. Its secrets are
   * masked before anything is written.
   * @param observation nothing comes of one that is known already, or from before the recording began
   * @throws FileError; what the mask throws, and then nothing is written
   */
  async observe(observation: Observation): Promise<void> {
    const { context, mask, keptByItself } = this.#options;
    const { incident, since } = await this.state();
    // What git tells has whole seconds.
    if (incident === undefined || observation.at < since - second) return;
    const { key, at } = observation;
    const proposal: Proposal = {
      id:
        key === undefined ? context.newId(context.now()) : derivedUlid(at, 'recorded', incident, observation.kind, key),
      incident,
      at: formatInstant(at),
      ...(await maskedObservation(mask, observation)),
    };
    try {
      await this.#options.privateFiles.create(pathOf(proposal.id), `${JSON.stringify(proposal)}\n`);
    } catch (error) {
      if (FileError.is(error, 'exists')) return;
      throw error;
    }
    if (keptByItself().includes(proposal.kind)) await this.keep(proposal.id);
  }

  /** What waits to be decided, the oldest first. @throws FileError */
  async proposals(): Promise<Proposal[]> {
    const entries = await this.#options.privateFiles.list(folder);
    const read = await Promise.all(entries.map(({ name }) => this.#readJson(`${folder}/${name}`)));
    return read.filter(isProposal).sort(byTime);
  }

  /**
   * Makes a proposal an event of its incident. Nothing happens when somebody else has decided it meanwhile.
   * @returns the event
   * @throws FirebreakError `notFound`, `invalidInput`, `readOnly`; FileError
   */
  async keep(id: string, edit: Edit = {}): Promise<TimelineEvent | undefined> {
    return this.#alone(async () => {
      const proposal = await this.#proposal(id);
      return proposal && this.#keep(proposal, edit);
    });
  }

  /** Keeps all that wait for an incident, without their output. @throws like {@link keep} */
  async keepAll(incidentUid: string): Promise<number> {
    return this.#alone(async () => {
      const waiting = (await this.proposals()).filter(({ incident }) => incident === incidentUid);
      for (const proposal of waiting) await this.#keep(proposal, {});
      return waiting.length;
    });
  }

  /** @throws FileError */
  async drop(ids: readonly string[]): Promise<void> {
    await this.#alone(async () => {
      for (const id of ids) if (await this.#proposal(id)) await this.#decided(id);
    });
  }

  async #keep(proposal: Proposal, edit: Edit): Promise<TimelineEvent> {
    const { context, mask } = this.#options;
    const { id, at, output, ...rest } = proposal;
    const incident = requireIncident(context.index, proposal.incident);
    const text = edit.text === undefined ? proposal.text : await mask(edit.text.trim());
    if (text === '') throw new FirebreakError('invalidInput', 'Nothing is left of it: drop it instead.');
    const base = await newEvent(context, incident.uid, parseInstant(at));
    const event = recordedEvent(
      { ...base(), id },
      { ...rest, text, ...(edit.output && output !== undefined ? { output } : {}) },
    );
    // It was written, and then the window was gone before it could say so.
    const known = (await context.index.events(incident.uid)).find((stored) => stored.event.id === id);
    if (!known) await writeEvents(context, incident, [event]);
    await this.#decided(id);
    return known?.event ?? event;
  }

  /** What is seen again must not be proposed again: a mark stays in its place. */
  async #decided(id: string): Promise<void> {
    await this.#options.privateFiles.write(pathOf(id), '{}\n');
  }

  /** Nothing from before the recording is observed, so its marks are of no more use. */
  async #forgetDecided(before: number): Promise<void> {
    const { privateFiles } = this.#options;
    for (const { name } of await privateFiles.list(folder)) {
      const time = ulidTime(name.replace(/\.json$/, ''));
      if (time === undefined || time >= before - second) continue;
      if (!isProposal(await this.#readJson(`${folder}/${name}`))) await privateFiles.delete(`${folder}/${name}`);
    }
  }

  async #proposal(id: string): Promise<Proposal | undefined> {
    const found = await this.#readJson(pathOf(id));
    return isProposal(found) && found.id === id ? found : undefined;
  }

  async #changeState(change: (state: RecordingState) => RecordingState): Promise<void> {
    await this.#alone(async () => {
      await this.#options.privateFiles.write(recordingStatePath, `${JSON.stringify(change(await this.state()))}\n`);
    });
  }

  async #alone<T>(act: () => Promise<T>): Promise<T> {
    const lock = await this.#options.lock();
    if (!lock) throw new FileError('failed', recordingStatePath);
    try {
      return await act();
    } finally {
      await lock.dispose();
    }
  }

  #readJson(path: string): Promise<unknown> {
    return readJson(this.#options.privateFiles, path);
  }
}

function pathOf(id: string): string {
  return `${folder}/${id}.json`;
}

function withAsked({ asked }: RecordingState, uid: string): readonly string[] {
  return asked.includes(uid) ? asked : [...asked.slice(1 - mostAsked), uid];
}

function byTime(left: Proposal, right: Proposal): number {
  if (left.at !== right.at) return left.at < right.at ? -1 : 1;
  return left.id < right.id ? -1 : 1;
}
