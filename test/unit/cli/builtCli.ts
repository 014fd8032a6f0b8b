import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { assertNoSecrets } from '../../support/secretScan.ts';
import { projectFolder } from '../support/sourceProject.ts';

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Below the folder of the workspace. */
  readonly from?: string;
}

let bundles: Promise<string> | undefined;

/** The bundles of the CLI as they ship, but for their size; built once for all tests. */
export function builtCli(): Promise<string> {
  bundles ??= bundleCli();
  return bundles;
}

async function bundleCli(): Promise<string> {
  const folder = await mkdtemp(path.join(await realpath(tmpdir()), 'firebreak-cli-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({
    absWorkingDir: projectFolder,
    entryPoints: {
      firebreak: 'src/cli/main.ts',
      sync: 'src/services/sync/bundle.ts',
      gitAdapter: 'src/adapters/git/bundle.ts',
      proxyFetch: 'src/adapters/node/proxyFetch.ts',
      githubAdapter: 'src/adapters/github/bundle.ts',
      secrets: 'src/adapters/secrets/bundle.ts',
      messaging: 'src/adapters/messaging/bundle.ts',
      alertmanager: 'src/adapters/alerts/bundle.ts',
    },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
    external: [
      './sync.js',
      './gitAdapter.js',
      './githubAdapter.js',
      './proxyFetch.js',
      './secrets.js',
      './messaging.js',
      './alertmanager.js',
    ],
    alias: { 'js-yaml': path.join(projectFolder, 'scripts/build/noJsYaml.cjs') },
  });
  return path.join(folder, 'firebreak.js');
}

/** A folder on disk, and the command line in it, with nothing of the person who runs the tests in its environment. */
export class CliWorkspace {
  readonly folder: string;
  readonly #home: string;
  readonly #program: string;

  private constructor(folder: string, home: string, program: string) {
    this.folder = folder;
    this.#home = home;
    this.#program = program;
  }

  /** @param git whether it is a repository, whose user is Alice (`@alice` by her e-mail address) */
  static async make(git = true): Promise<CliWorkspace> {
    const program = await builtCli();
    const home = await mkdtemp(path.join(await realpath(tmpdir()), 'firebreak-home-'));
    const folder = path.join(home, 'shop');
    await mkdir(folder);
    const workspace = new CliWorkspace(folder, home, program);
    if (git) {
      await workspace.git('init', '--quiet', '--initial-branch=main');
      await workspace.git('config', 'user.name', 'Alice');
      await workspace.git('config', 'user.email', '7+alice@users.noreply.github.com');
    }
    return workspace;
  }

  /** @throws Error when a token was left anywhere in it, in the person's state included */
  async remove(): Promise<void> {
    try {
      assertNoSecrets(this.#home);
    } finally {
      await rm(this.#home, { recursive: true, force: true });
    }
  }

  async put(file: string, text: string | Uint8Array): Promise<void> {
    const target = path.join(this.folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }

  async git(...words: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('git', words, { cwd: this.folder, env: this.#environment({}) });
    return stdout;
  }

  /** Runs a line in a shell. @throws Error when it fails @returns what it printed */
  async shell(line: string, environment: Readonly<Record<string, string>>): Promise<string> {
    const options = { cwd: this.folder, env: this.#environment(environment) };
    const { stdout } = await promisify(execFile)('sh', ['-c', line], options);
    return stdout;
  }

  run(...words: string[]): Promise<CliRun> {
    return this.runWith({}, ...words);
  }

  runWith(options: CliOptions, ...words: string[]): Promise<CliRun> {
    return this.start(options, ...words).ended;
  }

  /** Runs a command that a test may kill. */
  start(
    { input, environment = {}, from = '.' }: CliOptions,
    ...words: string[]
  ): {
    readonly ended: Promise<CliRun>;
    readonly kill: (signal: NodeJS.Signals) => boolean;
    /** What it has printed so far. */
    readonly printed: () => string;
  } {
    const child = spawn(process.execPath, [this.#program, ...words], {
      cwd: path.join(this.folder, from),
      env: this.#environment(environment),
      stdio: 'pipe',
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    }
    const code = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    return {
      ended: code.then((code) => ({ code, ...texts })),
      kill: (signal) => child.kill(signal),
      printed: () => texts.stdout,
    };
  }

  /** Runs a command that must succeed without a word on stderr. @returns what it printed, without the last line end */
  async text(...words: string[]): Promise<string> {
    const run = await this.run(...words);
    assert.deepEqual([run.code, run.stderr], [0, ''], `firebreak ${words.join(' ')}`);
    assert.ok(run.stdout.endsWith('\n'));
    return run.stdout.slice(0, -1);
  }

  /** Like {@link text}, with `--json`. */
  async json<T>(...words: string[]): Promise<T> {
    return JSON.parse(await this.text(...words, '--json'));
  }

  /** Runs a command that must fail. @returns what it said on stderr */
  async fails(code: 1 | 2, ...words: string[]): Promise<string> {
    const run = await this.run(...words);
    assert.equal(run.code, code, `firebreak ${words.join(' ')}: ${run.stdout}${run.stderr}`);
    assert.equal(run.stdout, '');
    assert.match(run.stderr, /^firebreak: [^\n]+\n$/, 'one sentence');
    return run.stderr.slice('firebreak: '.length, -1);
  }

  #environment(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      HOME: this.#home,
      XDG_STATE_HOME: path.join(this.#home, 'state'),
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: path.join(this.#home, 'gitconfig'),
      TZ: 'UTC',
      LANG: 'C.UTF-8',
      ...more,
    };
  }
}
