import { Option } from 'commander';
import type { IsWithheld } from '../services/exits.ts';
import { excludedAnywhere } from '../services/sync/excludedAnywhere.ts';
import { readSyncRules } from '../services/sync/syncRules.ts';
import type { CliSession } from './cli.ts';

/** As `sync` has it: what is kept from GitHub is kept from everybody. */
export function excludeOption(): Option {
  return new Option(
    '--exclude <pattern>',
    'send nothing of items at such paths; again for more (beside "firebreak.github.exclude" in .vscode/settings.json)',
  ).argParser((pattern: string, before: readonly string[] | undefined) => [...(before ?? []), pattern]);
}

/** What stays inside: as the team has set, and the command line says beside. @throws FirebreakError `invalidInput` */
export async function exitRules(
  session: Pick<CliSession, 'workspaceSettings'>,
  excluded: readonly string[] | undefined,
): Promise<() => IsWithheld> {
  const team = await session.workspaceSettings();
  const { isWithheld } = readSyncRules({ ...team, exclude: excludedAnywhere(team.exclude, excluded) });
  return () => isWithheld;
}
