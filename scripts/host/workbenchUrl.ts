/** What a window shows: a folder, a `.code-workspace` file, or nothing. Absolute paths. */
export type Opened = { folder: string } | { workspaceFile: string } | { nothing: true };

/** Tests for the window to run in its extension host. */
export interface TestPayload {
  /** The folder of the extension that runs as the one under development. */
  extensionDevelopmentPath: string;
  /** A module with `run()`. */
  extensionTestsPath: string;
}

/**
 * The address of a window of the VS Code server on `port`. Tests are run only by a server that was started for
 * automation.
 */
export function workbenchUrl(port: number, opened: Opened, tests?: TestPayload): string {
  const url = new URL(`http://localhost:${port}/`);
  if ('folder' in opened) url.searchParams.set('folder', opened.folder);
  else if ('workspaceFile' in opened) url.searchParams.set('workspace', opened.workspaceFile);
  else url.searchParams.set('ew', 'true');
  if (tests) {
    // Remote URIs must name the authority exactly as the page's address does: localhost, not 127.0.0.1.
    const remote = (file: string) => `vscode-remote://localhost:${port}${encodeURI(file)}`;
    const payload: [string, string][] = [
      ['extensionDevelopmentPath', remote(tests.extensionDevelopmentPath)],
      ['extensionTestsPath', remote(tests.extensionTestsPath)],
      ['skipWelcome', 'true'],
      ['skipReleaseNotes', 'true'],
    ];
    url.searchParams.set('payload', JSON.stringify(payload));
  }
  return url.toString();
}
