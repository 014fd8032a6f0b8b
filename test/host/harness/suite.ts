import type { Opened } from '../../../scripts/host/workbenchUrl.ts';

/** One start of VS Code: what it opens, and with which settings. Its tests are the files of the folder of its name. */
export interface HostSuite {
  /** The name of a folder below `test/host`. */
  name: string;
  /**
   * Makes what the window opens, below `folder`, a new and empty temporary folder.
   * Tests find it through `vscode.workspace`.
   */
  open(folder: string): Promise<Opened>;
  /** False: VS Code asks for trust, so the workspace is in Restricted Mode. Default true. */
  trusted?: boolean;
  userSettings?: Record<string, unknown>;
  /** Settings of scope `machine`: only a remote host keeps them apart from the user's. */
  machineSettings?: Record<string, unknown>;
  /** Added to the extension host's environment. */
  env?: Record<string, string>;
  /** How long the whole launch may take. Default 240 s. */
  timeoutMs?: number;
}
