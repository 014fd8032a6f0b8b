import { count, megabytes, milliseconds, type Row } from '../row.ts';
import { type BulkRequests, measureBulkRequests, type Requests } from './bulkRequests.ts';
import { measureEditRequests } from './editRequests.ts';
import { commentsEach } from './filledRepository.ts';
import { measureImport } from './importTime.ts';
import { measureMerges } from './mergeBodies.ts';

const perPage = 100;
/** "Body merge of 2,000 lines" (sync.md §6). */
const mergeGoal = 5;

/** What sync asks of GitHub, the disk and the processor, beside the least that arithmetic allows, a goal, or a peer. */
export async function syncRows(root: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const items of [1_000, 10_000]) {
    console.error(`requests of sync at ${items} items`);
    rows.push(...bulkRows(await measureBulkRequests(items)));
  }
  console.error('requests of edits');
  for (const { what, requests, goal } of await measureEditRequests()) {
    rows.push({ what: `requests for ${what}`, ...besideLeast(requests.length, goal, 'goal') });
  }
  console.error('merging texts');
  for (const { what, ours, nodeDiff3 } of await measureMerges()) {
    rows.push({
      what: `merging 2,000 lines: ${what}`,
      measured: milliseconds(ours),
      beside: `node-diff3 ${milliseconds(nodeDiff3)}; goal ${mergeGoal} ms`,
      ratio: ours / nodeDiff3,
    });
  }
  console.error('importing 10,000 issues');
  rows.push(...(await importRows(root, 10_000)));
  return rows;
}

function bulkRows({ items, imported, cloned, idle, commented, renamed, swept }: BulkRequests): Row[] {
  const pages = Math.ceil(items / perPage);
  const commentPages = Math.ceil((items * commentsEach) / perPage);
  const at = `${count(items)} items`;
  const row = (what: string, { all, unchanged }: Requests, least: number, why: string): Row => {
    const beside = besideLeast(all, least, why);
    return {
      what: `requests, ${at}: ${what}`,
      ...beside,
      measured: `${count(all)}${unchanged > 0 ? `, ${unchanged} of them 304` : ''}`,
    };
  };
  return [
    row('import of all issues', imported, pages + 1, 'pages and the repository'),
    row(
      'first sync of a new clone, all incidents',
      cloned,
      pages + commentPages + 2,
      'pages, repository, who may write',
    ),
    row('nothing changed', idle, 2, 'two polls'),
    row('10 issues commented on', commented, 2, 'two polls'),
    row('10 issues renamed', renamed, 12, 'two polls, the events of each'),
    row('daily look for deleted comments', swept, pages + 2, 'pages and two polls'),
    {
      what: `writes to disk, ${at}: nothing changed`,
      measured: count(idle.writes),
      beside: 'goal 0',
      ratio: undefined,
    },
    { what: `reads from disk, ${at}: nothing changed`, ...besideLeast(idle.reads, 1, 'what changed since') },
    {
      what: `processor, ${at}: nothing changed`,
      measured: milliseconds(idle.processor),
      beside: `the first sync of a process, which reads all ${milliseconds(idle.processorAtFirst)}`,
      ratio: idle.processor / idle.processorAtFirst,
    },
  ];
}

function besideLeast(measured: number, least: number, why: string): Omit<Row, 'what'> {
  return { measured: count(measured), beside: `${why} ${count(least)}`, ratio: measured / least };
}

async function importRows(root: string, issues: number): Promise<Row[]> {
  const { imported, fetched } = await measureImport(root, issues);
  const writing = imported.writing ?? Number.NaN;
  const what = `importing ${count(issues)} issues`;
  return [
    {
      what,
      measured: milliseconds(imported.time),
      beside: `bare fetch of the pages ${milliseconds(fetched.time)}`,
      ratio: imported.time / fetched.time,
    },
    {
      what: '  the same beside writing the files too',
      measured: milliseconds(imported.time),
      beside: `and each file once, with fsync ${milliseconds(writing)}`,
      ratio: imported.time / (fetched.time + writing),
    },
    {
      what: '  its peak memory',
      measured: megabytes(imported.peakMemory),
      beside: `bare fetch ${megabytes(fetched.peakMemory)}`,
      ratio: imported.peakMemory / fetched.peakMemory,
    },
  ];
}
