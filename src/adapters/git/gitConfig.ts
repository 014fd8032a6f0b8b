import type { GitProcess } from './gitProcess.ts';
import { succeed } from './workTree.ts';

/** Git's configuration as it counts in a folder. Section and variable names are lower case; the middle part is as written. */
export class GitConfig {
  readonly #values: ReadonlyMap<string, string>;

  private constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** @throws FirebreakError `noGit`, `gitFailed` when a file of it can't be read */
  static async read(git: GitProcess): Promise<GitConfig> {
    const { stdout } = await succeed(git, ['config', '--null', '--list']);
    const values = new Map<string, string>();
    for (const entry of stdout.toString('utf8').split('\0')) {
      if (entry === '') continue;
      const end = entry.indexOf('\n');
      // A name without a value says true.
      if (end < 0) values.set(entry, 'true');
      else values.set(entry.slice(0, end), entry.slice(end + 1));
    }
    return new GitConfig(values);
  }

  /** The last value, which counts; undefined when there is none or it is empty. */
  get(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  isTrue(name: string): boolean {
    return /^(?:true|yes|on|[1-9]\d*)$/i.test(this.get(name) ?? '');
  }

  /** The remotes that have an address, in the order in which they were made. */
  remotes(): string[] {
    const names = [...this.#values.keys()].map((name) => /^remote\.(.+)\.url$/s.exec(name)?.[1]);
    return names.filter((name) => name !== undefined);
  }
}
