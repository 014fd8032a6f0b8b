import { eventMarks } from '../../src/core/eventMarks.ts';
import type { Incident } from '../../src/core/item.ts';
import type { TimelineEvent } from '../../src/core/timelineEvent.ts';
import { keysOf, parseComment } from '../../src/services/sync/commentMarker.ts';
import { isUntouched, placesOf } from '../../src/services/sync/commentPlaces.ts';
import type { ModelClone } from './modelClone.ts';
import { holds, type ModelWorld, timesIn } from './modelWorld.ts';
import { Violation } from './violation.ts';

/** Nothing that was said is lost or doubled, here or on GitHub; what was taken back or purged is so everywhere. */
export async function timelinesHold(world: ModelWorld, withheld: ReadonlySet<string>): Promise<void> {
  const expected = new Map<string, string>();
  for (const clone of world.clones) {
    for (const incident of clone.incidents) {
      if (!world.isDeclared(incident.uid)) continue;
      const events = (await clone.index.events(incident.uid)).map(({ event }) => event);
      const found = JSON.stringify(events.map(({ id, kind, at, body }) => [id, kind, at, body]).sort());
      const other = expected.get(incident.uid) ?? found;
      expected.set(incident.uid, found);
      if (found !== other) throw new Violation(3, `the timeline of ${incident.id} differs:\n${other}\n${found}`);
      if (!withheld.has(incident.uid)) new Timeline(world, clone, incident, events).check();
    }
  }
  purgedIsGone(world, withheld);
}

/** The timeline of one incident in one clone, beside the comments of its issue. */
class Timeline {
  readonly #world: ModelWorld;
  readonly #clone: ModelClone;
  readonly #uid: string;
  readonly #events: readonly TimelineEvent[];
  readonly #byId: ReadonlyMap<string, TimelineEvent>;
  readonly #marks: ReturnType<typeof eventMarks<TimelineEvent>>;
  /** Ids of events that are purged. */
  readonly #purged: ReadonlySet<string>;
  readonly #comments: readonly string[];
  readonly #text: string;
  readonly #keys: ReadonlySet<string>;

  constructor(world: ModelWorld, clone: ModelClone, incident: Incident, events: readonly TimelineEvent[]) {
    this.#world = world;
    this.#clone = clone;
    this.#uid = incident.uid;
    this.#events = events;
    this.#byId = new Map(events.map((event) => [event.id, event]));
    this.#marks = eventMarks(events);
    this.#purged = new Set(clone.index.records(incident.uid).flatMap(({ purges }) => purges ?? []));
    const issue = world.issues.find(({ number }) => number === incident.github?.number);
    const comments = issue ? world.commentsOf(issue).map((body) => body.replaceAll('\r', '')) : [];
    this.#comments = comments;
    this.#text = comments.join('\n');
    this.#keys = new Set(comments.flatMap((body) => keysOf(parseComment(body) ?? { entries: [] })));
  }

