import type * as vscode from 'vscode';
import type { Log } from '../../core/ports/environment.ts';

/** The log in an output channel of the editor. */
export class ChannelLog implements Log {
  readonly #channel: vscode.LogOutputChannel;

  constructor(channel: vscode.LogOutputChannel) {
    this.#channel = channel;
  }

  debug(message: string): void {
    this.#channel.debug(message);
  }

  info(message: string): void {
    this.#channel.info(message);
  }

  warn(message: string): void {
    this.#channel.warn(message);
  }

  error(message: string, cause?: unknown): void {
    const reason = cause instanceof Error ? (cause.stack ?? cause.message) : cause;
    this.#channel.error(reason === undefined ? message : `${message}: ${String(reason)}`);
  }
}
