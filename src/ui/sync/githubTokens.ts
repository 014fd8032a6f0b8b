import * as vscode from 'vscode';
import { githubApiUrl } from '../../core/apiAddress.ts';
import type { Log } from '../../core/ports/environment.ts';

/** A token that the environment of this machine gives, and the one origin that it may be sent to. */
export interface EnvironmentToken {
  readonly token: string;
  readonly origin: string;
}

/**
 * Tokens for the GitHub API. Each is bound to the origin that it was entered for; VS Code's own GitHub session goes to
 * github.com's API alone. None is ever written to a file or a log.
 */
export class GitHubTokens {
  readonly #secrets: vscode.SecretStorage;
  readonly #environment: EnvironmentToken | undefined;
  readonly #log: Log;

  constructor(secrets: vscode.SecretStorage, environment: EnvironmentToken | undefined, log: Log) {
    this.#secrets = secrets;
    this.#environment = environment;
    this.#log = log;
  }

  /**
   * @param apiUrl a checked address
   * @param ask whether the user clicked something and may be asked to sign in
   */
  async find(apiUrl: string, ask: boolean): Promise<string | undefined> {
    const { origin } = new URL(apiUrl);
    const entered = await this.#secrets.get(keyOf(origin));
    if (entered) return entered;
    if (this.#environment?.origin === origin) return this.#environment.token;
    if (apiUrl !== githubApiUrl) return undefined;
    try {
      const options = ask ? { createIfNone: true } : { silent: true };
      return (await vscode.authentication.getSession('github', ['repo'], options))?.accessToken;
    } catch (error) {
      // The user declined, or nobody here can sign in to GitHub: then there is no token, and that is what is said.
      this.#log.info(`No sign-in to GitHub: ${String(error)}`);
      return undefined;
    }
  }

  async set(apiUrl: string, token: string): Promise<void> {
    await this.#secrets.store(keyOf(new URL(apiUrl).origin), token);
  }

  async remove(apiUrl: string): Promise<void> {
    await this.#secrets.delete(keyOf(new URL(apiUrl).origin));
  }
}

function keyOf(origin: string): string {
  return `github-token:${origin}`;
}
