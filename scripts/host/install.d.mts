/** Where the VS Code server host is. */
export interface ServerHost {
  folder: string;
  /** The VS Code version, as `1.139.1`. */
  version: string;
  /** The Node binary to run it with. */
  node: string;
  /** The script that is the server. */
  serverMain: string;
}
export function installedHost(): ServerHost | undefined;
export function ensureHost(options?: { say?: (line: string) => void; reinstall?: boolean }): Promise<ServerHost>;
