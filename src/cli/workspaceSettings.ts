import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FirebreakError } from '../core/errors.ts';
import { readCommentedJson } from '../documents/commentedJson.ts';
import type { SyncSettings } from '../services/sync/syncRules.ts';

/**
 * What the team has set for VS Code and holds in a terminal too, from `.vscode/settings.json` of the root folder or the
 * nearest above it within the work tree. Nothing there says where something is sent: that is this machine's alone.
 * @throws FirebreakError `invalidInput` for a file that can't be read, since it may say what stays inside
 */
export async function readWorkspaceSettings(folder: string): Promise<SyncSettings> {
  const file = settingsAbove(folder);
  if (file === undefined) return {};
  let settings: unknown;
  try {
    settings = readCommentedJson(await readFile(file, 'utf8'));
  } catch (error) {
    throw new FirebreakError('invalidInput', `${file} can't be read, and it may say what must not be sent: mend it.`, {
      cause: error,
    });
  }
  if (typeof settings !== 'object' || settings === null) return {};
  const found = new Map<string, unknown>(Object.entries(settings));
  return { exclude: found.get('firebreak.github.exclude'), labels: found.get('firebreak.github.labels') };
}

function settingsAbove(root: string): string | undefined {
  for (let folder = path.resolve(root); ; folder = path.dirname(folder)) {
    const file = path.join(folder, '.vscode', 'settings.json');
    if (existsSync(file)) return file;
    if (existsSync(path.join(folder, '.git')) || path.dirname(folder) === folder) return undefined;
  }
}
