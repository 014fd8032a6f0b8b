import { asCorrected } from '../core/correctedEvents.ts';
import { eventMarks } from '../core/eventMarks.ts';
import type { Incident } from '../core/item.ts';
import { tasksOf } from '../core/tasks.ts';
import { formatDuration, minute, second } from '../core/time.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { emptyStatusUpdate, parseStatusUpdate, type StatusUpdate } from '../documents/statusUpdate.ts';
import { oneLine, type ServiceContext } from './context.ts';

/** Longer than this nobody says in an update. */
const longestEntry = 200;

/**
 * The next status update as the timeline has it: the last one, with what changed since. What was done is what was run, checked,
 * committed or decided; a decision that nothing was run after is a next step, as a task is; the newest impact and hypothesis
 * take the place of what was said of them.
 */
export async function draftUpdate(context: Pick<ServiceContext, 'index'>, incident: Incident): Promise<StatusUpdate> {
  const stored = await context.index.events(incident.uid);
  return updateSince(stored.map(({ event }) => event));
}

/** @param events of one incident, in display order */
export function updateSince(events: readonly TimelineEvent[]): StatusUpdate {
  const said = spoken(events);
  const last = said.findLast((event) => event.kind === 'status' && parseStatusUpdate(event.body) !== undefined);
  const before = (last && parseStatusUpdate(last.body)) ?? emptyStatusUpdate;
  // Something that happened earlier may have been written down since.
  const news = said.filter((event) => !last || event.at > last.at || event.recorded > last.recorded);
  const lastRun = news.findLastIndex((event) => isRun(event) || event.kind === 'commit');
  const done: string[] = [];
  const next: string[] = [];
  for (const [index, event] of news.entries()) {
    if (isRun(event)) done.push(entry(event, outcome(event)));
    else if (event.kind === 'commit') done.push(entry(event));
    else if (event.kind === 'decision') (index < lastRun ? done : next).push(entry(event));
  }
  for (const task of tasksOf(events)) {
    if (task.state === 'open')
      next.push(entry({ ...task.begun, body: task.text }, task.owner === '' ? '' : ` (${task.owner})`));
    else if (task.state === 'done' && news.some(({ id }) => id === task.head.id))
      done.push(entry({ ...task.begun, body: task.text }));
  }
  const newest = (kind: TimelineEvent['kind']) => {
    const found = news.findLast((event) => event.kind === kind);
    return found && entry(found);
  };
  const hypothesis = newest('hypothesis');
  return {
    ...before,
    impact: newest('impact') ?? before.impact,
    rootCause: hypothesis === undefined ? before.rootCause : `Under investigation: ${hypothesis}`,
    actionsTaken: lines(done) || before.actionsTaken,
    nextSteps: lines(next) || before.nextSteps,
  };
}

/** What still counts of what was said, with the words that it was corrected to. */
function spoken(events: readonly TimelineEvent[]): TimelineEvent[] {
  const marks = eventMarks(events);
  return asCorrected(events).flatMap((event) => {
    const mark = marks.get(event.id);
    if (mark?.kind === 'retracted') return [];
    const body = mark?.by.body.trim() || event.body;
    return oneLine(body) === '' ? [] : [{ ...event, body }];
  });
}

type Run = Extract<TimelineEvent, { kind: 'action' | 'command' | 'check' }>;

function isRun(event: TimelineEvent): event is Run {
  return event.kind === 'action' || event.kind === 'check' || event.kind === 'command';
}

/** How it ended, where its own words don't say so. */
function outcome({ exit, duration, action, checklist }: Run): string {
  if (exit === undefined || action !== undefined || checklist !== undefined) return '';
  const tookLong = duration !== undefined && duration * second >= minute;
  const took = tookLong ? ` after ${formatDuration(duration * second)}` : '';
  return exit === 0 ? ` (done${took})` : ` (failed with ${exit}${took})`;
}

/** The first paragraph of what was said, or the command that was recorded, on one line. */
function entry(event: TimelineEvent, suffix = ''): string {
  const [paragraph = ''] = event.body.trim().split(/\n[ \t]*\n/);
  const recorded = /^`{3,}console\n\$ ([^\n]*)/.exec(paragraph)?.[1];
  // The title of an action stands out in the timeline; in an update it is one of several.
  const text = recorded === undefined ? oneLine(paragraph).replace(/^\*\*(.+?)\*\*(?=:)/, '$1') : asCode(recorded);
  const cut = text.length > longestEntry ? `${text.slice(0, longestEntry - 1).trimEnd()}…` : text;
  return `${cut.replace(/[.;]$/, '')}${suffix}`;
}

/** A command as code, unless a sign in it would end the code. */
function asCode(command: string): string {
  return command.includes('`') ? command : `\`${command}\``;
}

/** Reads as a list in the editor, and as a sentence where it is shown. */
function lines(entries: readonly string[]): string {
  return [...new Set(entries)].join(';\n');
}
