import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Files, git, makeRepository, writeFiles } from '../../host/harness/repository.ts';
import { eventually } from '../harness/eventually.ts';
import { temporaryFolder } from '../harness/temporaryFolder.ts';
import { type DocumentParts, takeApart } from './documents.ts';

/** Ties the git identity of the tests' repositories to a login. */
export const policyOfAda = 'people:\n  - name: Ada Example\n    email: ada@example.com\n    github: ada\n';

export interface IncidentOnDisk extends DocumentParts {
  /** The name of its folder, which is its id. */
  readonly id: string;
  /** Of `incident.md`, from the repository's root. */
  readonly path: string;
  readonly text: string;
}

export interface EventOnDisk extends DocumentParts {
  readonly name: string;
  readonly path: string;
  readonly kind: string;
  readonly text: string;
}

/** The repository of a team that runs a shop; Ada (`@ada`) sits at this clone. What Firebreak wrote is read from disk. */
export class Shop {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * A new repository on branch `main` with these files in one commit.
   * @param name of the folder, for pictures that people see; by default nobody's
   */
  static async open(files: Files = {}, name = ''): Promise<Shop> {
    const folder = path.join(await temporaryFolder(), name);
    await mkdir(folder, { recursive: true });
    await makeRepository(folder, { 'README.md': '# Shop\n', 'incident-policy.yml': policyOfAda, ...files });
    return new Shop(folder);
  }

  /** A folder that is there already, as another clone. */
  static at(folder: string): Shop {
    return new Shop(folder);
  }

  /** Writes files behind the editor's back, as a person with another tool does. */
  async write(files: Files): Promise<void> {
    await writeFiles(this.folder, files);
  }

  async remove(name: string): Promise<void> {
    await rm(this.place(name), { recursive: true });
  }

  read(name: string): Promise<string> {
    return readFile(this.place(name), 'utf8');
  }

  /** Waits until a file's text matches, and returns it: records and events are written before the document shows them. */
  async reads(name: string, wanted: RegExp): Promise<string> {
    let text = '';
    return eventually(`${name} to match ${wanted}`, async () => {
      text = await this.read(name);
      return wanted.test(text) ? text : undefined;
    }).catch((error) => {
      throw new Error(`${error.message}; it was:\n${text}`);
    });
  }

  async bytes(name: string): Promise<Uint8Array> {
    return readFile(this.place(name));
  }

  has(name: string): boolean {
    return existsSync(this.place(name));
  }

  git(...args: string[]): Promise<string> {
    return git(this.folder, ...args);
  }

  /** What `git status` says of the work tree, a line for each file; '' when it is clean. */
  async changes(): Promise<string> {
    return this.git('status', '--porcelain', '--untracked-files=all');
  }

  /** The names of what is in a folder, sorted; none where there is no folder. */
  async names(folder: string): Promise<string[]> {
    const names = await readdir(this.place(folder)).catch(() => []);
    // A file that is being written has a temporary name until it is whole.
    return names.filter((name) => !/^\.firebreak-[0-9a-f]+\.tmp$/.test(name)).sort();
  }

  /** Waits for the incident with this title and the last of its first files, and returns it as it is on disk. */
  async incident(title: string): Promise<IncidentOnDisk> {
    return eventually(`the incident "${title}" on disk`, async () => {
      for (const id of await this.names('incidents')) {
        const name = `incidents/${id}/incident.md`;
        if (!this.has(name)) continue;
        const text = await this.read(name);
        const parts = takeApart(text);
        // The document is written first, its first events after it; a P0's last is the interruption of the sprint.
        const events = await this.names(`incidents/${id}/timeline`);
        const last = text.includes('\nsprint:') ? '-decision-' : '-severity-';
        if (parts.fields.title === title && events.some((event) => event.includes(last))) {
          return { id, path: name, text, ...parts };
        }
      }
      return undefined;
    });
  }

  /** The events of an incident in the order of their ids, which is that of their making. */
  async events(id: string): Promise<EventOnDisk[]> {
    const folder = `incidents/${id}/timeline`;
    const events: EventOnDisk[] = [];
    // A file on its way to its name begins with a dot.
    for (const name of (await this.names(folder)).filter((one) => /^[^.].*\.md$/.test(one))) {
      const text = await this.read(`${folder}/${name}`);
      const parts = takeApart(text);
      events.push({ name, path: `${folder}/${name}`, text, kind: parts.fields.kind ?? '', ...parts });
    }
    return events.sort((left, right) => ((left.fields.id ?? '') < (right.fields.id ?? '') ? -1 : 1));
  }

  /** Waits until an incident has an event that fits, and returns the newest such. */
  async event(id: string, what: string, fits: (event: EventOnDisk) => boolean): Promise<EventOnDisk> {
    return eventually(`an event of ${id}: ${what}`, async () => (await this.events(id)).filter(fits).at(-1));
  }

  /** What was recorded of an item, oldest first. */
  async records(uid: string): Promise<ItemRecordOnDisk[]> {
    const folder = `.firebreak/records/${uid}`;
    const texts = await Promise.all((await this.names(folder)).map((name) => this.read(`${folder}/${name}`)));
    return texts.map((text) => JSON.parse(text));
  }

  private place(name: string): string {
    return path.join(this.folder, ...name.split('/'));
  }
}

export interface ItemRecordOnDisk {
  readonly id: string;
  readonly item: string;
  readonly by: string;
  readonly set: Readonly<Record<string, string>>;
  readonly prev: Readonly<Record<string, string | null>>;
  readonly was: Readonly<Record<string, string>>;
}
