import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { runPlanVariable } from '../../harness/runPlan.ts';

/** What Firebreak wrote to its output channel in this run, which is what "Show Log" shows. */
export async function logText(): Promise<string> {
  const scratch = path.dirname(process.env[runPlanVariable] ?? '');
  const names = (await readdir(scratch, { recursive: true })).filter((name) => name.endsWith('Firebreak.log'));
  return (await Promise.all(names.map((name) => readFile(path.join(scratch, name), 'utf8')))).join('\n');
}
