import { authorName } from '../core/people.ts';
import { FileError, type Files } from '../core/ports/files.ts';
import type { Git } from '../core/ports/git.ts';
import { roles } from '../core/role.ts';
import { decodeText } from '../documents/decodeText.ts';
import { readCodeOwners } from '../documents/found/codeOwners.ts';
import type { WorkspaceIndex } from '../store/workspaceIndex.ts';

/** More are no list to choose from. */
const mostAuthors = 50;

export interface PeopleSources {
  readonly index: WorkspaceIndex;
  readonly files: Files;
  readonly git: () => Promise<Git | undefined>;
}

/**
 * People to offer, as they are written: me, the policy's, whoever owns or leads something here, whom CODEOWNERS names, and who
 * committed lately. What can't be asked is left out.
 */
export async function knownPeople({ index, files, git }: PeopleSources, me: string): Promise<string[]> {
  const people = new Set<string>([me]);
  const policy = index.policy();
  for (const person of policy.people) {
    const written = person.github ? `@${person.github}` : person.name;
    if (written) people.add(written);
  }
  for (const item of index.items()) {
    if (item.owner) people.add(item.owner);
    for (const role of roles) {
      const who = item.incident?.roles[role];
      if (who) people.add(who);
    }
  }
  for (const owner of readCodeOwners(await codeOwners(files))) people.add(owner);
  const authors = await authorsOf(git);
  for (const author of authors.slice(0, mostAuthors)) people.add(authorName(author, policy.people));
  return [...people];
}

/** Where GitHub looks for it, in that order. */
async function codeOwners(files: Files): Promise<string> {
  for (const path of ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']) {
    try {
      const decoded = decodeText(await files.read(path));
      return 'text' in decoded ? decoded.text : '';
    } catch (error) {
      if (!FileError.is(error)) throw error;
    }
  }
  return '';
}

async function authorsOf(git: PeopleSources['git']) {
  try {
    return (await (await git())?.authors()) ?? [];
  } catch {
    // Whoever can't be listed can still be typed.
    return [];
  }
}
