import { OctokitIssueTracker } from '../../src/adapters/github/octokitTracker.ts';
import type { Incident } from '../../src/core/item.ts';
import { TrackerError } from '../../src/core/ports/issueTracker.ts';
import { formatInstant } from '../../src/core/time.ts';
import { changeItem } from '../../src/services/changeItem.ts';
import { recordEvent } from '../../src/services/recordEvent.ts';
import { markedBody } from '../../src/services/sync/markers.ts';
import type { SyncReport } from '../../src/services/sync/syncReport.ts';
import type { ModelClone, Syncer } from './modelClone.ts';

interface State {
  readonly numbers: Record<string, number>;
  readonly posted: string[];
  since: string | undefined;
}

const path = 'naive.json';

/**
 * A syncer as one writes it at first: retries whatever failed, sends the whole state, takes the local clock for a cursor.
 * It is here to show that the model finds what is wrong with that.
 */
export class NaiveSync implements Syncer {
  readonly #clone: ModelClone;
  readonly #tracker: OctokitIssueTracker;

  constructor(clone: ModelClone) {
    this.#clone = clone;
    const { world, machine } = clone;
    this.#tracker = new OctokitIssueTracker({
      apiUrl: world.gitHub.url,
      repository: { owner: 'acme', repo: 'shop' },
      token: world.tokenOf(clone.login),
      now: clone.now,
      log: () => undefined,
      fetch: machine.fetch(world.fetch),
    });
  }

  async sync(): Promise<SyncReport | undefined> {
    const text = this.#clone.privateFiles.text(path);
    const state: State = text === undefined ? { numbers: {}, posted: [], since: undefined } : JSON.parse(text);
    try {
      await this.#pull(state);
      for (const incident of this.#clone.incidents) await this.#push(incident, state);
    } catch (error) {
      if (!TrackerError.is(error)) throw error;
    }
    this.#clone.privateFiles.put(path, JSON.stringify(state));
    return noReport;
  }

  async #pull(state: State): Promise<void> {
    const { context, index } = this.#clone;
    const issues = await stubbornly(() => this.#tracker.issues(state.since));
    const comments = await stubbornly(() => this.#tracker.comments(state.since));
    for (const [uid, number] of Object.entries(state.numbers)) {
      const item = index.item(uid);
      const issue = issues.changed ? issues.value.find((one) => one.number === number) : undefined;
      if (item && issue && issue.title !== item.title) await changeItem(context, item, { title: issue.title });
      const incident = this.#clone.incidents.find((one) => one.uid === uid);
      for (const comment of comments.changed ? comments.value : []) {
        const isNews = comment.issueNumber === number && !comment.body.includes('firebreak:ev=');
        if (incident && isNews) await recordEvent(context, incident, 'note', comment.body);
      }
    }
    state.since = formatInstant(this.#clone.now());
  }

  async #push(incident: Incident, state: State): Promise<void> {
    const { uid, title } = incident;
    const labels = [`phase: ${incident.incident.phase}`, `severity: ${incident.severity}`, 'type: bug'];
    const body = markedBody(incident.body, { uid, fields: {} });
    let number = state.numbers[uid];
    if (number === undefined) {
      const made = await stubbornly(() => this.#tracker.createIssue({ title, body, labels, assignees: [] }));
      number = made.number;
      state.numbers[uid] = number;
    } else {
      const issue = number;
      await stubbornly(() => this.#tracker.updateIssue(issue, { title, body }));
      await stubbornly(() => this.#tracker.addLabels(issue, labels));
    }
    for (const { event } of await this.#clone.index.events(uid)) {
      if (state.posted.includes(event.id)) continue;
      const [issue, text] = [number, `${event.body}\n\n<!-- firebreak:ev=${event.id} -->`];
      await stubbornly(() => this.#tracker.createComment(issue, text));
      state.posted.push(event.id);
    }
  }
}

async function stubbornly<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (!TrackerError.is(error) || attempt > 3) throw error;
    }
  }
}

const noReport: SyncReport = {
  created: 0,
  updated: 0,
  commented: 0,
  pulled: 0,
  waiting: [],
  problems: [],
  plan: [],
};
