import type * as vscode from 'vscode';

/** Tokens for Alertmanagers, each bound to the origin that it was entered for. None is ever written to a file or a log. */
export class AlertTokens {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** @param url a checked address */
  async find(url: string): Promise<string | undefined> {
    return (await this.#secrets.get(keyOf(url))) || undefined;
  }

  async set(url: string, token: string): Promise<void> {
    await this.#secrets.store(keyOf(url), token);
  }

  async remove(url: string): Promise<void> {
    await this.#secrets.delete(keyOf(url));
  }
}

function keyOf(url: string): string {
  return `alertmanager-token:${new URL(url).origin}`;
}
