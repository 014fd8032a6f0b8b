import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { statusInPhase } from '../../src/core/phase.ts';
import { severities } from '../../src/core/severity.ts';
import { formatInstant } from '../../src/core/time.ts';
import { ulidFactory } from '../../src/core/ulids.ts';
import { newIncident, newItem } from '../../src/documents/itemDocument.ts';
import { git } from '../host/harness/repository.ts';

const minuteMs = 60_000;
/** 2025-01-01T00:00:00Z. */
const start = Date.UTC(2025, 0, 1);
const statuses = ['inbox', 'ready', 'doing', 'done'] as const;
const types = ['bug', 'feature', 'task'] as const;
const description = [
  'What happens: the page stays empty for some users, and the log says nothing of it.',
  '',
  '- Seen since the last deploy, in one region of three.',
  '- A reload helps for a while.',
  '',
  'What should happen: the page shows, or says why not.',
  '',
].join('\n');

/** A repository with items like those of a team that keeps them for years: nine in ten in the backlog, one an incident that is over. */
export interface BenchWorkspace {
  readonly folder: string;
  /** Of all items, in the order in which they were made; relative to the folder. */
  readonly paths: readonly string[];
  remove(): Promise<void>;
}

/** Makes it in a temporary folder; the same one for the same number of items. */
export async function benchWorkspace(count: number): Promise<BenchWorkspace> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'fb-bench-')));
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  const paths = await fill(folder, count);
  return { folder, paths, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Puts so many items into a folder. @returns their paths */
export async function fill(folder: string, count: number): Promise<string[]> {
  const newId = ulidFactory(() => 0.5);
  const paths: string[] = [];
  await mkdir(path.join(folder, 'backlog'), { recursive: true });
  for (let index = 0; index < count; index++) {
    const at = start + index * minuteMs;
    const severity = severities[index % 5] ?? 'P2';
    const type = types[index % 3] ?? 'bug';
    const id = `${type.toUpperCase()}-${severity}-${formatInstant(at).slice(0, 16).replace(/[-:]/g, '').replace('T', '-')}`;
    const common = {
      id,
      uid: newId(at),
      title: `Item ${index}: the page stays empty for some users`,
      type,
      date: formatInstant(at).slice(0, 10),
      tags: ['web', `team-${index % 7}`],
      severity,
      owner: index % 4 === 0 ? undefined : `@person${index % 9}`,
      sprint: undefined,
      body: description,
    };
    const isIncident = index % 10 === 9;
    const file = isIncident ? `incidents/${id}/incident.md` : `backlog/${id}.md`;
    const text = isIncident
      ? newIncident({
          ...common,
          status: statusInPhase('closed'),
          phase: 'closed',
          service: 'web',
          criteria: [],
          roles: {},
          private: false,
        })
      : newItem({ ...common, status: statuses[index % 4] ?? 'ready', private: false });
    if (isIncident) await mkdir(path.join(folder, 'incidents', id), { recursive: true });
    await writeFile(path.join(folder, ...file.split('/')), text);
    paths.push(file);
  }
  return paths;
}
