import path from 'node:path';
import { GuardedProcess } from '../lib/guardedProcess.ts';

const startTimeoutMs = 60_000;

/** The demo's GitHub: the tests' fake, with a few issues in it. */
export interface DemoGitHub {
  process: GuardedProcess;
  /** Base of the API, and the origin that the token is bound to. */
  url: string;
  /** Where a browser shows its issues. */
  htmlUrl: string;
  token: string;
  repository: string;
}

/**
 * Starts the demo GitHub on a loopback port and waits until it answers.
 * @throws Error with its output when it does not come up
 */
export async function startDemoGitHub(root: string, port: number): Promise<DemoGitHub> {
  const token = 'demo-token';
  const repository = 'acme/shop';
  const serve = path.join(root, 'test/github/serve.ts');
  const args = ['--import', 'tsx', serve, '--port', String(port), '--repo', repository, '--token', token];
  const server = await GuardedProcess.start('The demo GitHub', process.execPath, args, { cwd: root, env: process.env });
  try {
    const [line] = await server.waitForOutput(/^\{.*"url".*\}$/m, startTimeoutMs);
    const { url, htmlUrl } = JSON.parse(line);
    return { process: server, url, htmlUrl, token, repository };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
