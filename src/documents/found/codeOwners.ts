/** The people and teams that a CODEOWNERS file names, as they are written (`@alice`, `@acme/sre`), each once. */
export function readCodeOwners(source: string): string[] {
  const owners = new Set<string>();
  for (const line of source.split(/\r?\n/)) {
    const [, ...names] = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    for (const name of names) if (/^@[\w-]+(?:\/[\w.-]+)?$/.test(name)) owners.add(name);
  }
  return [...owners];
}
