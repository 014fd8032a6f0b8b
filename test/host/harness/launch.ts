import type { Scratch } from '../../../scripts/host/scratch.ts';
import type { Opened } from '../../../scripts/host/workbenchUrl.ts';
import type { HostSuite } from './suite.ts';

/** One start of VS Code with the tests in it. */
export interface Launch {
  suite: HostSuite;
  opened: Opened;
  scratch: Scratch;
  /** The folder of the extension under test. */
  extension: string;
  /** The bundle of the tests. */
  testModule: string;
  env: NodeJS.ProcessEnv;
  /** Takes one line of what the tests print. */
  print: (line: string) => void;
}

/** A way of running VS Code: the desktop program, or the server with a browser. */
export interface TestHost {
  /** Starts VS Code, waits until the tests are over, ends it. Returns the exit status that VS Code gave them. */
  run(launch: Launch, signal: AbortSignal): Promise<number>;
  close(): Promise<void>;
}
