import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const present = new Set<string>();

// A run that is interrupted comes to no `remove`.
process.once('exit', () => {
  if (process.env.FIREBREAK_KEEP) return;
  for (const folder of present) rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
});

/**
 * A temporary folder for one run of a host: its workspace, its server's data, its home for state and temporary files.
 * `FIREBREAK_KEEP=1` keeps it for a look afterwards.
 */
export class Scratch {
  private constructor(readonly folder: string) {
    present.add(folder);
  }

  static async make(name: string): Promise<Scratch> {
    // Short: sockets are made below it, and a socket's path may have about 100 characters.
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), `fb-${name}-`)));
    const scratch = new Scratch(folder);
    for (const part of ['home', 'tmp', 'state', 'config', 'data']) await mkdir(path.join(folder, part));
    await writeFile(
      scratch.path('gitconfig'),
      '[user]\n\tname = Ada Example\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n[commit]\n\tgpgSign = false\n',
    );
    return scratch;
  }

  /** A path below the folder. */
  path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  /**
   * An environment in which nothing of the person who runs the tests shows: no tokens, no git configuration, no state
   * folder, and no home, whose files every shell in a terminal would run first, and to whose history it would write.
   * `extra` is added; an undefined value takes a variable away.
   */
  environment(extra: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
    const env: NodeJS.ProcessEnv = {};
    for (const [name, value] of Object.entries(process.env)) {
      if (!personal.test(name)) env[name] = value;
    }
    const own: Record<string, string | undefined> = {
      HOME: this.path('home'),
      GIT_CONFIG_GLOBAL: this.path('gitconfig'),
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      XDG_STATE_HOME: this.path('state'),
      XDG_CONFIG_HOME: this.path('config'),
      XDG_DATA_HOME: this.path('data'),
      TMPDIR: this.path('tmp'),
      // No gallery: the server asks nobody for extensions.
      EXTENSIONS_GALLERY: '{}',
      ...extra,
    };
    for (const [name, value] of Object.entries(own)) {
      if (value === undefined) delete env[name];
      else env[name] = value;
    }
    return env;
  }

  async remove(): Promise<void> {
    if (process.env.FIREBREAK_KEEP) {
      present.delete(this.folder);
      console.log(`kept: ${this.folder}`);
      return;
    }
    present.delete(this.folder);
    // A process that is just ending may still write its log.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

const personal = /^(npm_|GIT_|VSCODE_|ELECTRON_|FIREBREAK_|GITHUB_|GH_|NODE_OPTIONS$|TSX_|MOCHA)/;
