import { TimelineFeed } from '../../src/protocol/timelineFeed.ts';
import type { ViewMessage } from '../../src/protocol/timelineMessages.ts';
import type { TimelineView } from '../../src/protocol/timelineView.ts';
import { busyIncident, declaredAt, manyEvents } from '../browser/timelineStandaloneData.ts';
import { StandaloneHost, type StandalonePage } from '../browser/timelineStandalonePage.ts';
import { type MessageCost, messageCost } from './panelMessage.ts';
import { count, megabytes, milliseconds, type Row } from './row.ts';
import { median } from './statistics.ts';

const rounds = 7;
const sizes = [100, 10_000] as const;

interface Measured extends MessageCost {
  /** From the first message with the incident to the frame that shows its newest entries. */
  readonly open: number;
  /** From that message until all entries are there. */
  readonly all: number;
  /** From the message with one entry more to the frame that shows it. */
  readonly update: number;
  /** Of that, what the page's own script takes, with the layouts that it asks for. */
  readonly script: number;
  readonly elements: number;
  /** Bytes of JavaScript's heap, without what is garbage. */
  readonly heap: number;
}

/** What the panel costs with few and many entries, in a Chromium by itself. */
export async function panelRows(): Promise<Row[]> {
  const host = await StandaloneHost.start();
  try {
    const found = new Map<number, Measured>();
    for (const size of sizes) found.set(size, await measure(host, size));
    const few = found.get(sizes[0]);
    const many = found.get(sizes[1]);
    if (!few || !many) throw new Error('Nothing was measured');
    const row = (what: string, of: keyof Measured, text: (value: number) => string): Row => ({
      what: `panel with ${count(sizes[1])} entries: ${what}`,
      measured: text(many[of]),
      beside: `with ${count(sizes[0])} ${text(few[of])}`,
      ratio: many[of] / few[of],
    });
    return [
      row('from the incident’s message to the frame that shows it', 'open', milliseconds),
      row('  until all entries are in the list', 'all', milliseconds),
      row('one event more on disk, to the message for the page', 'made', milliseconds),
      row('  the characters of that message', 'size', count),
      row('  those of the whole view', 'wholeSize', count),
      row('  from the message to the frame that shows it', 'update', milliseconds),
      row('  of that, the page’s own script', 'script', milliseconds),
      row('elements in the page', 'elements', count),
      row('JavaScript heap', 'heap', megabytes),
    ];
  } finally {
    await host.stop();
  }
}

async function measure(host: StandaloneHost, size: number): Promise<Measured> {
  const opens: number[] = [];
  const alls: number[] = [];
  const updates: number[] = [];
  const scripts: number[] = [];
  let elements = 0;
  let heap = 0;
  for (let round = 0; round < rounds; round++) {
    const shown = await host.open({ now: declaredAt, clockRuns: true });
    const feed = new TimelineFeed();
    const { first, all } = await openedAfter(shown, feed, incidentOf(size));
    opens.push(first);
    alls.push(all);
    for (let more = 1; more <= 3; more++) {
      updates.push(await shownAfter(shown, feed.next(incidentOf(size + more)), size + more - 1));
    }
    scripts.push(await scriptOf(shown, feed.next(incidentOf(size + 4))));
    elements = await shown.page.evaluate(() => document.querySelectorAll('*').length);
    heap = await heapOf(shown);
    await shown.close();
  }
  const page = {
    open: median(opens),
    all: median(alls),
    update: median(updates),
    script: median(scripts),
    elements,
    heap,
  };
  return { ...page, ...(await messageCost(size)) };
}

/** Over, so that its picture ends with its last entry and not with today. */
function incidentOf(size: number): TimelineView {
  return busyIncident({ events: manyEvents(size), finished: true, status: 'done' });
}

/** As {@link shownAfter}: until the newest entries are shown, and until the page has what is sent on its answers. */
async function openedAfter(
  shown: StandalonePage,
  feed: TimelineFeed,
  view: TimelineView,
): Promise<{ first: number; all: number }> {
  feed.begin([]);
  const messages = [feed.next(view)];
  while (feed.hasMore) messages.push(feed.next(view));
  return shown.page.evaluate(
    // As text: what is not sent yet must not be in the way of what is.
    (messages) =>
      new Promise<{ first: number; all: number }>((resolve) => {
        const newest = JSON.parse(messages[0] ?? '');
        const begin = performance.now();
        let first = 0;
        let next = 1;
        const send = () => window.postMessage(JSON.parse(messages[next++] ?? ''), '*');
        const { sent } = window as unknown as { sent: { type: string }[] };
        sent.push = (answer) => {
          if (answer.type !== 'shown') return 0;
          first ||= performance.now() - begin;
          if (next < messages.length) send();
          else {
            resolve({ first, all: performance.now() - begin });
            // What was sent must not count as the page's memory.
            sent.push = Array.prototype.push;
          }
          return 0;
        };
        window.postMessage(newest, '*');
      }),
    messages.map((message) => JSON.stringify(message)),
  );
}

/** Milliseconds from a message, crossing as one of the extension does, to the frame after the entry is in the page. */
async function shownAfter(shown: StandalonePage, message: ViewMessage | undefined, newest: number): Promise<number> {
  const selector = `.event[data-event="E${String(newest).padStart(5, '0')}"]`;
  const data = message as unknown as Record<string, unknown>;
  return shown.page.evaluate(
    ([message, wanted]) =>
      new Promise<number>((resolve, reject) => {
        const copy = structuredClone(message);
        const begin = performance.now();
        const look = (frames: number) => {
          if (document.querySelector(wanted)) requestAnimationFrame(() => resolve(performance.now() - begin));
          else if (frames > 600) reject(new Error(`${wanted} never came`));
          else requestAnimationFrame(() => look(frames + 1));
        };
        window.postMessage(copy, '*');
        requestAnimationFrame(() => look(0));
      }),
    [data, selector] as const,
  );
}

/** Milliseconds that the page's script takes for a message. */
async function scriptOf(shown: StandalonePage, message: ViewMessage | undefined): Promise<number> {
  return shown.page.evaluate(
    (data) => {
      const begin = performance.now();
      window.dispatchEvent(new MessageEvent('message', { data }));
      return performance.now() - begin;
    },
    message as unknown as Record<string, unknown>,
  );
}

async function heapOf(shown: StandalonePage): Promise<number> {
  const session = await shown.page.context().newCDPSession(shown.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}
