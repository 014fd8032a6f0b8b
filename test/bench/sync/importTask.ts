// What is measured by itself, in a process of its own: node --import tsx test/bench/sync/importTask.ts <task> <url> <token>
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OctokitIssueTracker } from '../../../src/adapters/github/octokitTracker.ts';
import { NodeFiles } from '../../../src/adapters/node/nodeFiles.ts';
import { openPrivateState, originOf } from '../../../src/adapters/node/privateState.ts';
import { silentLog } from '../../../src/core/ports/environment.ts';
import { openSession } from '../../../src/services/session.ts';
import { ImportIssues } from '../../../src/services/sync/importIssues.ts';
import { textsIn } from '../declare.ts';
import { timeOf } from '../statistics.ts';
import { writeBare } from '../writeBare.ts';

/** What a task prints. Times in milliseconds, memory in bytes. */
export interface ImportTaskResult {
  readonly issues: number;
  readonly time: number;
  /** Writing the same files bare. */
  readonly writing?: number;
  readonly peakMemory: number;
}

const [task, url = '', token = ''] = process.argv.slice(2);

/** The pages as `fetch` gets them, parsed and dropped. */
async function fetchPages(): Promise<number> {
  let issues = 0;
  const first = `${url}/repos/acme/shop/issues?state=all&sort=created&direction=asc&per_page=100`;
  for (let next: string | undefined = first; next !== undefined; ) {
    const answer: Response = await fetch(next, { headers: { authorization: `token ${token}` } });
    const page: unknown = await answer.json();
    if (!Array.isArray(page)) throw new Error(`status ${answer.status}`);
    issues += page.length;
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return issues;
}

async function importAll(folder: string): Promise<number> {
  const state = await openPrivateState(folder, path.join(folder, '.state'));
  const session = openSession({
    files: new NodeFiles(folder),
    privateFiles: state.files,
    origin: await originOf(state),
    now: Date.now,
    random: Math.random,
    log: silentLog,
    git: async () => undefined,
    fallbackAuthor: 'Ada Example',
  });
  await session.index.load();
  const importing = new ImportIssues({
    services: session.context,
    privateFiles: state.files,
    repository: { owner: 'acme', repo: 'shop' },
    tracker: async (repository) =>
      new OctokitIssueTracker({ apiUrl: url, repository, token, now: Date.now, log: () => undefined }),
    lock: async () => ({ dispose: async () => undefined }),
  });
  await importing.list({ state: 'all', labels: [] });
  return (await importing.apply()).imported;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fb-bench-'));
  try {
    let issues = 0;
    const time = await timeOf(async () => {
      issues = task === 'import' ? await importAll(folder) : await fetchPages();
    });
    const peakMemory = process.resourceUsage().maxRSS * 1024;
    let writing: number | undefined;
    if (task === 'import') {
      const texts = await textsIn(path.join(folder, 'backlog'));
      writing = await timeOf(() => writeBare(path.join(folder, 'bare'), texts));
    }
    const result: ImportTaskResult = {
      issues,
      time,
      ...(writing === undefined ? {} : { writing }),
      peakMemory,
    };
    console.log(JSON.stringify(result));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

void main();
