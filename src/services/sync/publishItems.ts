import { FirebreakError } from '../../core/errors.ts';
import { type Item, isIncident } from '../../core/item.ts';
import type { Files } from '../../core/ports/files.ts';
import { isFinished } from '../../core/status.ts';
import type { ServiceContext } from '../context.ts';
import { readChosen, writeChosen } from './chosenItems.ts';
import type { RequestPace } from './pacing.ts';
import { byUrgency } from './plan.ts';
import { privateNames } from './privateNames.ts';
import { readSyncRules, type SyncRules, type SyncSettings } from './syncRules.ts';
import { SyncStore } from './syncStore.ts';
import { takeOver, unsentElsewhere } from './takeOver.ts';

export interface PublishItemsOptions {
  readonly services: ServiceContext;
  /** This clone's private state. */
  readonly privateFiles: Files;
  readonly pace: RequestPace;
  /** Held while the choice is changed; undefined while another window or terminal does. */
  readonly lock: () => Promise<{ dispose(): Promise<void> } | undefined>;
  /** What the team has set; the usual unless told. */
  readonly settings?: SyncSettings;
}

/** Why an item gets no issue. */
export type LeftOut =
  | 'private'
  /** The team keeps what is at its path inside. */
  | 'excluded'
  /** Its title or text names a private item. */
  | 'namesPrivate'
  /** Done, declined or a duplicate. */
  | 'finished'
  /** It has one, or had one that is gone. */
  | 'linked'
  /** It was chosen before, and waits. */
  | 'chosen'
  /** An incident gets one without being asked. */
  | 'incident';

export interface PublishPreview {
  /** What would be created, in this order. */
  readonly items: readonly Item[];
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
  /** How many records of these other clones made and have not sent: choosing them has this one send them. */
  readonly takenOver: number;
  /** How long creating takes within the limits, with what waits already: milliseconds. */
  readonly duration: number;
}

export interface PublishProgress {
  readonly chosen: number;
  /** Of these: how many have their issue. */
  readonly made: number;
}

/**
 * The use case "Publish to GitHub": which items of the backlog get an issue is a person's choice, made once for each and
 * kept in private state. The next syncs make the issues, at the pace that GitHub allows, over restarts.
 */
export class PublishItems {
  readonly #options: PublishItemsOptions;
  readonly #rules: SyncRules;

  /** @throws FirebreakError `invalidInput` for settings that mean nothing */
  constructor(options: PublishItemsOptions) {
    this.#options = options;
    this.#rules = readSyncRules(options.settings ?? {});
  }

  /**
   * What publishing would create. Asks GitHub nothing.
   * @param wanted these alone, finished ones and incidents too; all that is open unless told
   */
  async preview(wanted?: readonly Item[]): Promise<PublishPreview> {
    const { services, pace } = this.#options;
    const store = await this.#store();
    const chosen = await this.#chosen();
    const namesPrivate = privateNames(services.index.items(), this.#rules.isWithheld);
    const items: Item[] = [];
    let takenOver = 0;
    const leftOut: Partial<Record<LeftOut, number>> = {};
    for (const item of [...(wanted ?? services.index.items())].sort(byUrgency)) {
      const foreign = wanted === undefined ? [] : await this.#unsentElsewhere(item, store);
      const reason =
        chosen.has(item.uid) && !isLinked(store, item)
          ? 'chosen'
          : this.#refusal(item, store, wanted !== undefined, foreign.length > 0);
      const why = reason ?? (namesPrivate(item.title) || namesPrivate(item.body) ? 'namesPrivate' : undefined);
      if (why) leftOut[why] = (leftOut[why] ?? 0) + 1;
      else {
        items.push(item);
        takenOver += foreign.length;
      }
    }
    return { items, leftOut, takenOver, duration: await pace.duration(items.length + (leftOut.chosen ?? 0)) };
  }

  /**
   * Has the next syncs make issues of these, and send what other clones recorded of incidents among them and have not sent.
   * @throws FirebreakError `syncBusy`
   */
  async choose(items: readonly Item[]): Promise<void> {
    const { privateFiles } = this.#options;
    const store = await this.#store();
    const foreign: string[] = [];
    for (const item of items) foreign.push(...(await this.#unsentElsewhere(item, store)));
    await takeOver(privateFiles, foreign);
    await this.#change((chosen) => [...chosen, ...items.map(({ uid }) => uid)]);
  }

  /** Makes no further issues. @returns how many will not be made. @throws FirebreakError `syncBusy` */
  async stop(): Promise<number> {
    const { chosen, made } = await this.progress();
    await this.#change(() => []);
    return chosen - made;
  }

  async progress(): Promise<PublishProgress> {
    const { index } = this.#options.services;
    const store = await this.#store();
    const chosen = [...(await this.#chosen())];
    const made = chosen.filter((uid) => {
      const item = index.item(uid);
      return item !== undefined && isLinked(store, item);
    }).length;
    return { chosen: chosen.length, made };
  }

  async #change(change: (chosen: readonly string[]) => readonly string[]): Promise<void> {
    const lock = await this.#options.lock();
    if (!lock) throw new FirebreakError('syncBusy', 'Another window or terminal is choosing what to publish.');
    try {
      const { index } = this.#options.services;
      const store = await this.#store();
      const open = [...(await this.#chosen())].filter((uid) => {
        const item = index.item(uid);
        // One whose file is on another branch stays chosen.
        return !item || !isLinked(store, item);
      });
      await writeChosen(this.#options.privateFiles, new Set(change(open)));
    } finally {
      await lock.dispose();
    }
  }

  #refusal(item: Item, store: SyncStore, byName: boolean, takesOver: boolean): LeftOut | undefined {
    if (this.#rules.isWithheld(item)) return item.private ? 'private' : 'excluded';
    const why = refusal(item, store, byName);
    // The clone that made the issue may be lost with what it had not posted yet.
    return why === 'linked' && takesOver && store.item(item.uid)?.stage === 'linked' ? undefined : why;
  }

  /** What other clones made of an incident and have not posted, as far as this clone knows. */
  async #unsentElsewhere(item: Item, store: SyncStore): Promise<readonly string[]> {
    const posted = new Set(
      Object.keys(store.item(item.uid)?.posted ?? {}).map((key) => key.replace(/\.\d+of\d+$/, '')),
    );
    return unsentElsewhere(this.#options.services, item, (id) => posted.has(id) || store.isTakenOver(id));
  }

  #chosen(): Promise<ReadonlySet<string>> {
    return readChosen(this.#options.privateFiles);
  }

  async #store(): Promise<SyncStore> {
    const { privateFiles, services } = this.#options;
    const store = new SyncStore({ files: privateFiles, now: services.now });
    await store.load();
    return store;
  }
}

/** Whether it has an issue, or had one that is not made again. */
function isLinked(store: SyncStore, item: Item): boolean {
  const stage = store.item(item.uid)?.stage;
  return item.github !== undefined || stage === 'linked' || stage === 'gone' || stage === 'moved';
}

/** @param byName whether somebody pointed at the item itself */
function refusal(item: Item, store: SyncStore, byName: boolean): LeftOut | undefined {
  if (isLinked(store, item)) return 'linked';
  if (item.status === 'declined' || item.status === 'duplicate') return 'finished';
  if (byName) return undefined;
  if (isIncident(item)) return 'incident';
  return isFinished(item.status) ? 'finished' : undefined;
}
