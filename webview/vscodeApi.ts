import type { FromWebview } from '../src/protocol/timelineMessages.ts';

/** What VS Code gives a webview. It may be asked for once. */
interface VsCodeApi {
  postMessage(message: FromWebview): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export type { VsCodeApi };
export const vscodeApi = (): VsCodeApi => acquireVsCodeApi();
