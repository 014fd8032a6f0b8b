import { randomBytes } from 'node:crypto';
import type * as vscode from 'vscode';
import { NodeFiles } from '../../../../src/adapters/node/nodeFiles.ts';
import { defaultUserStateFolder, openPrivateState, originOf } from '../../../../src/adapters/node/privateState.ts';
import { folderWatching } from '../../../../src/adapters/node/watchFolder.ts';
import { WorkspaceFiles } from '../../../../src/adapters/vscode/workspaceFiles.ts';
import type { Incident } from '../../../../src/core/item.ts';
import { silentLog } from '../../../../src/core/ports/environment.ts';
import { declareIncident } from '../../../../src/services/declareIncident.ts';
import { openSession, type Session } from '../../../../src/services/session.ts';
import type { RootPorts } from '../../../../src/ui/session/openRoot.ts';
import { shopUri } from './shop.ts';

/** The ports that the extension wires, without git: files as the editor sees them, and the clone's private state. */
export async function portsHere(root: vscode.Uri = shopUri()): Promise<RootPorts> {
  const state = await openPrivateState(root.fsPath, defaultUserStateFolder());
  return {
    files: new WorkspaceFiles(new NodeFiles(root.fsPath), root),
    privateFiles: state.files,
    origin: await originOf(state),
    now: Date.now,
    random: () => randomBytes(4).readUInt32BE() / 2 ** 32,
    log: silentLog,
    git: async () => undefined,
    fallbackAuthor: 'Ada Example',
    watchFolder: folderWatching(root.fsPath),
  };
}

/** A session beside the extension's, as another window of the same folder has one. */
export async function sessionHere(): Promise<Session> {
  const session = openSession(await portsHere());
  await session.index.load();
  return session;
}

/** Declares an incident as another window of the same folder does; by default nobody leads it yet. */
export async function declareElsewhere(title: string, more: { commander?: string } = {}): Promise<Incident> {
  const session = await sessionHere();
  return declareIncident(session.context, { title, severity: 'P0', criteria: ['production-down'], ...more });
}
