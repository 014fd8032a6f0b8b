/** What a window shows: a folder, a `.code-workspace` file, or nothing. Absolute paths. */
export type Opened = { folder: string } | { workspaceFile: string } | { nothing: true };

export interface WorkbenchUrlOptions {
  /** A folder whose extension runs as the one under development. */
  extensionDevelopmentPath?: string;
  /** A module with `run()`, executed in the extension host. Needs `extensionDevelopmentPath`. */
  extensionTestsPath?: string;
}

/**
 * The address of a window of the VS Code server on `port`. The payload is read only by a server that was started for
 * automation. Remote URIs must name the authority exactly as the page's address does: localhost, not 127.0.0.1.
 */
export function workbenchUrl(port: number, opened: Opened, options: WorkbenchUrlOptions = {}): string {
  const remote = (file: string) => `vscode-remote://localhost:${port}${encodeURI(file)}`;
  const url = new URL(`http://localhost:${port}/`);
  if ('folder' in opened) url.searchParams.set('folder', opened.folder);
  else if ('workspaceFile' in opened) url.searchParams.set('workspace', opened.workspaceFile);
  else url.searchParams.set('ew', 'true');
  const payload: [string, string][] = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  if (options.extensionDevelopmentPath)
    payload.push(['extensionDevelopmentPath', remote(options.extensionDevelopmentPath)]);
  if (options.extensionTestsPath) payload.push(['extensionTestsPath', remote(options.extensionTestsPath)]);
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.toString();
}