  check(): void {
    const purgedWords = new Set(
      this.#world.purges.flatMap(({ event, text }) => (this.#purged.has(event) ? [text] : [])),
    );
    for (const { uid, text } of this.#world.said) {
      if (uid === this.#uid && !purgedWords.has(text)) this.#wasSaid(text);
    }
    for (const [id, { uid, text }] of this.#world.told) if (uid === this.#uid) this.#wasTold(id, text);
    for (const event of this.#events) this.#isPosted(event);
    for (const comment of this.#comments) this.#showsWhatCounts(comment);
  }

  /** No entry shows a correction that was taken back, whoever did that; what people edited is theirs. */
  #showsWhatCounts(comment: string): void {
    const marked = parseComment(comment);
    const texts = marked && isUntouched(marked) ? (placesOf(marked) ?? []) : [];
    for (const [index, text] of texts.entries()) {
      for (const key of marked?.entries[index]?.keys.slice(1) ?? []) {
        const event = this.#byId.get(key);
        if (event?.kind !== 'correction' || this.#marks.get(key)?.kind !== 'retracted') continue;
        if (holds(text, event.body)) throw new Violation(3, `"${event.body}" was taken back, and GitHub shows it`);
      }
    }
  }

  #wasSaid(text: string): void {
    const found = this.#events.filter(({ body }) => holds(body, text));
    const [event] = found;
    if (!event || found.length !== 1) {
      throw new Violation(2, `"${text}" is ${found.length} times in ${this.#clone.origin}`);
    }
    const there = timesIn(this.#text, text);
    if (there > 1 || (there === 0 && this.#isShown(event))) {
      throw new Violation(1, `"${text}" is ${there} times on GitHub`);
    }
  }

  #wasTold(comment: number, text: string): void {
    const here = this.#events.filter(({ body }) => holds(body, text)).length;
    const { id: repository } = this.#world.repository;
    const note = `gh-${repository}-c${comment}`;
    if ([...this.#purged].some((id) => id === note || id.startsWith(`${note}-`))) return;
    if (!this.#world.deleted.has(comment)) {
      if (here !== 1) throw new Violation(2, `the comment "${text}" is ${here} times in ${this.#clone.origin}`);
      return;
    }
    // Who saw the comment before it was deleted keeps what it said, and takes it back.
    const known = this.#events.some(({ id }) => id === note || id.startsWith(`${note}-`));
    if (known !== this.#byId.has(`gh-${repository}-d${comment}`)) {
      throw new Violation(3, `that the comment "${text}" was deleted did not come to ${this.#clone.origin}`);
    }
  }

  /** Each event of a clone is in one comment, with what was said about it since. */
  #isPosted(event: TimelineEvent): void {
    if (this.#keys.has(event.id) || !this.#world.clones.some(({ origin }) => origin === event.origin)) return;
    const chain = this.#chainOf(event);
    const isExcused = chain.some(
      ({ id }) =>
        this.#world.deletedKeys.has(id) ||
        this.#purged.has(id) ||
        // What was taken back before anybody saw it need not be seen.
        (this.#marks.get(id)?.kind === 'retracted' && !this.#keys.has(id)),
    );
    if (!isExcused) throw new Violation(1, `the ${event.kind} ${event.id} "${event.body}" is not on GitHub`);
  }

  /** Whether its words are what people are to read now. */
  #isShown(event: TimelineEvent): boolean {
    const chain = this.#chainOf(event);
    const isExcused = ({ id }: TimelineEvent) =>
      this.#world.deletedKeys.has(id) || this.#purged.has(id) || this.#marks.get(id)?.kind === 'retracted';
    if (chain.some(isExcused)) return false;
    // Its entry shows what its own clone says of it; that another takes that back is said beside.
    if (
      this.#events.some(
        (other) =>
          'replaces' in other &&
          other.replaces === event.id &&
          other.origin === event.origin &&
          this.#marks.get(other.id)?.kind !== 'retracted',
      )
    ) {
      return false;
    }
    const mark = this.#marks.get(chain.at(-1)?.id ?? '');
    return chain.length === 1 ? mark === undefined : mark?.by.id === event.id;
  }

  /** The event, what it is about, what that is about … */
  #chainOf(event: TimelineEvent): TimelineEvent[] {
    const chain: TimelineEvent[] = [];
    for (let next: TimelineEvent | undefined = event; next && !chain.includes(next); ) {
      chain.push(next);
      next = 'replaces' in next ? this.#byId.get(next.replaces) : undefined;
    }
    return chain;
  }
}

/** Purged words are in no file of any clone and in no comment. GitHub's earlier versions and git's history have them. */
function purgedIsGone(world: ModelWorld, withheld: ReadonlySet<string>): void {
  for (const { uid, event, text } of world.purges) {
    const isPurged = world.clones.some((clone) => clone.index.records(uid).some(({ purges }) => purges === event));
    if (!isPurged) continue;
    for (const { origin, tree, privateFiles } of world.clones) {
      for (const files of [tree, privateFiles]) {
        for (const [path, content] of Object.entries(files.snapshot())) {
          if (holds(content, text)) throw new Violation(2, `"${text}" was purged, and is in ${path} of ${origin}`);
        }
      }
    }
    if (withheld.has(uid)) continue;
    for (const issue of world.issues) {
      if (world.commentsOf(issue).some((body) => holds(body, text))) {
        throw new Violation(2, `"${text}" was purged, and is on #${issue.number}`);
      }
    }
  }
}
