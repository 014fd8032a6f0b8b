import * as vscode from 'vscode';
import { settings } from '../settings.ts';

export interface RootFolder {
  readonly folder: vscode.WorkspaceFolder;
  /** The folder that holds `backlog/` and `incidents/`. */
  readonly uri: vscode.Uri;
  /** What the setting `firebreak.root` says, where it leads out of the folder and so is not followed. */
  readonly refusedSetting: string | undefined;
}

const marks = ['incidents', 'backlog', '.firebreak', 'incident-policy.yml'];

/**
 * The one root that Firebreak works in: the workspace folder that the user chose, else the first that holds Firebreak's
 * files, else the first. Folders that are not on a disk don't count.
 * @param chosen the URI of the workspace folder that the user chose in a workspace of several
 */
export async function findRootFolder(chosen: string | undefined): Promise<RootFolder | undefined> {
  const candidates = (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === 'file')
    .map((folder) => ({ folder, ...rootIn(folder) }));
  const preferred = candidates.find((candidate) => candidate.folder.uri.toString() === chosen);
  if (preferred) return preferred;
  if (candidates.length > 1) {
    for (const candidate of candidates) {
      if (await holdsFirebreakFiles(candidate.uri)) return candidate;
    }
  }
  return candidates[0];
}

function rootIn(folder: vscode.WorkspaceFolder): Pick<RootFolder, 'uri' | 'refusedSetting'> {
  const setting = settings.root(folder.uri);
  const parts = setting.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
  // The setting may come from the workspace: it must not lead out of it.
  const leadsOut = parts.includes('..') || /^(?:[\\/~]|[a-z]:)/i.test(setting);
  return leadsOut
    ? { uri: folder.uri, refusedSetting: setting }
    : { uri: vscode.Uri.joinPath(folder.uri, ...parts), refusedSetting: undefined };
}

/** Whether something of Firebreak's is in a folder. */
export async function holdsFirebreakFiles(uri: vscode.Uri): Promise<boolean> {
  const found = await Promise.all(
    marks.map((mark) =>
      vscode.workspace.fs.stat(vscode.Uri.joinPath(uri, mark)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
